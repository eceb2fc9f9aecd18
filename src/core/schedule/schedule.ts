import type { BudgetName } from "../model/budget.ts";
import { findGaps } from "./find-gaps.ts";
import { orderSteps } from "./order-steps.ts";
import { budgetsOf, placeSteps, type PlaceInput } from "./place-steps.ts";
import type { Schedule, Step } from "../model/plan.ts";
import { groupByWave } from "./waves.ts";

/** What a schedule is made from. */
export type ScheduleInput = PlaceInput & {
  /** In topological order. */
  readonly steps: readonly Step[];
};

/**
 * Makes the schedule: each step starts as early as its needs, the windows of its budgets and the number of writes at a time
 * allow, the most urgent first. `tightest` is the budget without which the run would end soonest.
 */
export function makeSchedule(input: ScheduleInput): Schedule {
  const calls: { [budget: BudgetName]: number } = {};
  for (const step of input.steps)
    for (const budget of budgetsOf(step)) calls[budget] = (calls[budget] ?? 0) + 1;
  const { order, placement } = orderSteps(input.steps, input);
  const { slots, end } = placement;
  // Only a budget that some step waited for can make the run longer.
  const waitedFor = new Set(slots.flatMap(({ budget }) => budget ?? []));
  const sooner = [...waitedFor]
    .map((budget) => ({ budget, end: placeSteps(order, input, budget).end }))
    .filter((without) => without.end < end)
    .sort((a, b) => a.end - b.end || (a.budget < b.budget ? -1 : 1));
  const gaps = findGaps(input.steps, slots, input.duration);
  return {
    slots: slots.map(({ opening: _opening, ...slot }) => slot),
    order: order.map(({ id }) => id),
    waves: groupByWave(slots),
    end,
    tightest: sooner[0]?.budget ?? null,
    calls,
    ...(gaps.length > 0 && { gaps }),
  };
}
