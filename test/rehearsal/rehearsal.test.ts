import { afterEach, expect, test } from "vitest";
import { rehearse } from "../../src/commands/rehearsal/rehearse.ts";
import type { PlanInput } from "../../src/commands/planning/plan-input.ts";
import { variables, journeys as everything } from "../crash/everything.ts";
import { journeys as shop } from "../faults/shop.ts";
import { writesOf } from "../observe.ts";
import { openScene, type Scene } from "../scene.ts";

let scene: Scene;
afterEach(() => scene.close());

const input: PlanInput = {
  files: [],
  repo: "https://github.com/acme/app",
  strictValues: false,
  allowDataLoss: ["*"],
  adopt: null,
  replaceValues: false,
  allowEnv: [],
  targets: [],
  excludes: [],
  allowDeletes: 10,
};

/** The file's state may lie beside a workspace that the simulator does not have: nothing of it is asked for. */
async function reach(file: string): Promise<void> {
  await scene.write(file);
  expect((await scene.apply({ allowDeletes: 10, allowDataLoss: ["*"] })).verdict).toBe("done");
}

test("a change of everything is done to an account like the live one, and converges", async () => {
  scene = await openScene({ environment: variables });
  const change = everything[1]!;
  await reach(change.from!);
  await scene.write(change.to);
  const [sent, state] = [writesOf(scene), await scene.read("state/default/inventory.json")];
  const { plan, rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal).toMatchObject({ verdict: "converges", left: [], differs: [], problems: [] });
  expect(rehearsal.writes).toBe(plan.steps.filter(({ step }) => step === "write").length);
  expect(rehearsal.calls["render/create"]).toBe(2);
  expect(rehearsal.took).toBeGreaterThan(0);
  // Neither the account nor the state has heard of it.
  expect(writesOf(scene)).toEqual(sent);
  expect(await scene.read("state/default/inventory.json")).toBe(state);
});

test("an account that is as the file asks needs no rehearsal of anything", async () => {
  scene = await openScene({ environment: variables });
  await reach(everything[0]!.to);
  const { rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal).toMatchObject({ verdict: "converges", writes: 0, differs: [] });
});

test("killed at every write, it comes to the same end", async () => {
  scene = await openScene();
  await scene.write(shop[0]!.to);
  const { rehearsal } = await rehearse(input, scene.deps, { crash: true });
  expect(rehearsal.crashes).toEqual({ points: rehearsal.writes * 2, wrong: [] });
});

test("a plan that is refused is not rehearsed", async () => {
  scene = await openScene({ environment: variables });
  await reach(everything[0]!.to);
  await scene.write("services: []\n");
  const { rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal.verdict).toBe("refused");
  expect(rehearsal.problems.map(({ code }) => code)).toContain("empty-file");
});
