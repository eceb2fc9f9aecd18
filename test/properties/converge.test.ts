import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../src/core/base/address.ts";
import { writesOf } from "../observe.ts";
import { arbitraryFile, arbitraryFiles } from "./arbitrary-file.ts";
import { applyTo, inScene, leftIn } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

test(
  "after an apply the plan is empty, and a second apply writes nothing",
  async () => {
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
    await fc.assert(property, propertyRuns(8));
  },
  propertyTimeout,
);

test(
  "from any file to any other one: its plan is empty afterwards",
  async () => {
    const property = fc.asyncProperty(arbitraryFiles, ([before, after]) =>
      inScene(async (scene) => {
        await applyTo(scene, before);
        const owned = Object.keys((await scene.inventory()).resources) as Address[];
        await applyTo(scene, after, {
          allowDeletes: owned.length,
          allowDataLoss: owned,
          allowReplace: owned,
          noExport: true,
        });
        expect(leftIn(await scene.plan())).toEqual([]);
      }),
    );
    await fc.assert(property, propertyRuns(8));
  },
  propertyTimeout,
);
