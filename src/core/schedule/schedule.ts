import type { BudgetName, Millis } from "../model/budget.ts";
import { findGaps } from "./find-gaps.ts";
import { orderSteps } from "./order-steps.ts";
import { placeReading, type Reading } from "./place-reading.ts";
import { budgetsOf, placeSteps, type Placed, type PlaceInput } from "./place-steps.ts";
import type { Schedule, Step } from "../model/plan.ts";
import { groupByWave } from "./waves.ts";

/** What a schedule is made from. */
export type ScheduleInput = PlaceInput & {
  /** In topological order. */
  readonly steps: readonly Step[];
  /** What the run reads before its first step; absent where that is done. */
  readonly reading?: Reading;
};

/**
 * Makes the schedule: each step starts as early as its needs, the windows of its budgets and the number of writes at a time
 * allow, the most urgent first; what is read before comes first. `tightest` is the budget without which the run would end soonest.
 */
export function makeSchedule(given: ScheduleInput): Schedule {
  const reads = given.reading && placeReading(given.reading, given);
  const first = reads?.time ?? 0;
  const input: ScheduleInput = { ...given, now: given.now + first };
  const calls: { [budget: BudgetName]: number } = {};
  for (const step of input.steps)
    for (const budget of budgetsOf(step)) calls[budget] = (calls[budget] ?? 0) + 1;
  const { order, placement } = orderSteps(input.steps, input);
  const { end } = placement;
  const slots = placement.slots.map((slot) => later(slot, first));
  // Only a budget that some step waited for can make the run longer.
  const waitedFor = new Set(slots.flatMap(({ budget }) => budget ?? []));
  const sooner = [...waitedFor]
    .map((budget) => ({ budget, end: placeSteps(order, input, budget).end }))
    .filter((without) => without.end < end)
    .sort((a, b) => a.end - b.end || (a.budget < b.budget ? -1 : 1));
  const gaps = findGaps(input.steps, slots, input.duration);
  return {
    ...(given.reading && reads && { reading: { calls: given.reading.calls, time: reads.time } }),
    slots: slots.map(({ opening: _opening, ...slot }) => slot),
    order: order.map(({ id }) => id),
    waves: groupByWave(slots),
    end: first + end,
    tightest: sooner[0]?.budget ?? (reads?.isWaiting ? given.reading!.budget : null),
    calls,
    ...(gaps.length > 0 && { gaps }),
  };
}

/** A slot, counted from the start of a run that begins `first` earlier. */
function later({ start, opening, ...slot }: Placed, first: Millis): Placed {
  return { ...slot, start: start + first, ...(opening !== undefined && { opening: opening + first }) };
}
