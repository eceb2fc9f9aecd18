import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../src/core/address.ts";
import { writesOf } from "../observe.ts";
import { arbitraryWorkspaceFile, arbitraryWorkspaceFiles } from "./arbitrary-workspace.ts";
import { applyTo, inScene, leftIn } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

test(
  "of every kind: after an apply the plan is empty, and a second apply writes nothing",
  async () => {
    const property = fc.asyncProperty(arbitraryWorkspaceFile, (text) =>
      inScene(async (scene) => {
        await applyTo(scene, text);
        const sent = writesOf(scene);
        expect(leftIn(await scene.plan())).toEqual([]);
        const state = await scene.read("state/default/inventory.json");
        await applyTo(scene, text);
        expect(writesOf(scene)).toEqual(sent);
        expect(await scene.read("state/default/inventory.json")).toBe(state);
      }),
    );
    await fc.assert(property, propertyRuns(12));
  },
  propertyTimeout,
);

test(
  "of every kind: from any file to any other one its plan is empty afterwards",
  async () => {
    const property = fc.asyncProperty(arbitraryWorkspaceFiles, ([before, after]) =>
      inScene(async (scene) => {
        await applyTo(scene, before);
        const owned = Object.keys((await scene.inventory()).resources) as Address[];
        await applyTo(scene, after, { allowDeletes: owned.length, allowDataLoss: owned });
        expect(leftIn(await scene.plan())).toEqual([]);
      }),
    );
    await fc.assert(property, propertyRuns(10));
  },
  propertyTimeout,
);
