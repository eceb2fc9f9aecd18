import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup } from "../shells/start-program.ts";

const service = (name: string, more = ""): string => `  - type: worker
    name: ${name}
    runtime: node
    plan: starter
    repo: https://github.com/acme/shop
    buildCommand: npm ci
    startCommand: npm start
    envVars:
${more}      - { key: LOG_LEVEL, value: info }
`;
const first = `services:\n${service("api")}`;
const twice = "      - { key: LOG_LEVEL, value: silent }\n";
const second = `services:\n${service("api", twice)}${service("worker")}databases:\n  - { name: main, plan: basic-256mb }\n`;

type Recipe = {
  readonly args: readonly string[];
  readonly filter: readonly string[];
  readonly shows: string;
};

/** `trueup plan --json | jq -r '...'`, and the block of text below it. */
async function readRecipes(): Promise<readonly Recipe[]> {
  const page = await readFile("docs/reference/json.md", "utf8");
  const blocks = page.matchAll(
    /```sh\ntrueup ([^|]+) \| jq (-\S+ )?'([^']+)'\n```\n\n```text\n([^]*?)```\n/gu,
  );
  return [...blocks].map(([, args = "", flag = "", filter = "", shows = ""]) => ({
    args: args.split(" "),
    filter: [...flag.split(" ").filter(Boolean), filter],
    shows,
  }));
}

/** No dependency: what most machines have, and people who need recipes for it. */
const jq = "jq";
const hasJq = spawnSync(jq, ["--version"]).status === 0;
let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  simulator = await startSimulator({ switches: { datastoreMs: 0 } });
  await writeFile(join(folder, "trueup.yaml"), first);
  await runTrueup(["apply", "--yes"], { folder, env: simulator.env });
  const listed = await runTrueup(["state", "list", "--json"], { folder, env: simulator.env });
  const { resources } = JSON.parse(listed.stdout) as {
    readonly resources: readonly { readonly id: string }[];
  };
  const body = { value: "debug" };
  const edit = { method: "PUT", path: `/services/${resources[0]?.id}/env-vars/LOG_LEVEL`, body };
  await fetch(`${simulator.control}/edit`, { method: "POST", body: JSON.stringify(edit) });
  await writeFile(join(folder, "trueup.yaml"), second);
}, 300_000);

afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

test("every block of the page is a recipe that is tried", async () => {
  const page = await readFile("docs/reference/json.md", "utf8");
  const recipes = await readRecipes();
  expect(recipes.length).toBeGreaterThan(8);
  expect(recipes).toHaveLength(page.match(/```sh\n/gu)?.length ?? 0);
});

// Without jq on the machine there is nothing to try them with.
test.skipIf(!hasJq)(
  "each recipe for jq prints what the page says",
  async () => {
    const documents = new Map<string, string>();
    for (const { args, filter, shows } of await readRecipes()) {
      const words = args.join(" ");
      const known = documents.get(words);
      const stdout = known ?? (await runTrueup(args, { folder, env: simulator.env })).stdout;
      documents.set(words, stdout);
      const told = spawnSync(jq, filter, { input: stdout, encoding: "utf8" });
      expect({ words, filter, shows: told.stdout, error: told.stderr }).toEqual({
        words,
        filter,
        shows,
        error: "",
      });
    }
  },
  300_000,
);
