import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openScene, type Scene } from "../scene.ts";
import { commitAll, filesOf, makeGit, namesIn, openRepository, workers, type Git } from "./owning.ts";

let scene: Scene;
afterEach(() => scene.close());

const free = { allowDeletes: 9, adopt: true };
const origin = "git@github.com:Acme/app.git";
const id = (path: string): string => `github.com/acme/app//${path}`;
const old = { files: ["old.yaml"], ...free };

async function openApplied(more: { readonly [name: string]: string } = {}): Promise<Git> {
  scene = await openScene();
  const git = await openRepository(scene, origin);
  await scene.write(workers("api", "cron"), "old.yaml");
  for (const [name, text] of Object.entries(more)) await scene.write(text, name);
  await commitAll(git);
  expect((await scene.apply(old)).verdict).toBe("done");
  return git;
}

async function split(git: Git, to = "new.yaml"): Promise<void> {
  await scene.write(workers("api"), "old.yaml");
  await scene.write(workers("cron"), to);
  await commitAll(git);
}

test.each(["new.yaml", "deploy/jobs/new.yml"])(
  "a block that moved into a new file, %s, is not deleted by a run that is not given that",
  async (name) => {
    const git = await openApplied();
    await split(git, name);
    const { verdict, plan } = await scene.apply(old);
    expect(verdict).toBe("done");
    expect(plan.problems).toMatchObject([{ code: "file-not-given", severity: "note" }]);
    expect(plan.problems[0]?.message).toContain(name);
    expect(namesIn(scene)).toEqual(["api", "cron"]);
    expect(await filesOf(scene)).toMatchObject({ "render/service/cron": id(name) });
  },
);

test("the new file may drop it from then on, and the old one not", async () => {
  const git = await openApplied();
  await split(git);
  await scene.apply(old);
  expect((await scene.apply({ ...old, files: ["new.yaml"] })).verdict).toBe("done");
  await scene.write(workers("mail"), "new.yaml");
  await commitAll(git);
  await scene.apply(old);
  expect(namesIn(scene)).toEqual(["api", "cron"]);
  await scene.apply({ ...old, files: ["new.yaml"], allowReplace: ["*"], allowDataLoss: ["*"] });
  expect(namesIn(scene)).toEqual(["api", "mail"]);
});

test("a file that was there at the commit last applied keeps nothing that it declares as well", async () => {
  const git = await openApplied({ "staging.yaml": workers("api", "cron") });
  await scene.write(workers("api"), "old.yaml");
  await commitAll(git);
  expect((await scene.apply(old)).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api"]);
});

test("what a new file declares under another name is dropped", async () => {
  const git = await openApplied();
  await scene.write(workers("api"), "old.yaml");
  await scene.write(workers("mail"), "new.yaml");
  await commitAll(git);
  await scene.apply(old);
  expect(namesIn(scene)).toEqual(["api"]);
});

test("where one file became two, the one that is given leaves what the other has", async () => {
  const git = await openApplied();
  await git("mv", "old.yaml", "first.yaml");
  await commitAll(git);
  await scene.write(workers("api"), "first.yaml");
  await scene.write(workers("cron"), "second.yaml");
  await commitAll(git);
  expect((await scene.apply({ ...old, files: ["first.yaml"] })).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "cron"]);
});

test("in a shallow clone what another file declares stays, and the history is asked for", async () => {
  const git = await openApplied();
  await split(git);
  await git("clone", "--quiet", "--depth", "1", `file://${scene.folder}`, "clone");
  const clone = join(scene.folder, "clone");
  await makeGit(clone)("remote", "set-url", "origin", origin);
  await cp(join(scene.folder, "state"), join(clone, "state"), { recursive: true });
  const shallow = { ...old, files: ["clone/old.yaml"] };
  const { verdict, plan } = await scene.apply(shallow);
  expect(verdict).toBe("done");
  expect(plan.problems).toMatchObject([{ code: "file-lost", severity: "warning" }]);
  expect(plan.problems[0]?.message).toContain("new.yaml");
  expect(namesIn(scene)).toEqual(["api", "cron"]);
  await makeGit(clone)("fetch", "--quiet", "--unshallow", `file://${scene.folder}`, "main");
  expect((await scene.plan(shallow)).problems).toMatchObject([{ code: "file-not-given" }]);
});

test("a new file is found behind hundreds of old ones, which are not read", async () => {
  const others = Array.from({ length: 520 }, (_, index) => [`a/${String(index)}.yaml`, "a: 1\n"] as const);
  const git = await openApplied(Object.fromEntries(others));
  await split(git, "z.yaml");
  const { verdict, plan } = await scene.apply(old);
  expect(verdict).toBe("done");
  expect(plan.problems).toMatchObject([{ code: "file-not-given", severity: "note" }]);
  expect(namesIn(scene)).toEqual(["api", "cron"]);
});
