import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openScene, type Scene } from "../scene.ts";
import { commitAll, database, filesOf, namesIn, openRepository, workers, type Git } from "./owning.ts";

let scene: Scene;
afterEach(() => scene.close());

const free = { allowDeletes: 9, adopt: true };
const origin = "git@github.com:Acme/app.git";
const id = (path: string): string => `github.com/acme/app//${path}`;

async function openApplied(files: readonly string[]): Promise<Git> {
  scene = await openScene();
  const git = await openRepository(scene, origin);
  await scene.write(workers("api", "cron"), "a.yaml");
  await scene.write(workers("site"), "b.yaml");
  await commitAll(git);
  expect((await scene.apply({ files })).verdict).toBe("done");
  return git;
}

const a = "a.yaml";
const b = "b.yaml";

test("a file is known by the origin of its repository and its path there", async () => {
  await openApplied([a, b]);
  expect(await filesOf(scene)).toEqual({
    "render/service/api": id(a),
    "render/service/cron": id(a),
    "render/service/site": id(b),
  });
});

test("what a file declared that git no longer has goes with a run that is given its companion", async () => {
  const git = await openApplied([a, b]);
  await git("rm", "--quiet", a);
  await commitAll(git);
  await scene.write(workers("site"), "c.yaml");
  const stranger = await scene.plan({ files: ["c.yaml"], ...free });
  expect(stranger.changes.filter(({ action }) => action === "delete")).toEqual([]);
  await scene.apply({ files: [b], ...free });
  expect(namesIn(scene)).toEqual(["site"]);
});

test("a deletion that is not committed deletes nothing: the commit has the file still", async () => {
  await openApplied([a, b]);
  await rm(join(scene.folder, a));
  const { plan } = await scene.apply({ files: [b], ...free });
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
  expect(plan.problems).toMatchObject([{ code: "file-not-given" }]);
});

test.each(["committed", "not committed yet"])(
  "a file renamed in git is the same file: what it drops goes, %s",
  async (how) => {
    const git = await openApplied([a]);
    await git("mv", a, "prod.yaml");
    if (how === "committed") await commitAll(git);
    await scene.write(workers("api"), "prod.yaml");
    expect((await scene.apply({ files: ["prod.yaml"], ...free })).verdict).toBe("done");
    expect(namesIn(scene)).toEqual(["api"]);
    expect(await filesOf(scene)).toEqual({ "render/service/api": id("prod.yaml") });
    expect((await scene.plan({ files: ["prod.yaml"] })).steps).toEqual([]);
  },
);

test("a rename that is rewritten afterwards, commit by commit, is followed too", async () => {
  const git = await openApplied([a]);
  await git("mv", a, "x.yaml");
  await commitAll(git);
  const others = workers("web", "mail", "jobs", "search")
    .replace("services:\n", "")
    .replaceAll("nginx", "redis");
  const other = `# ${"another text ".repeat(60)}\n${workers("api")}${others}`;
  await scene.write(other, "x.yaml");
  await commitAll(git);
  await git("mv", "x.yaml", "y.yaml");
  await commitAll(git);
  await scene.apply({ files: ["y.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["api", "jobs", "mail", "search", "web"]);
});

test("a renamed file that is not given stays untouched under its new name", async () => {
  const git = await openApplied([a, b]);
  await git("mv", a, "prod.yaml");
  await commitAll(git);
  const { plan } = await scene.apply({ files: [b], ...free });
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
  expect(plan.problems).toMatchObject([
    { code: "file-not-given", message: expect.stringContaining("last declared by prod.yaml") as string },
  ]);
  await scene.write(workers("api"), "prod.yaml");
  await commitAll(git);
  await scene.apply({ files: ["prod.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["api", "site"]);
});

test("a file that a branch never had is not deleted there", async () => {
  scene = await openScene();
  const git = await openRepository(scene, origin);
  await scene.write(workers("site"), b);
  await commitAll(git);
  await git("checkout", "--quiet", "-b", "side");
  await git("checkout", "--quiet", "main");
  await scene.write(workers("api"), a);
  await commitAll(git);
  await scene.apply({ files: [a, b] });
  await git("checkout", "--quiet", "side");
  await scene.write(workers("site", "more"), b);
  await commitAll(git);
  const { plan } = await scene.apply({ files: [b], ...free });
  expect(namesIn(scene)).toEqual(["api", "more", "site"]);
  expect(plan.problems).toMatchObject([{ code: "file-lost", severity: "warning" }]);
});

test.each([
  ["the file that lost the block first", [a, b]],
  ["the file that got the block first", [b, a]],
])("a block moves from one file to the other in one commit, %s", async (_order, [first, second]) => {
  const git = await openApplied([a, b]);
  await scene.write(workers("api"), a);
  await scene.write(workers("site", "cron"), b);
  await commitAll(git);
  const before = scene.rows("services").find((row) => row["name"] === "cron")?.["id"];
  const { plan } = await scene.apply({ files: [first!], ...free });
  expect(plan.steps.filter((step) => step.step === "write")).toHaveLength(0);
  expect((await filesOf(scene))["render/service/cron"]).toBe(id(b));
  await scene.apply({ files: [second!], ...free });
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
  expect(scene.rows("services").find((row) => row["name"] === "cron")?.["id"]).toBe(before);
  expect((await filesOf(scene))["render/service/cron"]).toBe(id(b));
});

test("two files that declare one resource are refused, until one of them lets it go", async () => {
  const git = await openApplied([a]);
  await scene.write(workers("site", "api"), b);
  await commitAll(git);
  const { verdict, plan } = await scene.apply({ files: [b], ...free });
  expect(verdict).toBe("refused");
  expect(plan.refusals).toMatchObject([
    {
      code: "other-files",
      address: "render/service/api",
      where: { file: b },
      message: expect.stringContaining(
        "last declared by a.yaml, which is still there and declares it too",
      ) as string,
      remedy: expect.stringContaining(
        "trueup state move render/service/api render/service/api -f b.yaml",
      ) as string,
    },
  ]);
  expect(namesIn(scene)).toEqual(["api", "cron"]);
  expect((await scene.apply({ files: [b], ...free, skipRefused: true })).verdict).toBe("done");
  expect((await filesOf(scene))["render/service/api"]).toBe(id(a));
  await scene.write(workers("cron"), a);
  await commitAll(git);
  expect((await scene.apply({ files: [b] })).verdict).toBe("done");
  expect((await filesOf(scene))["render/service/api"]).toBe(id(b));
  expect((await scene.plan({ files: [a] })).steps).toEqual([]);
});

test("the same file by an absolute path, from a second work tree and from a clone is one file", async () => {
  const git = await openApplied([a]);
  const copy = join(scene.folder, "copy");
  await git("worktree", "add", "--quiet", copy, "HEAD", "--detach");
  for (const name of [join(scene.folder, a), `./x/../${a}`]) {
    expect((await scene.plan({ files: [name] })).steps).toEqual([]);
  }
  await scene.write(await scene.read("state/default/inventory.json"), "copy/state/default/inventory.json");
  const there = await scene.plan({ files: [`copy/${a}`] });
  expect(there.problems.filter(({ code }) => code.startsWith("file-") || code === "other-files")).toEqual([]);
  expect(there.changes).toHaveLength(2);
});

test("a repository that gets its first commit, and later an origin, keeps its files", async () => {
  scene = await openScene();
  await scene.write(workers("api", "cron"));
  await scene.apply();
  expect((await filesOf(scene))["render/service/api"]).toBe("trueup.yaml");
  const git = await openRepository(scene);
  await commitAll(git);
  await scene.apply();
  expect((await filesOf(scene))["render/service/api"]).toMatch(/^root:[\da-f]{40}\/\/trueup\.yaml$/);
  await git("remote", "add", "origin", "https://x:secret@example.com/acme/app.git");
  await scene.write(workers("api"));
  await commitAll(git);
  await scene.apply(free);
  expect(namesIn(scene)).toEqual(["api"]);
  expect(await filesOf(scene)).toEqual({ "render/service/api": "example.com/acme/app//trueup.yaml" });
  expect(await scene.read("state/default/inventory.json")).not.toContain("secret");
});

test("an overlay is no file of its own: with another one, the file still deletes what it drops", async () => {
  const git = await openApplied([a]);
  const overlay = `[{ op: remove, path: /services/1 }]\n`;
  await scene.write(overlay, "small.yaml");
  await commitAll(git);
  await scene.apply({ files: [a], overlays: ["small.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["api"]);
  await scene.write(
    "services:\n  - { type: worker, name: only, runtime: image, image: { url: redis }, plan: starter }\n",
    "small.yaml",
  );
  await scene.apply({ files: [a], overlays: ["small.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["only"]);
  expect(await filesOf(scene)).toEqual({ "render/service/only": id(a) });
});

test("a generated file, which git does not know, is known by its path and gone when it is not there", async () => {
  const git = await openApplied([b]);
  await scene.write("state/\nmade.yaml\n", ".gitignore");
  await commitAll(git);
  await scene.write(`${workers("made")}${database("made")}`, "made.yaml");
  await scene.apply({ files: [b, "made.yaml"] });
  expect((await filesOf(scene))["render/service/made"]).toBe(id("made.yaml"));
  expect((await scene.plan({ files: [b] })).steps).toEqual([]);
  await rm(join(scene.folder, "made.yaml"));
  await scene.apply({ files: [b], ...free, allowDataLoss: ["render/postgres/made"] });
  expect(namesIn(scene)).toEqual(["site"]);
});
