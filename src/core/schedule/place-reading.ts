import type { BudgetName, Millis } from "../model/budget.ts";
import { countWindow, type CountInput } from "./window-count.ts";

/** Reads that come before the first step: how many, of which budget, and the time that each adds while there is room. */
export type Reading = { readonly calls: number; readonly budget: BudgetName; readonly each: Millis };

/**
 * How long the reads take, with the waits for windows: 600 calls where a minute allows 400 take until the next minute and a bit.
 * `isWaiting`: a window decided, and not the calls themselves.
 */
export function placeReading(
  { calls, budget, each }: Reading,
  input: CountInput,
): { readonly time: Millis; readonly isWaiting: boolean } {
  const count = countWindow(budget, input);
  let time: Millis = 0;
  let isWaiting = false;
  for (let call = 0; call < calls; call += 1) {
    if (count.lacks(time, 1) > 0) {
      time = Math.max(time, count.opensAt(time, 1));
      isWaiting = true;
    }
    count.take(time);
    time += each;
  }
  return { time: Math.ceil(time), isWaiting };
}
