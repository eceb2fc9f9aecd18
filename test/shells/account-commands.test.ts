import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup, type Ended } from "./start-program.ts";

let folder: string;
let simulator: Simulator;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  simulator = await startSimulator({ services: 3, seed: 5, switches: { datastoreMs: 0 } });
});

afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

function trueup(...args: readonly string[]): Promise<Ended> {
  return runTrueup(args, { folder, env: simulator.env });
}

test("from a live account to an empty plan: init --from-live, apply --adopt, state, graph, doctor, whoami", async () => {
  expect(await trueup("init", "--from-live")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Wrote trueup\.yaml with \d+ resources/) as string,
  });
  expect(await trueup("init", "--from-live")).toMatchObject({ code: 1, stdout: "" });
  expect(await trueup("apply", "--yes", "--adopt")).toMatchObject({ code: 0 });
  expect(await trueup("plan")).toMatchObject({ code: 0 });
  const list = JSON.parse((await trueup("state", "list", "--json")).stdout) as {
    readonly resources: readonly { readonly address: string }[];
  };
  const { address } = list.resources.find((one) => one.address.startsWith("render/service/"))!;
  expect((await trueup("state", "show", address)).stdout).toContain("last applied");
  expect((await trueup("graph", "--format", "svg")).stdout).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect(await trueup("state", "forget", address)).toMatchObject({ code: 0, stderr: "" });
  expect((await trueup("plan", "--json")).stdout).toContain('"adopt"');
  expect(await trueup("doctor")).toMatchObject({ code: 0, stderr: "" });
  expect((await trueup("whoami")).stdout).toContain(simulator.env["RENDER_OWNER_ID"]);
});

test("init --from-live stops before a wait that is longer than --max-wait: exit code 4, and no file", async () => {
  const limited = await startSimulator({ faults: "429@GET /services" });
  try {
    const args = ["init", "--from-live", "--max-wait", "0s"];
    const ended = await runTrueup(args, { folder, env: limited.env });
    expect(ended.stderr).toContain("wait-too-long");
    expect(ended.code).toBe(4);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await limited.close();
  }
});

test("export prints the file, or writes it where there is none", async () => {
  const printed = await trueup("export", "--quiet");
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect((await trueup("export", "--out", "live.yaml")).code).toBe(0);
  expect(await readFile(join(folder, "live.yaml"), "utf8")).toBe(printed.stdout);
  expect((await trueup("export", "--out", "live.yaml")).code).toBe(1);
  expect(JSON.parse((await trueup("export", "--json")).stdout)).toMatchObject({
    formatVersion: "1.0",
    text: printed.stdout,
  });
});

test("--overlay changes the file for every command, and its mistakes are shown in it", async () => {
  await writeFile(join(folder, "trueup.yaml"), "databases: [{ name: main, plan: basic-256mb }]\n");
  await writeFile(join(folder, "big.yaml"), "- { op: replace, path: /databases/0/plan, value: pro-4gb }\n");
  expect(await trueup("validate", "--overlay", "big.yaml")).toMatchObject({
    code: 0,
    stdout: "trueup.yaml, big.yaml declare 1 resource.\n",
  });
  expect((await trueup("plan", "--overlay", "big.yaml")).stdout).toContain("pro-4gb");
  await writeFile(join(folder, "wrong.yaml"), "- { op: replace, path: /databases/1/plan, value: pro-4gb }\n");
  const wrong = await trueup("plan", "--overlay", "big.yaml", "--overlay", "wrong.yaml");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain("wrong.yaml:1:");
  expect((await trueup("plan", "--overlay", "none.yaml")).stderr).toContain("--overlay");
});

test("usage is told: an address that is none, and nothing to adopt", async () => {
  await writeFile(join(folder, "trueup.yaml"), "databases: []\n");
  expect((await trueup("state", "show", "api")).stderr).toContain("render/service/api");
  expect(await trueup("state", "adopt")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("--from-terraform") as string,
  });
  expect(await trueup("state", "unlock")).toMatchObject({ code: 0, stdout: "The state was not locked.\n" });
});
