import fc from "fast-check";
import { expect, test } from "vitest";
import { readDesired } from "../../src/file/blocks/desired.ts";
import { fileKinds } from "../../src/providers/file-kinds.ts";
import { ourRows } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { arbitraryFile } from "./arbitrary-file.ts";
import { environment } from "./arbitrary-variables.ts";
import { portray } from "./portrait.ts";
import { applyTo, inScene } from "./property-scene.ts";
import { propertyRuns, propertyTimeout } from "./runs.ts";

/** The simulator loads a file through a table of its own: what the providers get wrong shows. */
test(
  "an applied file makes the rows that loading it makes",
  async () => {
    const property = fc.asyncProperty(arbitraryFile, async (text) => {
      const { state } = readDesired([{ name: "trueup.yaml", text }], {
        kinds: fileKinds,
        today: "2026-11-22",
      });
      if (!state) throw new Error("the generated file has errors");
      let loaded: ReturnType<typeof portrayOurs> | undefined;
      await inScene(async (scene) => void (loaded = portrayOurs(scene)), { load: [state] });
      await inScene(async (scene) => {
        await applyTo(scene, text);
        expect(portrayOurs(scene)).toEqual(loaded);
      });
    });
    await fc.assert(property, propertyRuns(8));
  },
  propertyTimeout,
);

function portrayOurs(scene: Scene): ReturnType<typeof portray> {
  const portrait = portray((table) => ourRows(scene, table));
  // A file that is loaded has nobody's environment.
  const told = Object.entries(environment).map(
    ([name, value]) => [`"value of ${name}"`, JSON.stringify(value)] as const,
  );
  const text = told.reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(portrait));
  return JSON.parse(text) as ReturnType<typeof portray>;
}
