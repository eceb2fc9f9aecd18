import { afterAll, beforeAll, expect, test } from "vitest";
import { renderPlan } from "../../../src/views/plan/plan.ts";
import { openScene, type Scene } from "../../scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  await scene.write("projects: [{name: shop, environments: [{name: production}]}]\n");
});
afterAll(() => scene.close());

const asksForOwner = () => scene.requests.filter(({ path }) => path.startsWith("/owners")).length;

test("a workspace that is given by its id is told by its name, which is read once and kept", async () => {
  const first = await scene.plan();
  const { id, name } = first.basis.workspace!;
  expect(name).toMatch(/\S/u);
  expect(renderPlan(first, { columns: 100, colour: false, unicode: true })).toContain(`${name} (${id}) · `);
  await scene.apply();
  expect(await scene.inventory()).toMatchObject({ workspace: id, workspaceName: name });
  const before = asksForOwner();
  expect((await scene.plan()).basis.workspace).toEqual({ id, name });
  expect(asksForOwner()).toBe(before);
});
