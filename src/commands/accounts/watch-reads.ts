import type { BudgetName, Millis } from "../../core/model/budget.ts";
import { placeReading } from "../../core/schedule/place-reading.ts";
import { readBudget } from "../../providers/render/budgets.ts";
import type { Connection } from "./connect.ts";
import type { Deps } from "../base/deps.ts";

/** Recorded medians of a GET are 70 to 150 ms, and sixteen are under way at a time. */
export const perRead: Millis = 110 / 16;

/** Tells of each wait for a limit as an event, counted from now. */
export function tellWaits({
  world,
  events,
}: Pick<Deps, "world" | "events">): (budget: BudgetName, until: Millis) => void {
  const began = world.now();
  return (budget, until) =>
    events({ event: "budget-wait", at: world.now() - began, budget, until: until - began });
}

/** Lets whoever waits look at how far the reads of the accounts are. What is known to be asked grows while lists are read. */
export function watchReads(
  connection: Pick<Connection, "calls" | "answered" | "limiter">,
  reserve: { readonly [family: string]: number },
  { reading, world }: Pick<Deps, "reading" | "world">,
): void {
  const budget: BudgetName = readBudget("/services");
  const remainingOf = (calls: number): Millis =>
    placeReading(
      { calls, budget, each: perRead },
      { now: world.now(), windows: connection.limiter.windows(), reserve },
    ).time;
  reading?.(() => {
    const [done, asked] = [connection.answered(), connection.calls()];
    return { done, asked, remaining: remainingOf(asked - done) };
  });
}
