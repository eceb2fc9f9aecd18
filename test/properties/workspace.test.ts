import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../src/core/base/address.ts";
import type { DesiredState } from "../../src/core/model/desired.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { countGets, sumOf } from "../converge/count-gets.ts";
import { writesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { arbitraryWorkspaceFile, arbitraryWorkspaceFiles } from "./arbitrary-workspace.ts";
import { applyTo, inScene, leftIn } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

test(
  "of every kind: a plan only reads, and no more than it needs; after an apply it is empty, and another one writes nothing",
  async () => {
    const property = fc.asyncProperty(arbitraryWorkspaceFile, (text) =>
      inScene(async (scene) => {
        const desired = readState(text);
        await scene.write(text);
        await planCounted(scene, desired);
        await applyTo(scene, text);
        const sent = writesOf(scene);
        expect(leftIn(await planCounted(scene, desired))).toEqual([]);
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
        // A domain that Render added to an owned one goes with it, and is made again where the file asks for it.
        const declared = readState(after).resources.map(({ address }) => address);
        await applyTo(scene, after, {
          allowDeletes: owned.length,
          allowDataLoss: owned,
          allowReplace: [...new Set([...owned, ...declared])],
          noExport: true,
        });
        expect(leftIn(await scene.plan())).toEqual([]);
      }),
    );
    await fc.assert(property, propertyRuns(10));
  },
  propertyTimeout,
);

function readState(text: string): DesiredState {
  const { state } = readDesired([{ name: "trueup.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
  if (!state) throw new Error("the generated file has errors");
  return state;
}

async function planCounted(scene: Scene, desired: DesiredState): ReturnType<Scene["plan"]> {
  const terms = countGets(desired, scene);
  const before = scene.requests.length;
  const plan = await scene.plan();
  const made = scene.requests.slice(before);
  expect(made.filter(({ method }) => method !== "GET")).toEqual([]);
  const told = made.map(({ path, query }) => `${path} ${query}`).join("\n");
  expect(made.length, `${JSON.stringify(terms, undefined, 1)}\n${told}`).toBe(sumOf(terms));
  return plan;
}
