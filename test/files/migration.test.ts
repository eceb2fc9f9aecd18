import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Inventory } from "../../src/core/model/inventory.ts";
import { problemsOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { commitAll, filesOf, namesIn, openRepository, workers } from "./owning.ts";

let scene: Scene;
afterEach(() => scene.close());

const free = { allowDeletes: 9, adopt: true };

/** The inventory as a trueup of before wrote it: nothing says which file declared what. */
async function forgetFiles(): Promise<string> {
  const { files: _files, resources, ...rest } = await scene.inventory();
  const before = Object.entries(resources).map(([address, { file: _file, ...owned }]) => [address, owned]);
  const text = JSON.stringify({ ...rest, version: 1, resources: Object.fromEntries(before) }, null, 2);
  await writeFile(join(scene.folder, "state/default/inventory.json"), text);
  return text;
}

async function openOld(): Promise<string> {
  scene = await openScene();
  await scene.write(workers("api", "cron"), "a.yaml");
  await scene.write(workers("site"), "b.yaml");
  await scene.apply({ files: ["a.yaml", "b.yaml"] });
  return forgetFiles();
}

test("a state of before: what another file beside declares is that file's, from the first run on", async () => {
  await openOld();
  const { plan, verdict } = await scene.apply({ files: ["b.yaml"], ...free });
  expect(verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
  expect(plan.problems).toMatchObject([{ code: "file-not-given" }]);
  expect(await filesOf(scene)).toEqual({
    "render/service/api": "a.yaml",
    "render/service/cron": "a.yaml",
    "render/service/site": "b.yaml",
  });
});

test("a file in another folder of the repository is found as well", async () => {
  scene = await openScene();
  const git = await openRepository(scene, "https://github.com/acme/app");
  await scene.write(workers("api"), "deploy/prod/a.yml");
  await scene.write(workers("site"), "b.yaml");
  await commitAll(git);
  await scene.apply({ files: ["b.yaml", "deploy/prod/a.yml"] });
  await forgetFiles();
  await scene.apply({ files: ["b.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["api", "site"]);
  expect((await filesOf(scene))["render/service/api"]).toBe("github.com/acme/app//deploy/prod/a.yml");
});

test("what no file declares any more counts as dropped, under the guards", async () => {
  await openOld();
  await scene.write(workers("api"), "a.yaml");
  const files = ["a.yaml", "b.yaml"];
  expect((await scene.apply({ files, allowDeletes: 0 })).plan.changes).toContainEqual(
    expect.objectContaining({ action: "delete", address: "render/service/cron" }) as object,
  );
  await scene.apply({ files, ...free });
  expect(namesIn(scene)).toEqual(["api", "site"]);
});

test("a run that has nothing to do gives the entries their files, beside a copy of what was there", async () => {
  const before = await openOld();
  const files = ["a.yaml", "b.yaml"];
  const requests = scene.requests.length;
  expect((await scene.apply({ files })).plan.steps).toEqual([]);
  expect(scene.requests.slice(requests).filter(({ method }) => method !== "GET")).toEqual([]);
  expect((await scene.inventory()).version).toBe(2);
  expect((await filesOf(scene))["render/service/cron"]).toBe("a.yaml");
  const backup = join(scene.folder, "state/default/backup/inventory.json.version-1");
  expect(await readFile(backup, "utf8")).toBe(before);
  const { serial } = await scene.inventory();
  await scene.apply({ files });
  expect((await scene.inventory()).serial).toBe(serial);
  await scene.write(workers("api"), "a.yaml");
  await scene.apply({ files: ["a.yaml"], ...free });
  expect(namesIn(scene)).toEqual(["api", "site"]);
});

test("a state of a version to come is refused", async () => {
  await openOld();
  const inventory: Inventory = { ...(await scene.inventory()), version: 3 as 2 };
  await scene.write(JSON.stringify(inventory), "state/default/inventory.json");
  expect(await problemsOf(scene.plan({ files: ["a.yaml"] }))).toMatchObject([{ code: "state-newer" }]);
});
