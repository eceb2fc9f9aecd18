import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup, type Ended } from "../shells/start-program.ts";

const worker = (more = ""): string =>
  `  - {type: worker, name: jobs, runtime: node, plan: starter, repo: https://github.com/acme/app, buildCommand: "true", startCommand: "true"${more}}\n`;
const file = `services:\n${worker()}`;

let folder: string;
let simulator: Simulator;
let requests: RequestLine[];

beforeEach(async () => {
  requests = [];
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  simulator = await startSimulator({
    switches: { datastoreMs: 0 },
    limits: "off",
    onRequest: (line) => requests.push(line),
  });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

async function trueup(
  text: string,
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<Ended> {
  await writeFile(join(folder, "trueup.yaml"), text);
  return runTrueup(args, { folder, env: { ...simulator.env, ...env } });
}

async function setFaults(faults: string): Promise<void> {
  await fetch(`${simulator.control}/faults`, { method: "POST", body: JSON.stringify({ faults }) });
}

async function createPostgres(): Promise<void> {
  const body = {
    name: "main",
    ownerId: simulator.env["RENDER_OWNER_ID"],
    plan: "basic_256mb",
    version: "18",
  };
  await fetch(`${simulator.control}/edit`, {
    method: "POST",
    body: JSON.stringify({ method: "POST", path: "/postgres", body }),
  });
}

/** Nothing was written: neither to the account nor beside the file. */
async function expectNothingWritten(): Promise<void> {
  expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
  await expect(access(join(folder, "state/default/inventory.json"))).rejects.toThrow("ENOENT");
}

type Failure = {
  readonly name: string;
  readonly text?: string;
  readonly env?: { readonly [name: string]: string };
  readonly prepare?: () => Promise<void>;
  readonly code: number;
  readonly says: string;
};

const failures: readonly Failure[] = [
  {
    name: "a key that is refused",
    env: { RENDER_API_KEY: "rnd_wrong" },
    code: 1,
    says: "GET /services answered 401: unauthorized.",
  },
  {
    name: "a page that is cut off",
    prepare: () => setFaults("truncated-json@GET /services"),
    code: 1,
    says: "GET /services answered 200 with application/json; charset=utf-8 instead of JSON.",
  },
  {
    name: "a host that is down",
    env: { RENDER_HOST: "http://127.0.0.1:9/v1" },
    code: 1,
    says: "RENDER_HOST (http://127.0.0.1:9) gave no usable answer: ECONNREFUSED.",
  },
  {
    name: "plain http to another machine",
    env: { RENDER_HOST: "http://render.test/v1" },
    code: 1,
    says: "RENDER_HOST is plain http to render.test: the API key would cross the network in clear.",
  },
  {
    name: "a variable that is missing",
    text: `services:\n${worker(", envVars: [{key: TOKEN, fromEnvironment: SHOP_TOKEN}]")}`,
    code: 1,
    says: "takes its value from the environment variable SHOP_TOKEN, which is not set.",
  },
  {
    name: "two live objects of one name",
    text: 'databases:\n  - {name: main, plan: basic-256mb, postgresMajorVersion: "18"}\n',
    prepare: async () => {
      await createPostgres();
      await createPostgres();
    },
    code: 3,
    says: "There are 2 objects of kind Postgres database named main:",
  },
  {
    name: "an adoption that nobody looked at",
    text: 'databases:\n  - {name: main, plan: basic-256mb, postgresMajorVersion: "18"}\n',
    prepare: createPostgres,
    code: 3,
    says: "Look at the plan, then run again with --adopt.",
  },
];

describe("an apply that cannot go ahead says why, exits as it should, and writes nothing", () => {
  test.each(failures)("$name", async ({ text = file, env = {}, prepare, code, says }) => {
    await prepare?.();
    const told = await trueup(text, ["apply", "--yes"], env);
    expect((told.stdout + told.stderr).replaceAll(/\s+/g, " ")).toContain(says);
    expect(told.code).toBe(code);
    requests = requests.filter(({ path }) => !path.startsWith("/control"));
    await expectNothingWritten();
  });
});

test("problems are one JSON document on stdout with --json, and nothing on stderr", async () => {
  const { code, stdout, stderr } = await trueup(file, ["plan", "--json"], { RENDER_API_KEY: "rnd_wrong" });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    formatVersion: "1.0",
    problems: [
      { code: "unauthorized", severity: "error", message: "GET /services answered 401: unauthorized." },
    ],
  });
});

test("plan exits 2 while somebody else's change waits to be reverted, and 0 once it is", async () => {
  expect((await trueup(file, ["apply", "--yes"])).code).toBe(0);
  expect((await trueup(file, ["plan"])).code).toBe(0);
  const service = simulator.account.save().tables["services"]?.[0]?.id;
  await fetch(`${simulator.control}/edit`, {
    method: "POST",
    body: JSON.stringify({
      method: "PATCH",
      path: `/services/${service}`,
      body: { serviceDetails: { envSpecificDetails: { startCommand: "theirs" } } },
    }),
  });
  const drifted = await trueup(file, ["plan"]);
  expect(drifted.code).toBe(2);
  expect(drifted.stdout).toContain("! render/service/jobs");
  expect((await trueup(file, ["apply", "--yes"])).code).toBe(0);
  expect((await trueup(file, ["plan"])).code).toBe(0);
});
