import type { Millis } from "../model/budget.ts";
import type { Placed } from "./place-steps.ts";
import type { StepId, Wave } from "../model/plan.ts";

/** Windows that open within this time of each other begin one wave: headers count whole seconds. */
const together: Millis = 5_000;

/**
 * Groups steps into waves. A step begins a new wave only where it found a window full and starts when the next one opens; all
 * that follow until then belong to the same wave.
 */
export function groupByWave(slots: readonly Placed[]): readonly Wave[] {
  const waves: { start: Millis; opening: Millis; budget: Placed["budget"]; steps: StepId[] }[] = [];
  for (const { step, start, budget, opening = 0 } of slots) {
    const last = waves.at(-1);
    if (last && (budget === undefined || opening <= last.opening + together)) last.steps.push(step);
    else waves.push({ start, opening: Math.max(0, opening), budget, steps: [step] });
  }
  return waves.map(({ start, steps, budget }) => ({ start, steps, ...(budget !== undefined && { budget }) }));
}
