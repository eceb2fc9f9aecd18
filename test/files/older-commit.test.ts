import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { Mortal } from "../crash/mortal.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { commitAll, database, makeGit, namesIn, openRepository, workers, type Git } from "./owning.ts";

let scene: Scene;
const folders: string[] = [];
afterEach(async () => {
  await scene.close();
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

const free = { allowDeletes: 9, adopt: true, allowDataLoss: ["render/postgres/main" as const] };
const older = workers("api");
const newer = `${workers("api", "cron")}${database("main")}`;

/** Two commits, both applied; the newer one added a database. */
async function openApplied(name = "trueup.yaml"): Promise<{ git: Git; old: string; now: string }> {
  scene = await openScene();
  const git = await openRepository(scene, "https://github.com/acme/app.git");
  await scene.write(older, name);
  const old = await commitAll(git);
  await scene.apply({ files: [name] });
  await scene.write(newer, name);
  const now = await commitAll(git);
  expect((await scene.apply({ files: [name] })).verdict).toBe("done");
  return { git, old, now };
}

test("a job of an older commit that is started again is refused, and nothing goes", async () => {
  const { git, old, now } = await openApplied();
  await git("checkout", "--quiet", old);
  const { verdict, plan } = await scene.apply(free);
  expect(verdict).toBe("refused");
  expect(plan.refusals).toMatchObject([
    {
      code: "older-commit",
      message: expect.stringContaining(`last applied at commit ${now.slice(0, 12)}`) as string,
      answer: { flags: ["--allow-older"] },
    },
  ]);
  expect(namesIn(scene, "postgres")).toEqual(["main"]);
  expect((await scene.plan()).refusals.map(({ code }) => code)).toContain("older-commit");
  expect((await scene.apply({ ...free, skipRefused: true })).verdict).toBe("refused");
  expect((await scene.apply({ ...free, allowOlder: true })).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api"]);
  expect((await scene.inventory()).files["github.com/acme/app//trueup.yaml"]?.commit?.id).toBe(old);
});

test("a revert is a new commit and passes; so does the same commit again, and one with changes that are not committed", async () => {
  const { git } = await openApplied();
  expect((await scene.plan()).refusals).toEqual([]);
  await scene.write(`${workers("api", "cron", "more")}${database("main")}`);
  expect((await scene.plan()).refusals).toEqual([]);
  await git("checkout", "--quiet", ".");
  await git("revert", "--no-edit", "HEAD");
  expect((await scene.apply(free)).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api"]);
});

test("branches that went apart pass: neither is the older one", async () => {
  const { git, old } = await openApplied();
  await git("checkout", "--quiet", "-b", "hotfix", old);
  await scene.write(workers("api", "cron", "fix"));
  await commitAll(git);
  expect((await scene.plan(free)).refusals).toEqual([]);
});

test("each file has its own commit", async () => {
  const { git, old } = await openApplied("a.yaml");
  await git("checkout", "--quiet", old);
  await scene.write(workers("site"), "b.yaml");
  expect((await scene.apply({ files: ["b.yaml"] })).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
  expect((await scene.plan({ files: ["a.yaml", "b.yaml"], ...free })).refusals).toMatchObject([
    { code: "older-commit", message: expect.stringMatching(/^a\.yaml was last applied/) as string },
  ]);
});

test("under its former name an older commit is the older one too", async () => {
  const { git, old } = await openApplied("a.yaml");
  await git("mv", "a.yaml", "b.yaml");
  await scene.write(`${workers("api")}${database("main")}`, "b.yaml");
  await commitAll(git);
  expect((await scene.apply({ files: ["b.yaml"], ...free })).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api"]);
  await git("checkout", "--quiet", `${old}^{commit}`);
  const { verdict, plan } = await scene.apply({ files: ["a.yaml"], ...free });
  expect([verdict, plan.refusals.map(({ code }) => code)]).toEqual(["refused", ["older-commit"]]);
  await git("checkout", "--quiet", "main");
  await scene.write(workers("site"), "a.yaml");
  await commitAll(git);
  expect((await scene.apply({ files: ["a.yaml"] })).verdict).toBe("done");
});

test("a run that dies after its first write has noted its commit", async () => {
  scene = await openScene();
  const git = await openRepository(scene, "https://github.com/acme/app.git");
  await scene.write(older);
  const old = await commitAll(git);
  await scene.apply();
  await scene.write(newer);
  await commitAll(git);
  const mortal = new Mortal(scene, { at: "after-write", number: 1 });
  expect(await mortal.apply({ ...planDefaults, yes: true })).toBe("died");
  await git("checkout", "--quiet", old);
  expect((await scene.plan(free)).refusals).toMatchObject([{ code: "older-commit" }]);
});

/** As actions/checkout makes it: one commit, without the history. */
async function checkOutShallow(commit: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  folders.push(folder);
  const git = makeGit(folder);
  await git("init", "--quiet");
  await git("remote", "add", "origin", "https://github.com/acme/app");
  await git("fetch", "--quiet", "--depth=1", scene.folder, commit);
  await git("checkout", "--quiet", "FETCH_HEAD");
  await cp(join(scene.folder, "state"), join(folder, "state"), { recursive: true });
  return folder;
}

test("without the history the committer's date decides", async () => {
  const { git, old, now } = await openApplied();
  await git("config", "uploadpack.allowAnySHA1InWant", "true");
  const past = await checkOutShallow(old);
  const refused = await scene.plan({ files: [join(past, "trueup.yaml")], ...free });
  expect(refused.refusals).toMatchObject([
    { code: "older-commit", message: expect.stringContaining("its history is not at hand") as string },
  ]);
  await scene.write(workers("api", "cron", "more"));
  const next = await commitAll(git);
  for (const commit of [now, next]) {
    const folder = await checkOutShallow(commit);
    expect((await scene.plan({ files: [join(folder, "trueup.yaml")], ...free })).refusals).toEqual([]);
  }
});

test("in a shallow checkout a file that is not there may have been renamed, so nothing of it goes", async () => {
  scene = await openScene();
  const git = await openRepository(scene, "https://github.com/acme/app.git");
  await git("config", "uploadpack.allowAnySHA1InWant", "true");
  await scene.write(workers("api"), "a.yaml");
  await scene.write(workers("site"), "b.yaml");
  await commitAll(git);
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  await git("rm", "--quiet", "a.yaml");
  const next = await commitAll(git);
  const folder = await checkOutShallow(next);
  const plan = await scene.plan({ files: [join(folder, "b.yaml")], allowDeletes: 9 });
  expect(plan.steps).toEqual([]);
  expect(plan.problems).toMatchObject([{ code: "file-lost", severity: "warning" }]);
  await promisify(execFile)("git", ["-C", folder, "fetch", "--quiet", "--unshallow", scene.folder, next]);
  const whole = await scene.plan({ files: [join(folder, "b.yaml")], allowDeletes: 9 });
  expect(whole.changes).toMatchObject([{ action: "delete", address: "render/service/api" }, {}]);
});
