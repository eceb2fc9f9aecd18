import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runDestroy } from "../../src/commands/destroy.ts";
import { Mortal } from "../crash/mortal.ts";
import { problemsOf } from "../observe.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { database, filesOf, namesIn, workers } from "./owning.ts";

let scene: Scene;
afterEach(() => scene.close());

const free = { allowDeletes: 9, adopt: true };

async function openTwo(): Promise<void> {
  scene = await openScene();
  await scene.write(`${workers("api")}${database("main")}`, "a.yaml");
  await scene.write(workers("site"), "b.yaml");
}

test("another file under the same label leaves what the first declared", async () => {
  await openTwo();
  expect((await scene.apply({ files: ["a.yaml"] })).verdict).toBe("done");
  const { verdict, plan } = await scene.apply({ files: ["b.yaml"], ...free });
  expect(verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "site"]);
  expect(namesIn(scene, "postgres")).toEqual(["main"]);
  expect(plan.problems.filter(({ code }) => code === "file-not-given")).toMatchObject([
    {
      severity: "note",
      message: expect.stringMatching(
        /^2 resources \(.*\) were last declared by a\.yaml, which this run was not given/,
      ) as string,
    },
  ]);
  expect(await filesOf(scene)).toEqual({
    "render/postgres/main": "a.yaml",
    "render/service/api": "a.yaml",
    "render/service/site": "b.yaml",
  });
});

test("one -f forgotten changes nothing of that file, and the next run with both is empty", async () => {
  await openTwo();
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  const alone = await scene.plan({ files: ["b.yaml"] });
  expect(alone.steps).toEqual([]);
  expect(alone.changes.map(({ address }) => address)).toEqual(["render/service/site"]);
  expect((await scene.plan({ files: ["a.yaml", "b.yaml"] })).steps).toEqual([]);
});

test("a file still deletes what it dropped itself, while the other's stays", async () => {
  await openTwo();
  await scene.write(workers("site", "web"), "b.yaml");
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  await scene.write(workers("web"), "b.yaml");
  expect((await scene.apply({ files: ["b.yaml"], ...free })).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "web"]);
});

test("a file that is gone is dropped by a run that is given one of those it was applied with", async () => {
  await openTwo();
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  await rm(join(scene.folder, "a.yaml"));
  expect(
    (await scene.apply({ files: ["b.yaml"], ...free, allowDataLoss: ["render/postgres/main"] })).verdict,
  ).toBe("done");
  expect(namesIn(scene)).toEqual(["site"]);
});

test("others leave it, with a remark", async () => {
  await openTwo();
  await scene.apply({ files: ["a.yaml"] });
  await scene.apply({ files: ["b.yaml"] });
  await rm(join(scene.folder, "a.yaml"));
  const { plan } = await scene.apply({ files: ["b.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["api", "site"]);
  expect(plan.problems).toMatchObject([{ code: "file-gone", severity: "warning" }]);
});

test("a creation of one file that nobody heard of is not another file's to delete", async () => {
  await openTwo();
  const mortal = new Mortal(scene, { at: "after-write", number: 1 });
  expect(await mortal.apply({ ...planDefaults, yes: true, files: ["a.yaml"] })).toBe("died");
  const made = [...namesIn(scene), ...namesIn(scene, "postgres")];
  expect(made).toHaveLength(1);
  const agreed = { ...planDefaults, yes: true, ...free };
  await new Mortal(scene).apply({ ...agreed, files: ["b.yaml"] });
  expect([...namesIn(scene), ...namesIn(scene, "postgres")]).toEqual(expect.arrayContaining(made) as object);
  await scene.apply({ files: ["a.yaml"] });
  expect([namesIn(scene), namesIn(scene, "postgres")]).toEqual([["api", "site"], ["main"]]);
});

test("destroy takes what the given files declared, and says what stays", async () => {
  await openTwo();
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  const input = { ...planDefaults, yes: true, allowDeletes: 1, addresses: [], files: ["b.yaml"] };
  const { verdict, plan } = await runDestroy(input, scene.deps);
  expect(verdict).toBe("done");
  expect([namesIn(scene), namesIn(scene, "postgres")]).toEqual([["api"], ["main"]]);
  expect(plan.problems).toMatchObject([{ code: "file-not-given" }]);
});

test("an address of another file is an error where it is asked for, and nothing happens to it", async () => {
  await openTwo();
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  const files = ["b.yaml"];
  const address = "render/service/api";
  const agreed = { ...planDefaults, yes: true, allowDeletes: 1, files };
  for (const run of [
    () => runDestroy({ ...agreed, addresses: [address] }, scene.deps),
    () => scene.apply({ ...agreed, targets: [address] }),
  ])
    expect(await problemsOf(run())).toMatchObject([
      { code: "address-not-given", message: expect.stringContaining("last declared by a.yaml") as string },
    ]);
  expect(namesIn(scene)).toEqual(["api", "site"]);
  expect((await scene.plan({ files, targets: ["render/*"] })).problems.map(({ code }) => code)).not.toContain(
    "address-not-given",
  );
});

test("what is not given counts in no guard: one of one is the whole of this file", async () => {
  await openTwo();
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  await scene.write("services: []\n", "b.yaml");
  const { refusals } = await scene.plan({ files: ["b.yaml"] });
  expect(refusals.map(({ code }) => code)).toContain("empty-file");
});

test("an account that only another file needs is not asked", async () => {
  scene = await openScene();
  await scene.write(
    "rendercad:\n  webhooks: [{ name: done, url: https://a.test/x, events: [render.completed] }]\n",
    "a.yaml",
  );
  await scene.write(workers("site"), "b.yaml");
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  scene.setVariable("RENDERCAD_API_TOKEN", "");
  const plan = await scene.plan({ files: ["b.yaml"] });
  expect([plan.steps, plan.refusals]).toEqual([[], []]);
});

test("--file-id names a file whose path is another one in each run", async () => {
  scene = await openScene();
  const fileId = "pipeline";
  await scene.write(workers("api", "cron"), "one.yaml");
  await scene.apply({ files: ["one.yaml"], fileId });
  await rm(join(scene.folder, "one.yaml"));
  await scene.write(workers("api"), "two.yaml");
  await scene.apply({ files: ["two.yaml"], fileId, ...free });
  expect(namesIn(scene)).toEqual(["api"]);
  expect(await filesOf(scene)).toEqual({ "render/service/api": "pipeline" });
  const without = await scene.plan({ files: ["two.yaml"] });
  expect(without.refusals).toMatchObject([
    {
      code: "other-files",
      message: expect.stringContaining("pipeline, which cannot be looked at") as string,
    },
  ]);
  expect(await problemsOf(scene.plan({ files: ["two.yaml"], fileId: " " }))).toMatchObject([
    { code: "file-id", severity: "error" },
  ]);
});
