import { afterEach, expect, test } from "vitest";
import { adoptById } from "../../src/commands/state/state-adopt.ts";
import { forgetOwned, moveOwned } from "../../src/commands/state/state.ts";
import { idNamed } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";
import { filesOf, namesIn, workers } from "./owning.ts";

let scene: Scene;
afterEach(() => scene.close());

const api = "render/service/api";
const free = { allowDeletes: 9, adopt: true };
const a = { files: ["a.yaml"] };
const b = { files: ["b.yaml"] };

async function openContested(): Promise<void> {
  scene = await openScene();
  await scene.write(workers("api", "cron"), "a.yaml");
  await scene.write(workers("site", "api"), "b.yaml");
  await scene.apply(a);
}

test("an address that is moved to itself belongs to the given file, which the other one is then refused for", async () => {
  await openContested();
  expect((await scene.apply({ ...b, ...free })).verdict).toBe("refused");
  expect((await moveOwned(api, api, b, scene.deps)).file).toBe("b.yaml");
  expect((await scene.apply({ ...b, ...free })).verdict).toBe("done");
  expect((await scene.plan(a)).refusals).toMatchObject([{ code: "other-files", address: api }]);
  await scene.write(workers("cron"), "a.yaml");
  expect((await scene.apply({ ...a, ...free })).verdict).toBe("done");
  expect(namesIn(scene)).toEqual(["api", "cron", "site"]);
});

test("what no given file declares and is moved to one, that one drops", async () => {
  await openContested();
  await moveOwned("render/service/cron", "render/service/cron", b, scene.deps);
  await moveOwned(api, api, b, scene.deps);
  await scene.write("services: []\n", "a.yaml");
  await scene.write(workers("api"), "b.yaml");
  await scene.apply({ ...b, ...free });
  expect(namesIn(scene)).toEqual(["api"]);
});

test("under a new address it belongs to the file that declares that, else to the one it had", async () => {
  await openContested();
  expect((await moveOwned("render/service/cron", "render/service/site", b, scene.deps)).file).toBe("b.yaml");
  expect((await moveOwned(api, "render/service/other", b, scene.deps)).file).toBe("a.yaml");
});

test("what is adopted by its id belongs to the file that declares it", async () => {
  await openContested();
  await forgetOwned(api, b, scene.deps);
  const id = idNamed(scene, "services", "api");
  expect((await adoptById(api, id, b, scene.deps)).file).toBe("b.yaml");
  expect(await filesOf(scene)).toEqual({ [api]: "b.yaml", "render/service/cron": "a.yaml" });
  expect((await scene.inventory()).files["b.yaml"]).toEqual({
    path: "b.yaml",
    beside: "b.yaml",
    with: ["b.yaml"],
  });
});
