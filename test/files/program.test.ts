import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";
import { runTrueup, type Ended } from "../shells/start-program.ts";
import { commitAll, database, makeGit, workers, type Git } from "./owning.ts";

/** The built program in a repository that git made, as a job of a pipeline runs it. */
let simulator: Simulator;
let folder: string;
let git: Git;

beforeEach(async () => {
  simulator = await startSimulator({ clock: "virtual", limits: "off" });
  folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  git = makeGit(folder);
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", "https://x:ghs_secret@github.com/acme/app.git");
  await writeFile(join(folder, ".gitignore"), "state/\nexports/\n");
});
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}

function run(...args: readonly string[]): Promise<Ended> {
  return runTrueup(args, { folder, env: { ...simulator.env } });
}

function names(table: string): readonly unknown[] {
  const rows = (simulator.save().tables[table] ?? []) as readonly { readonly name?: Json }[];
  return rows.map(({ name }) => name);
}

test("an old job that is started again ends with 3 and the flag that would answer it, and deletes nothing", async () => {
  await write("trueup.yaml", workers("api"));
  const old = await commitAll(git);
  expect((await run("apply", "--yes")).code).toBe(0);
  await write("trueup.yaml", `${workers("api")}${database("main")}`);
  await commitAll(git);
  expect((await run("apply", "--yes")).code).toBe(0);
  await git("checkout", "--quiet", old);
  const words = ["--yes", "--allow-deletes", "1", "--allow-data-loss", "render/postgres/main", "--no-export"];
  const refused = await run("apply", ...words);
  expect(refused.code).toBe(3);
  expect(refused.stdout + refused.stderr).toMatch(/older-commit/);
  expect(refused.stdout + refused.stderr).toMatch(/--allow-older/);
  expect(names("postgres")).toEqual(["main"]);
  expect((await run("apply", ...words, "--allow-older")).code).toBe(0);
  expect(names("postgres")).toEqual([]);
});

test("plan, drift, graph, state list and destroy know the files of the run and no others", async () => {
  await write("a.yaml", `${workers("api")}${database("main")}`);
  await write("b.yaml", workers("site"));
  await commitAll(git);
  expect((await run("apply", "--yes", "-f", "a.yaml", "-f", "b.yaml")).code).toBe(0);
  const only = ["-f", "b.yaml"];
  const plan = await run("plan", ...only);
  expect([plan.code, plan.stdout]).toEqual([
    0,
    expect.stringMatching(
      /file-not-given[\s\S]*2 resources \(render\/postgres\/main \.\.\.\) were last declared by\s+a\.yaml/,
    ),
  ]);
  expect((await run("drift", ...only)).code).toBe(0);
  expect((await run("graph", ...only, "--format", "json")).stdout).not.toContain("render/service/api");
  const listed = await run("state", "list", ...only);
  expect(listed.stdout).toMatch(/render\/service\/api\s+\S+ · a\.yaml/);
  expect(listed.stdout).not.toContain("ghs_secret");
  const json = await run("state", "show", "render/service/api", ...only, "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({ resource: { file: "github.com/acme/app//a.yaml" } });
  expect((await run("destroy", ...only, "--yes", "--allow-deletes", "1")).code).toBe(0);
  expect([names("services"), names("postgres")]).toEqual([["api"], ["main"]]);
});

test("--file-id is taken by every command that reads the state", async () => {
  await write("made-1.yaml", workers("api", "cron"));
  const id = ["--file-id", "pipeline"];
  expect((await run("apply", "--yes", "-f", "made-1.yaml", ...id)).code).toBe(0);
  await rm(join(folder, "made-1.yaml"));
  await write("made-2.yaml", workers("api"));
  expect((await run("plan", "-f", "made-2.yaml", ...id, "--allow-deletes", "1")).code).toBe(2);
  expect((await run("apply", "--yes", "-f", "made-2.yaml", ...id, "--allow-deletes", "1")).code).toBe(0);
  expect(names("services")).toEqual(["api"]);
  const usage = await run("plan", "-f", "made-2.yaml", "-f", ".gitignore", ...id);
  expect(usage.code).toBe(1);
});
