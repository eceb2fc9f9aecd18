import { afterEach, describe, expect, test } from "vitest";
import type { DesiredState } from "../../src/core/model/desired.ts";
import { countGets, sumOf } from "../converge/count-gets.ts";
import type { Scene } from "../scene.ts";
import { loadCorpusState, openCorpusScene } from "./corpus-scene.ts";
import { converging, refused, unattainable } from "./outcomes.ts";

let scene: Scene;
afterEach(() => scene.close());

describe("a plan of a corpus file costs as many GETs as the product page says", () => {
  test.each(converging)("%s, before and after it is applied", async (file) => {
    const state = loadCorpusState(file);
    scene = await openCorpusScene(file);
    await expectCount(state);
    expect((await scene.apply()).verdict).toBe("done");
    await expectCount(state);
  });

  test.each(Object.keys(refused))("%s, before it exists", async (file) => {
    scene = await openCorpusScene(file);
    await expectCount(loadCorpusState(file));
  });

  test.each(Object.keys(refused).filter((file) => !unattainable[file]))(
    "%s, when it exists",
    async (file) => {
      const state = loadCorpusState(file);
      scene = await openCorpusScene(file, { load: [state] });
      await expectCount(state);
    },
  );
});

async function expectCount(state: DesiredState): Promise<void> {
  const terms = countGets(state, scene);
  const sent = scene.requests.length;
  const plan = await scene.plan();
  const made = scene.requests.slice(sent);
  const told = made.map(({ method, path, query }) => `${method} ${path} ${query}`).join("\n");
  expect(made.length, `${JSON.stringify(terms)}\n${told}`).toBe(sumOf(terms));
  expect(plan.reads.calls).toBe(made.length);
}
