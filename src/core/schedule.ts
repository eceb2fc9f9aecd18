import { budgetOf, type BudgetName, type Millis, type Window } from "./budget.ts";
import type { Schedule, Slot, Step, StepId } from "./plan.ts";

export type ScheduleInput = {
  readonly steps: readonly Step[];
  /** Milliseconds since 1970: windows are aligned to it. */
  readonly now: Millis;
  /** What is known of the windows that are running, by full budget name. */
  readonly windows: ReadonlyMap<BudgetName, Window>;
  /** Calls left for others in every window, by budget family. */
  readonly reserve: { readonly [family: string]: number };
  /** How long a step usually takes; recorded medians. */
  readonly duration: (step: Step) => Millis;
  /** Writes at once. */
  readonly concurrency: number;
};

/**
 * When each step may start: as early as its needs, the windows of its budgets and a free writer allow, in plan order.
 * `tightest` is the budget whose absence would end the run soonest.
 */
export function makeSchedule(input: ScheduleInput): Schedule {
  const calls: { [budget: BudgetName]: number } = {};
  for (const step of input.steps)
    for (const budget of budgetsOf(step)) calls[budget] = (calls[budget] ?? 0) + 1;
  const placed = placeSteps(input, null);
  const sooner = Object.keys(calls)
    .filter((budget) => (calls[budget] ?? 0) > 0)
    .map((budget) => ({ budget, end: placeSteps(input, budget).end }))
    .filter(({ end }) => end < placed.end)
    .sort((a, b) => a.end - b.end || (a.budget < b.budget ? -1 : 1));
  return { slots: placed.slots, end: placed.end, tightest: sooner[0]?.budget ?? null, calls };
}

export function budgetsOf(step: Step): readonly BudgetName[] {
  return step.step === "write" ? step.write.budgets : [];
}

function placeSteps(
  input: ScheduleInput,
  without: BudgetName | null,
): { slots: readonly Slot[]; end: Millis } {
  const ends = new Map<StepId, Millis>();
  const used = new Map<string, number>();
  const writers: Millis[] = Array.from({ length: input.concurrency }, () => 0);
  const slots: Slot[] = [];
  for (const step of input.steps) {
    const ready = Math.max(0, ...step.needs.map((id) => ends.get(id) ?? 0));
    const budgets = budgetsOf(step).filter((budget) => budget !== without);
    let start = ready;
    if (step.step === "write") {
      const writer = writers.indexOf(Math.min(...writers));
      start = fit(input, used, budgets, Math.max(ready, writers[writer]!));
      writers[writer] = start + input.duration(step);
    }
    slots.push({ step: step.id, start });
    ends.set(step.id, start + input.duration(step));
  }
  return { slots, end: Math.max(0, ...ends.values()) };
}

/** The earliest moment from `from` on at which every budget has a call left; takes one of each. */
function fit(
  input: ScheduleInput,
  used: Map<string, number>,
  budgets: readonly BudgetName[],
  from: Millis,
): Millis {
  let start = from;
  for (;;) {
    const full = budgets.find((budget) => callsLeft(input, used, budget, start) <= 0);
    if (full === undefined) break;
    start = windowOf(full, input.now + start).endsAt - input.now;
  }
  for (const budget of budgets) {
    const slot = `${budget} ${windowOf(budget, input.now + start).startsAt}`;
    used.set(slot, (used.get(slot) ?? 0) + 1);
  }
  return start;
}

function callsLeft(
  input: ScheduleInput,
  used: Map<string, number>,
  budget: BudgetName,
  start: Millis,
): number {
  const window = windowOf(budget, input.now + start);
  const known = input.windows.get(budget);
  const isRunning = known !== undefined && known.endsAt >= window.endsAt && input.now + start < known.endsAt;
  const family = budget.split(":")[0]!;
  const limit = Math.max(1, (known?.limit ?? budgetOf(budget).calls) - (input.reserve[family] ?? 0));
  return limit - (isRunning ? known.used : 0) - (used.get(`${budget} ${window.startsAt}`) ?? 0);
}

export function windowOf(
  budget: BudgetName,
  at: Millis,
): { readonly startsAt: Millis; readonly endsAt: Millis } {
  const { per } = budgetOf(budget);
  const startsAt = Math.floor(at / per) * per;
  return { startsAt, endsAt: startsAt + per };
}
