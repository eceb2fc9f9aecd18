import fc from "fast-check";
import { expect, test } from "vitest";
import { hasWork, type Plan } from "../../src/core/plan.ts";
import { writesOf } from "../observe.ts";
import { openScene, type Scene, type SceneOptions } from "../scene.ts";
import { arbitraryFile, arbitraryFiles } from "./arbitrary-file.ts";
import { environment } from "./arbitrary-variables.ts";
import { propertyRuns } from "./runs.ts";

async function inScene(work: (scene: Scene) => Promise<void>, options: SceneOptions = {}): Promise<void> {
  const scene = await openScene({ limits: "off", environment, ...options });
  try {
    await work(scene);
  } finally {
    await scene.close();
  }
}

async function applyTo(scene: Scene, text: string, input: Parameters<Scene["apply"]>[0] = {}): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
}

function leftIn(plan: Plan): readonly string[] {
  const left = plan.changes.filter(({ action, converged }) => action !== "keep" || converged.length > 0);
  return [
    ...left.map((change) => JSON.stringify(change)),
    ...(hasWork(plan) ? plan.steps.map(({ id }) => id) : []),
  ];
}

test("after an apply the plan is empty, and a second apply writes nothing", async () => {
  const property = fc.asyncProperty(arbitraryFile, (text) =>
    inScene(async (scene) => {
      await applyTo(scene, text);
      expect(leftIn(await scene.plan())).toEqual([]);
      const sent = writesOf(scene);
      const state = await scene.read("state/default/inventory.json");
      await applyTo(scene, text);
      expect(writesOf(scene)).toEqual(sent);
      expect(await scene.read("state/default/inventory.json")).toBe(state);
    }),
  );
  await fc.assert(property, propertyRuns(40));
});

test("from any file to any other one: its plan is empty afterwards", async () => {
  const property = fc.asyncProperty(arbitraryFiles, ([before, after]) =>
    inScene(async (scene) => {
      await applyTo(scene, before);
      const owned = Object.keys((await scene.inventory()).resources) as `${string}/${string}/${string}`[];
      await applyTo(scene, after, { allowDeletes: owned.length, allowDataLoss: owned });
      expect(leftIn(await scene.plan())).toEqual([]);
    }),
  );
  await fc.assert(property, propertyRuns(30));
});
