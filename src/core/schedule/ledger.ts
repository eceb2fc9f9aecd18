import {
  budgetTable,
  familyOf,
  leavesOf,
  type BudgetName,
  type Millis,
  type Window,
} from "../model/budget.ts";

/** What earlier runs have used of each budget, kept with the state: the windows that were running when it was last written. */
export type Ledger = { readonly version: 1; readonly windows: { readonly [budget: BudgetName]: Window } };

/** The ledger of windows that are still running at `now`. */
export function makeLedger(windows: ReadonlyMap<BudgetName, Window>, now: Millis): Ledger {
  const running = [...windows].filter(([budget, window]) => isRunning(budget, window, now));
  return { version: 1, windows: Object.fromEntries(running.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The windows of a ledger that still run. */
export function runningWindows(ledger: Ledger | undefined, now: Millis): ReadonlyMap<BudgetName, Window> {
  const running = Object.entries(ledger?.windows ?? {}).filter(([budget, window]) =>
    isRunning(budget, window, now),
  );
  return new Map(running.map(([budget, window]) => [budget, withoutPast(window, now)]));
}

function withoutPast(window: Window, now: Millis): Window {
  if (!window.leaves) return window;
  const leaves = leavesOf(window, now).filter((at) => at <= window.endsAt);
  return { ...window, used: leaves.length, leaves };
}

/**
 * How far two readings of the end of a window may differ: a header counts whole seconds, and the clocks of two
 * machines differ by a few.
 */
const tolerance = 5_000;

/**
 * Whether a window is running. One that would end later than a whole window from now was written by a wrong clock, and counts
 * as ended: waiting for it could take for ever.
 */
function isRunning(budget: BudgetName, window: Window, now: Millis): boolean {
  const family = budgetTable[familyOf(budget)];
  return family !== undefined && window.endsAt > now && window.endsAt <= now + family.per + tolerance;
}
