import { resolve } from "node:path";
import { problem, ProblemError } from "../core/base/problem.ts";
import { defaultFiles } from "../file/base/find.ts";
import type { Deps } from "./base/deps.ts";

/** A file to be written by the shell; it was not there when the command looked. */
export type NewFile = { readonly name: string; readonly text: string };

/**
 * An empty file whose comments teach, or what `makeText` answers with: the live account, for `--from-live`. Refuses to write
 * over anything, and beside a file that would be read instead, before anything else is done.
 */
export async function runInit(
  input: { readonly file?: string },
  deps: Pick<Deps, "folder" | "readFile">,
  makeText: () => Promise<string> = async () => firstFile,
): Promise<NewFile> {
  const name = input.file ?? defaultFiles[0];
  const taken = input.file === undefined ? defaultFiles : [input.file];
  for (const candidate of taken) {
    if ((await deps.readFile(resolve(deps.folder, candidate))) === undefined) continue;
    throw new ProblemError([
      problem(
        "error",
        "file-exists",
        `${candidate} is already here, and every render.yaml is a trueup file.`,
        candidate === name
          ? "Run `trueup plan`."
          : `Run \`trueup plan\`, or \`trueup init --file ${name}\` to start another.`,
      ),
    ]);
  }
  return { name, text: await makeText() };
}

const firstFile = `# What this Render workspace should look like. Render's own render.yaml is the same format.
#
#   trueup validate    checks this file, without a network
#   trueup plan        shows what differs, and changes nothing
#   trueup apply       makes it equal, after you type yes
#
# What is not written here stays as it is. Entries that were here and are taken out are deleted.
#
# For completion in an editor: trueup schema > trueup.schema.json, and as the first line of this file
#   yaml-language-server: $schema=trueup.schema.json

# workspace: Acme                 # name or id; not needed while your key reaches only one

services: []
# services:
#   - type: web                   # web, pserv (private), worker or cron; static sites are web too
#     name: api                   # the name is what Render and trueup know it by
#     runtime: node
#     plan: starter
#     region: frankfurt
#     repo: https://github.com/acme/api
#     branch: main
#     buildCommand: npm ci
#     startCommand: npm start
#     healthCheckPath: /healthz
#     envVars:
#       - key: NODE_ENV
#         value: production
#       - key: DATABASE_URL       # always the one of the database below, also when it changes
#         fromDatabase:
#           name: main
#           property: connectionString
#       - key: SESSION_SECRET     # made once, at random
#         generateValue: true
#       - key: STRIPE_KEY         # typed in at apply, never stored
#         sync: false
#     lifecycle:
#       protect: true             # no plan may delete it

databases: []
# databases:
#   - name: main
#     plan: basic-256mb
#     region: frankfurt
#     postgresMajorVersion: "18"  # quoted: it is a text
#     ipAllowList: []             # nobody from outside
`;
