import { dateOf } from "./recordings.ts";
import type { Replayed } from "./replay.ts";

/** How many calls were left after each call of one limit within one window, counted down from the most: 0, 1, 2 ... */
export type Countdown = {
  readonly window: string;
  readonly recorded: string;
  readonly ours: string;
  readonly sameCalls: boolean;
};

type Headers = { readonly [name: string]: string };

/**
 * Which calls share a budget shows in what is left: calls of one budget count down together, calls of two each on their
 * own. Other programs used the recorded budgets as well, so only the steps are compared, not where they start.
 */
export function countDown(played: readonly Replayed[]): readonly Countdown[] {
  const recorded = groupBy(played, (one) => windowOf(one, one.exchange.headers));
  const ours = groupBy(played, (one) => windowOf(one, one.answer.headers));
  return [...recorded].map(([window, calls]) => {
    const counterpart = ours.get(window) ?? [];
    return {
      window,
      recorded: stepsOf(calls.map((one) => one.exchange.headers)),
      ours: stepsOf(counterpart.map((one) => one.answer.headers)),
      sameCalls: calls.length === counterpart.length,
    };
  });
}

function windowOf({ exchange }: Replayed, headers: Headers): string {
  const reset = Number(headers["ratelimit-reset"]);
  const seconds =
    exchange.method === "POST" && /^\/(services|postgres|key-value|redis)$/.test(exchange.path) ? 3600 : 60;
  const end = Math.round((dateOf(exchange) / 1000 + reset) / seconds);
  return `${exchange.recording} ${headers["ratelimit-limit"]} ${end}`;
}

function stepsOf(answers: readonly Headers[]): string {
  const left = answers.map((headers) => Number(headers["ratelimit-remaining"])).sort((a, b) => b - a);
  return left.map((remaining) => (left[0] ?? 0) - remaining).join(" ");
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
