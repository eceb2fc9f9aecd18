import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { workspaceIds, type Row } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { arbitraryFiles } from "./arbitrary-file.ts";
import { applyTo, inScene } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

const tables = ["services", "postgres", "keyValues", "environmentGroups"];

test(
  "what is not in the file stays as it is, here and under equal names in a second workspace",
  async () => {
    const property = fc.asyncProperty(arbitraryFiles, ([before, after]) =>
      inScene(async (scene) => {
        await putForeign(scene, [before, after]);
        const foreign = tables.flatMap((table) => scene.rows(table));
        const ids = new Set(foreign.map(({ id }) => id));
        await applyTo(scene, before);
        const owned = Object.keys((await scene.inventory()).resources) as `${string}/${string}/${string}`[];
        await applyTo(scene, after, {
          allowDeletes: owned.length,
          allowDataLoss: owned,
          allowReplace: owned,
          noExport: true,
        });
        const left = tables.flatMap((table) => scene.rows(table)).filter(({ id }) => ids.has(id as Json));
        expect(left.map(withoutProgress)).toEqual(foreign.map(withoutProgress));
      }),
    );
    await fc.assert(property, propertyRuns(8));
  },
  propertyTimeout,
);

/** Under every name of the files in the second workspace, and beside them in the first one. */
async function putForeign(scene: Scene, texts: readonly string[]): Promise<void> {
  const [main, second] = workspaceIds(scene);
  const names = texts.flatMap((text) => {
    const { state } = readDesired([{ name: "trueup.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
    if (!state) throw new Error("a generated file has errors");
    return state.resources.map(({ kind, name }) => ({ kind, name, ownerId: second! }));
  });
  const beside = Object.keys(creations).map((kind) => ({ kind, name: `somebody's ${kind}`, ownerId: main! }));
  const wanted = new Map([...names, ...beside].map((one) => [`${one.kind} ${one.name}`, one]));
  for (const { kind, name, ownerId } of wanted.values()) {
    const creation = creations[kind];
    if (creation) await scene.edit("POST", ...creation(name, ownerId));
  }
}

const creations: {
  readonly [kind: string]: (name: string, ownerId: string) => readonly [path: string, body: Json];
} = {
  "render/service": (name, ownerId) => [
    "/services",
    {
      type: "web_service",
      name,
      ownerId,
      repo: "https://github.com/somebody/else",
      serviceDetails: { runtime: "docker" },
      envVars: [{ key: "PLAIN", value: "theirs" }],
    },
  ],
  "render/postgres": (name, ownerId) => ["/postgres", { name, ownerId, plan: "basic_256mb", version: "17" }],
  "render/key-value": (name, ownerId) => ["/key-value", { name, ownerId, plan: "starter" }],
  "render/env-group": (name, ownerId) => [
    "/env-groups",
    { name, ownerId, envVars: [{ key: "PLAIN", value: "theirs" }] },
  ],
};

/** A deploy goes on by itself; another one would be somebody's doing. */
function withoutProgress(row: Row): Row {
  const { deploys, ...rest } = row;
  const ids = ((deploys ?? []) as readonly Row[]).map(({ id }) => id as Json);
  return { ...rest, deploys: ids };
}
