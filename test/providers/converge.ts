import { expect } from "vitest";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import type { Plan } from "../../src/core/model/plan.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import { rowNamed } from "../observe.ts";
import type { Scene } from "../scene.ts";

/** Applies the text, which must succeed and leave nothing to do. */
export async function converge(
  scene: Scene,
  text: string,
  input: Partial<ApplyInput> = {},
): Promise<RunReport> {
  await scene.write(text);
  const report = await scene.apply(input);
  expect(report.problems).toEqual([]);
  expect(report.verdict).toBe("done");
  const again = await scene.plan();
  expect(again.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(stepsOf(again)).toEqual([]);
  return report;
}

export function stepsOf(plan: Plan): readonly string[] {
  return plan.steps.map((step) => step.id);
}

/** `update render/service/api`, with `file` or `outside` where fields differ. */
export function verdictsOf(plan: Plan): readonly string[] {
  return plan.changes
    .filter((change) => change.action !== "keep")
    .map((change) =>
      [change.action, change.address, ...new Set(change.fields.map((field) => field.verdict))].join(" "),
    );
}

/** The id of the only row of that name. */
export function idOf(scene: Scene, table: string, name: string): string {
  const { id } = rowNamed(scene, table, name);
  if (typeof id !== "string") throw new Error(`${table} ${name} has no id`);
  return id;
}

/** Calls that a plan makes, sorted. */
export async function readsOf(scene: Scene): Promise<readonly string[]> {
  const before = scene.requests.length;
  await scene.plan();
  return scene.requests
    .slice(before)
    .map((line) => `${line.method} ${line.path}`)
    .sort();
}

/** Another value of a variable of the environment, as the next run sees it. */
export function setVariable(scene: Scene, name: string, value: string): void {
  Object.assign(scene.deps.environment, { [name]: value });
}
