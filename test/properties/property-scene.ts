import fc from "fast-check";
import { expect } from "vitest";
import { hasWork, type Plan } from "../../src/core/model/plan.ts";
import { makeIdleClock } from "../idle-clock.ts";
import { openScene, start, type Scene, type SceneOptions } from "../scene.ts";
import { environment } from "./arbitrary-variables.ts";

/** A scene for one generated file: limits are other tests' matter. */
export async function inScene(
  work: (scene: Scene) => Promise<void>,
  options: SceneOptions = {},
): Promise<void> {
  const clock = makeIdleClock(start);
  const scene = await openScene({ limits: "off", environment, clock, send: clock.send, ...options });
  try {
    await work(scene);
  } finally {
    await scene.close();
  }
}

export async function applyTo(
  scene: Scene,
  text: string,
  input: Parameters<Scene["apply"]>[0] = {},
): Promise<void> {
  await scene.write(text);
  const report = await scene.apply(input);
  // A pair of files that asks for what no flag agrees to: a region that changes where the service's own log stream would be lost.
  fc.pre(!report.problems.some(({ code }) => code === "replace-loses-values"));
  // That a database was exported before it was replaced is no problem.
  expect(report.problems.filter(({ severity }) => severity !== "note")).toEqual([]);
  expect(report.verdict).toBe("done");
}

/** What a plan has left to do, with the fields that differ; empty when live is what the file says. */
export function leftIn(plan: Plan): readonly string[] {
  const left = plan.changes.filter(({ action, converged }) => action !== "keep" || converged.length > 0);
  const told = left.flatMap(({ action, address, fields, converged }) => [
    `${action} ${address} ${converged.join(" ")}`,
    ...fields.map((field) => JSON.stringify(field)),
  ]);
  return [...told, ...(hasWork(plan) ? plan.steps.map(({ id }) => id) : [])];
}
