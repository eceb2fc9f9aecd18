import type { Millis } from "../model/budget.ts";
import type { Placed } from "./place-steps.ts";
import type { StepId, Wave } from "../model/plan.ts";

/** Windows of several budgets that open within this time are one beginning: headers count whole seconds. */
const together: Millis = 5_000;

/**
 * Steps by the window that they start in. Only a step that found a window full begins a wave, when the next one opens, so no
 * two waves in a row could be one.
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
