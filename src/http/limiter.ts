import { familyOf, type BudgetName, type Millis, type Window } from "../core/budget.ts";
import type { World } from "../world/world.ts";
import { countUsed, makeBucket, rollOver, settle, type Answered, type Bucket } from "./bucket.ts";

export type LimiterOptions = {
  readonly reserve?: { readonly [family: string]: number };
  readonly windows?: ReadonlyMap<BudgetName, Window>;
  /** No call is let go, and none is waited for, after this moment: the end of `--max-duration`. */
  readonly latest?: Millis;
  /** The longest that one call may wait: `--max-wait`. */
  readonly longestWait?: Millis;
  /** Told when a call has to wait, so that progress can say for what and until when. */
  readonly onWait?: (budget: BudgetName, until: Millis) => void;
};

/**
 * One limiter for everything that goes out to one API, reads included. What it believes comes from the table, then from
 * earlier runs, then from the headers of every answer; the header wins. It counts every unanswered call of ours as used,
 * so calls that run side by side can never overrun a window. It sleeps only inside the call that has to wait.
 */
export class Limiter {
  readonly #world: World;
  readonly #options: LimiterOptions;
  readonly #buckets = new Map<BudgetName, Bucket>();

  constructor(world: World, options: LimiterOptions = {}) {
    this.#world = world;
    this.#options = options;
  }

  /** Resolves when one call of each budget may be sent, and counts it; false when the run was stopped, or may not wait so long. */
  async take(budgets: readonly BudgetName[]): Promise<boolean> {
    for (;;) {
      if (this.#world.stop.aborted) return false;
      const now = this.#world.now();
      const blocked = budgets
        .map((budget) => ({ budget, until: this.#freeAt(budget, now) }))
        .reduce((latest, next) => (next.until > latest.until ? next : latest));
      if (now >= (this.#options.latest ?? Infinity)) return false;
      if (blocked.until <= now) break;
      if (blocked.until > (this.#options.latest ?? Infinity)) return false;
      if (blocked.until - now > (this.#options.longestWait ?? Infinity)) return false;
      this.#options.onWait?.(blocked.budget, blocked.until);
      await this.#world.sleep(blocked.until - now);
    }
    for (const budget of budgets) this.#bucket(budget).inFlight += 1;
    return true;
  }

  /** To be called once for every `take`. A call whose answer says nothing counts as used. */
  give(budgets: readonly BudgetName[], answered: Answered): void {
    const now = this.#world.now();
    for (const budget of budgets) settle(this.#bucket(budget), answered, now);
  }

  /** What is known of every window that is running, be it from earlier runs: for schedules and for the next ledger. */
  windows(): ReadonlyMap<BudgetName, Window> {
    const now = this.#world.now();
    const inherited = this.#options.windows ?? new Map<BudgetName, Window>();
    const own = [...this.#buckets].map(([name, bucket]): [BudgetName, Window] => [
      name,
      { limit: bucket.limit, used: countUsed(bucket), endsAt: bucket.endsAt },
    ]);
    return new Map([...inherited, ...own].filter(([, window]) => window.endsAt > now));
  }

  #freeAt(budget: BudgetName, now: Millis): Millis {
    const bucket = this.#bucket(budget);
    rollOver(bucket, now);
    const usable = Math.max(1, bucket.limit - (this.#options.reserve?.[familyOf(budget)] ?? 0));
    const free = countUsed(bucket) < usable ? now : bucket.endsAt;
    return Math.max(free, bucket.blockedUntil);
  }

  #bucket(budget: BudgetName): Bucket {
    const known = this.#buckets.get(budget);
    if (known) return known;
    const bucket = makeBucket(budget, this.#options.windows?.get(budget), this.#world.now());
    this.#buckets.set(budget, bucket);
    return bucket;
  }
}
