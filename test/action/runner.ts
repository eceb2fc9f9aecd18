import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/start.ts";
import { GithubStandIn } from "../github/stand-in.ts";
import { makeRepository, type Repository } from "../store/repository.ts";

/** The bundle, as `npm run build` makes it. */
const bundle = fileURLToPath(new URL("../../dist/action/index.mjs", import.meta.url));

/** What a job left behind. `outputs`: by name; `commands`: the workflow commands of its log, as they stand there. */
export type Job = {
  readonly code: number | null;
  readonly log: string;
  readonly commands: readonly string[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
};

type JobOptions = {
  readonly event: string;
  readonly payload?: unknown;
  readonly inputs?: { readonly [name: string]: string };
  readonly sha?: string;
  readonly env?: { readonly [name: string]: string };
  /** A branch or commit of the remote; default: `main`. */
  readonly at?: string;
  /** Called with each piece of the log, to act on what the job says. */
  readonly onLog?: (text: string, child: ChildProcess) => void;
};

/** A repository with its remote, GitHub, and the accounts: a world in which jobs run one after another. */
export type Runner = {
  readonly repository: Repository;
  readonly github: GithubStandIn;
  readonly simulator: Simulator;
  /** Commits a text as trueup.yaml on a branch that begins at main, and pushes it; the commit's id. */
  push(branch: string, text: string, path?: string): Promise<string>;
  /** Merges pull request 7 by squash: another commit on main, with the text of the pull request; that commit's id. */
  merge(head: string, text: string): Promise<string>;
  run(options: JobOptions): Promise<Job>;
  close(): Promise<void>;
};

export async function startRunner(options: SimulatorOptions = { limits: "off" }): Promise<Runner> {
  const [repository, github, simulator] = await Promise.all([
    makeRepository(),
    GithubStandIn.start(),
    startSimulator(options),
  ]);
  const work = await repository.clone();
  let jobs = 0;
  const runner: Runner = {
    repository,
    github,
    simulator,
    async merge(head, text) {
      const commit = await runner.push("main", text);
      github.pulls.push({
        number: 7,
        state: "closed",
        head: { sha: head },
        base: { sha: "b".repeat(40), ref: "main" },
        merged_at: "2026-11-29T10:00:00Z",
        merge_commit_sha: commit,
        commits: [commit],
      });
      return commit;
    },
    async push(branch, text, path = "trueup.yaml") {
      await repository.git(work, "fetch", "--quiet", "origin");
      const known = (await repository.git(work, "branch", "--remotes")).includes(`origin/${branch}\n`);
      await repository.git(
        work,
        "checkout",
        "--quiet",
        "-B",
        branch,
        known ? `origin/${branch}` : "origin/main",
      );
      await writeFile(join(work, path), text);
      await repository.git(work, "add", "--all");
      await repository.git(work, "commit", "--quiet", "-m", `change ${branch}`);
      await repository.git(work, "push", "--quiet", "origin", branch);
      return (await repository.git(work, "rev-parse", "HEAD")).trim();
    },
    async run({ event, payload = {}, inputs = {}, sha = "", env = {}, at = "main", onLog }) {
      const folder = join(repository.folder, `job-${(jobs += 1)}`);
      const workspace = join(folder, "workspace");
      await mkdir(join(folder, "temp"), { recursive: true });
      await repository.git(folder, "clone", "--quiet", repository.remote, workspace);
      await repository.git(
        workspace,
        "checkout",
        "--quiet",
        "--detach",
        at.length === 40 ? at : `origin/${at}`,
      );
      const files = {
        event: join(folder, "event.json"),
        output: join(folder, "output"),
        summary: join(folder, "summary.md"),
      };
      await writeFile(files.event, JSON.stringify(payload));
      await Promise.all([writeFile(files.output, ""), writeFile(files.summary, "")]);
      const given = Object.entries({ "github-token": "gh-token-1234", ...inputs });
      const variables = {
        PATH: process.env["PATH"] ?? "",
        HOME: folder,
        LANG: "C.UTF-8",
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: event,
        GITHUB_EVENT_PATH: files.event,
        GITHUB_SHA: sha,
        GITHUB_REPOSITORY: "acme/infra",
        GITHUB_SERVER_URL: "https://github.test",
        GITHUB_API_URL: github.url,
        GITHUB_RUN_ID: "42",
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: files.output,
        GITHUB_STEP_SUMMARY: files.summary,
        RUNNER_TEMP: join(folder, "temp"),
        TRUEUP_STATE_KEY: "0123456789abcdef".repeat(4),
        ...simulator.env,
        ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
        ...env,
      };
      const { code, log } = await runBundle(variables, workspace, onLog);
      return {
        code,
        log,
        commands: log.split("\n").filter((line) => line.startsWith("::")),
        outputs: readOutputs(await readFile(files.output, "utf8")),
        summary: await readFile(files.summary, "utf8"),
      };
    },
    async close() {
      await Promise.all([repository.close(), github.close(), simulator.close()]);
    },
  };
  return runner;
}

function runBundle(
  env: { readonly [name: string]: string },
  cwd: string,
  onLog?: JobOptions["onLog"],
): Promise<{ code: number | null; log: string }> {
  const child = spawn(process.execPath, [bundle], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      onLog?.(text, child);
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, log }));
  });
}

/** As the runner reads that file: `name<<mark`, lines, the mark again. */
function readOutputs(text: string): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const [, name = "", , value = ""] of text.matchAll(/^(\S+?)<<(\S+)\n([\s\S]*?)\n\2$/gmu))
    outputs.set(name, value);
  return outputs;
}

/** The event of a pull request, as GitHub sends it, with the members that matter. */
export function pullRequest(
  number: number,
  head: string,
  more: { readonly fork?: true; readonly base?: string } = {},
) {
  const repo = { id: 1, full_name: "acme/infra" };
  return {
    action: "synchronize",
    number,
    pull_request: {
      number,
      head: { sha: head, ref: "feature", repo: more.fork ? { id: 2, full_name: "mallory/infra" } : repo },
      base: { sha: more.base ?? "b".repeat(40), ref: "main", repo },
    },
  };
}
