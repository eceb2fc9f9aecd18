import { afterEach, expect, test } from "vitest";
import { adoptById } from "../../src/commands/state/state-adopt.ts";
import { forgetOwned } from "../../src/commands/state/state.ts";
import { idNamed, problemsOf, writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const api = "render/service/api";
const file = `
services:
  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter }
  - { type: worker, name: free, runtime: image, image: { url: nginx }, plan: starter }
`;

/** The label `staging` owns the service api; `free` is nobody's. */
async function openShared(): Promise<void> {
  scene = await openScene();
  await scene.write(file);
  await scene.apply({ label: "staging" });
  await forgetOwned("render/service/free", { files: [], label: "staging" }, scene.deps);
}

test.each([null, false, true])(
  "what another label owns is not adopted, whether a person looks, or --adopt is given: %s",
  async (adopt) => {
    await openShared();
    const { refusals } = await scene.plan({ label: "production", adopt });
    const found = refusals.filter(({ code }) => code === "owned-elsewhere");
    expect(found).toMatchObject([
      {
        address: api,
        message: `${api} exists as ${idNamed(scene, "services", "api")}, which the state of the label staging owns; an object has one owner.`,
        remedy: expect.stringContaining(`trueup state forget ${api} --label staging`) as string,
      },
    ]);
    const before = writesOf(scene);
    expect((await scene.apply({ label: "production", adopt: true })).verdict).toBe("refused");
    expect(writesOf(scene)).toEqual(before);
  },
);

test("neither by name nor by id, until the other label lets it go", async () => {
  await openShared();
  const production = { files: [], label: "production" };
  const id = idNamed(scene, "services", "api");
  expect(await problemsOf(adoptById(api, id, production, scene.deps))).toMatchObject([
    { code: "owned-elsewhere", severity: "refusal" },
  ]);
  const only = { label: "production", targets: ["render/service/free"] };
  expect((await scene.apply({ ...only, adopt: true })).verdict).toBe("done");
  await forgetOwned(api, { files: [], label: "staging" }, scene.deps);
  await adoptById(api, id, production, scene.deps);
  expect((await scene.apply({ label: "production" })).verdict).toBe("done");
  expect((await scene.plan({ label: "production" })).steps).toEqual([]);
});

test("what is owned already, or is nobody's, costs no look at the other labels", async () => {
  await openShared();
  await scene.write("{}", "state/broken/inventory.json");
  expect((await scene.plan({ label: "staging", targets: [api] })).refusals).toEqual([]);
  expect(await problemsOf(scene.plan({ label: "staging" }))).toMatchObject([{ code: "state-damaged" }]);
});
