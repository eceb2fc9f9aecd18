import type { BudgetName, Millis } from "../model/budget.ts";
import { orderSteps } from "./order-steps.ts";
import { placeReading, type Reading } from "./place-reading.ts";
import { budgetsOf, placeSteps, type Placed, type PlaceInput } from "./place-steps.ts";
import type { Schedule, Step, StepId, Wave, Gap, Slot } from "../model/plan.ts";
import type { Address } from "../base/address.ts";

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

/** Windows that open within this time of each other begin one wave: headers count whole seconds. */
const together: Millis = 5_000;

/**
 * Groups steps into waves. A step begins a new wave only where it found a window full and starts when the next one opens; all
 * that follow until then belong to the same wave.
 */
function groupByWave(slots: readonly Placed[]): readonly Wave[] {
  const waves: { start: Millis; opening: Millis; budget: Placed["budget"]; steps: StepId[] }[] = [];
  for (const { step, start, budget, opening = 0 } of slots) {
    const last = waves.at(-1);
    if (last && (budget === undefined || opening <= last.opening + together)) last.steps.push(step);
    else waves.push({ start, opening: Math.max(0, opening), budget, steps: [step] });
  }
  return waves.map(({ start, steps, budget }) => ({ start, steps, ...(budget !== undefined && { budget }) }));
}

/**
 * How long each address is away: from the start of its deletion to the end of its creation and of the wait until it works.
 * An object that steps aside serves on until then, so it has no gap.
 */
function findGaps(
  steps: readonly Step[],
  slots: readonly Slot[],
  duration: (step: Step) => Millis,
): readonly Gap[] {
  const starts = new Map<StepId, Millis>(slots.map(({ step, start }) => [step, start]));
  const gone = new Map<Address, Millis>();
  const back = new Map<Address, Millis>();
  const readyAt = new Map<Address, Millis>();
  for (const step of steps) {
    const start = starts.get(step.id);
    if (start === undefined) continue;
    const end = start + duration(step);
    const isOfFormer = "former" in step && step.former !== undefined;
    if (step.step === "wait" && !isOfFormer) readyAt.set(step.address, end);
    if (step.step !== "write" || isOfFormer || step.half !== undefined) continue;
    if (step.verb === "delete" && step.together !== undefined) gone.set(step.address, start);
    const made = step.verb === "create" ? [step.address, ...(step.carries ?? [])] : [];
    for (const address of made) back.set(address, end);
  }
  return [...gone].flatMap(([address, start]) => {
    const end = Math.max(back.get(address) ?? start, readyAt.get(address) ?? 0);
    return end > start ? [{ address, start, time: end - start }] : [];
  });
}
