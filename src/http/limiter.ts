import { budgetOf, familyOf, type BudgetName, type Millis, type Window } from "../core/model/budget.ts";
import type { World } from "../world/world.ts";
import { countUsed, makeAlignedBucket, rollOver, settleAligned, type AlignedBucket } from "./bucket.ts";
import type { Gate } from "./gate.ts";
import { findDoubt, type Answered } from "./limit-headers.ts";
import { freeAt, makeSlidingBucket, settleSliding, windowOf, type SlidingBucket } from "./sliding-bucket.ts";

export type LimiterOptions = {
  readonly reserve?: { readonly [family: string]: number };
  readonly windows?: ReadonlyMap<BudgetName, Window>;
  /** No call is let go, and none is waited for, after this moment: the end of `--max-duration`. */
  readonly latest?: Millis;
  /** The longest that one call may wait: `--max-wait`. */
  readonly longestWait?: Millis;
  /** Told when a call has to wait, so that progress can say for what and until when. */
  readonly onWait?: (budget: BudgetName, until: Millis) => void;
  /** Told once, when an answer asks for a longer wait than its window lasts: `header` as the API sent it. Not believed. */
  readonly onDoubt?: (budget: BudgetName, header: string) => void;
};

type Bucket = AlignedBucket | SlidingBucket;

/**
 * `rank`: of the calls that could go at one moment the one with the smallest goes first; those without come last, in order.
 * `ahead`: calls that have to have room as well, and are kept for whoever comes with `isHeld`.
 */
export type Turn = {
  readonly rank?: number;
  readonly gate?: Gate;
  readonly ahead?: readonly BudgetName[];
  /** Its calls were kept for it. */
  readonly isHeld?: boolean;
};

type Waiting = {
  readonly budgets: readonly BudgetName[];
  readonly ahead: readonly BudgetName[];
  readonly isHeld: boolean;
  readonly rank: number;
  readonly resolve: (isLet: boolean) => void;
  readonly reject: (error: unknown) => void;
  /** The moment that `onWait` was told of. */
  told: Millis;
};

/** Somebody looks again after this time at the latest: a limit that was raised meanwhile is not slept through. */
const longestSleep: Millis = 60_000;

/**
 * One limiter for everything that goes out, reads included. What it believes comes from the table, then from
 * earlier runs, then from the headers of every answer; the header wins. It counts every unanswered call of ours as used,
 * so calls that run side by side can never overrun a window. A call goes when its budgets and its gate let it, so one that
 * waits an hour for a budget holds up no other.
 */
export class Limiter {
  readonly #world: World;
  readonly #options: LimiterOptions;
  readonly #buckets = new Map<BudgetName, Bucket>();
  /** Calls that wait, by gate, in the order in which they shall go. */
  readonly #queues = new Map<Gate | undefined, Waiting[]>();
  /** When somebody wakes to look again. */
  readonly #wakes = new Set<Millis>();
  #hasDoubted = false;

  constructor(world: World, options: LimiterOptions = {}) {
    this.#world = world;
    this.#options = options;
  }

  /**
   * Resolves when one call of each budget may be sent, and counts it; false when the run was stopped, or may not wait so
   * long. A call without a budget may be sent as soon as its gate is open.
   */
  take(budgets: readonly BudgetName[], turn: Turn = {}): Promise<boolean> {
    const { rank = Infinity, gate, ahead = [], isHeld = false } = turn;
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(gate) ?? [];
      this.#queues.set(gate, queue);
      const before = queue.findLastIndex((other) => other.rank <= rank);
      queue.splice(before + 1, 0, { budgets, ahead, isHeld, rank, resolve, reject, told: 0 });
      this.#letGo();
    });
  }

  /** To be called once for every `take` that was granted. A call whose answer says nothing counts as used. */
  give(budgets: readonly BudgetName[], answered: Answered, gate?: Gate): void {
    const now = this.#world.now();
    this.#doubt(budgets, answered, now);
    for (const budget of budgets) {
      const bucket = this.#bucket(budget);
      if (bucket.window === "aligned") settleAligned(bucket, answered, now);
      else settleSliding(bucket, answered, now);
    }
    gate?.leave();
    this.#letGo();
  }

  /** Whoever they were kept for does not come, or takes its turn like everybody. */
  release(budgets: readonly BudgetName[]): void {
    for (const budget of budgets) this.#bucket(budget).held -= 1;
    this.#letGo();
  }

  /** An answer speaks of one of the budgets and does not say of which: what fits the longest is believed. */
  #doubt(budgets: readonly BudgetName[], { headers = {}, refused }: Answered, now: Millis): void {
    if (this.#hasDoubted || budgets.length === 0) return;
    const [longest] = [...budgets].sort((a, b) => budgetOf(b).per - budgetOf(a).per);
    const header = findDoubt(headers, refused, now, budgetOf(longest!).per);
    if (header === undefined) return;
    this.#hasDoubted = true;
    this.#options.onDoubt?.(longest!, header);
  }

  /** What is known of every window that is running, be it from earlier runs: for schedules and for the next ledger. */
  windows(): ReadonlyMap<BudgetName, Window> {
    const now = this.#world.now();
    const inherited = this.#options.windows ?? new Map<BudgetName, Window>();
    const own = [...this.#buckets].map(([name, bucket]): [BudgetName, Window] => [
      name,
      bucket.window === "sliding"
        ? windowOf(bucket, now)
        : { limit: bucket.limit, used: countUsed(bucket), endsAt: bucket.endsAt },
    ]);
    return new Map([...inherited, ...own].filter(([, window]) => window.endsAt > now));
  }

  /** Lets everything go that may, and sees to it that somebody looks again when the next may. */
  #letGo(): void {
    const now = this.#world.now();
    let next = Infinity;
    for (const [gate, queue] of this.#queues) {
      next = Math.min(next, this.#serve(queue, gate, now));
      if (queue.length === 0) this.#queues.delete(gate);
    }
    if (next < Infinity) this.#lookAgain(now, next);
  }

  /** When the first of those that are left may go; not told while the gate is shut, since whoever leaves it looks again. */
  #serve(queue: Waiting[], gate: Gate | undefined, now: Millis): Millis {
    let next = Infinity;
    for (let place = 0; place < queue.length && isOpen(gate);) {
      const waiting = queue[place]!;
      const until = this.#waitsUntil(waiting, now);
      if (until === "now" || until === "never") queue.splice(place, 1);
      else place += 1;
      if (until === "now") this.#send(waiting, gate);
      else if (until === "never") waiting.resolve(false);
      else if (until !== "its turn") next = Math.min(next, until);
    }
    return next;
  }

  #send({ budgets, ahead, isHeld, resolve }: Waiting, gate: Gate | undefined): void {
    for (const budget of budgets) {
      const bucket = this.#bucket(budget);
      bucket.inFlight += 1;
      if (isHeld) bucket.held -= 1;
    }
    for (const budget of ahead) this.#bucket(budget).held += 1;
    gate?.enter();
    resolve(true);
  }

  /** `its turn`: calls of a sliding window go one after the other. */
  #waitsUntil(waiting: Waiting, now: Millis): Millis | "now" | "its turn" | "never" {
    const { latest = Infinity, longestWait = Infinity, onWait } = this.#options;
    if (this.#world.stop.aborted || now >= latest) return "never";
    const { budgets, ahead, isHeld } = waiting;
    if (budgets.some((budget) => this.#isInTurn(budget))) return "its turn";
    const spent = [...budgets, ...ahead];
    const blocked = spent
      .map((budget) => {
        const calls = isHeld ? 0 : spent.filter((one) => one === budget).length;
        return { budget, until: this.#freeAt(budget, now, calls) };
      })
      .reduce((last, one) => (one.until > last.until ? one : last), { budget: "", until: now });
    if (blocked.until <= now) return "now";
    if (blocked.until > latest || blocked.until - now > longestWait) return "never";
    if (blocked.until > waiting.told) {
      waiting.told = blocked.until;
      onWait?.(blocked.budget, blocked.until);
    }
    return blocked.until;
  }

  #isInTurn(budget: BudgetName): boolean {
    const bucket = this.#bucket(budget);
    return bucket.window === "sliding" && bucket.inFlight > 0;
  }

  #lookAgain(now: Millis, next: Millis): void {
    const at = Math.min(next, now + longestSleep);
    if ([...this.#wakes].some((wake) => wake <= at)) return;
    this.#wakes.add(at);
    const look = async (): Promise<void> => {
      await this.#world.sleep(at - now);
      this.#wakes.delete(at);
      this.#letGo();
    };
    look().catch((error: unknown) => this.#giveUp(error));
  }

  /** The lease was lost while everybody slept. */
  #giveUp(error: unknown): void {
    const waiting = [...this.#queues.values()].flat();
    this.#queues.clear();
    for (const { reject } of waiting) reject(error);
  }

  /** When so many calls have room; a call that was kept needs no more. */
  #freeAt(budget: BudgetName, now: Millis, calls: number): Millis {
    const bucket = this.#bucket(budget);
    const usable = Math.max(1, bucket.limit - (this.#options.reserve?.[familyOf(budget)] ?? 0));
    // What never has so much room is not waited for.
    const before = usable - Math.min(calls, usable) + 1;
    if (bucket.window === "sliding") return Math.max(freeAt(bucket, before, now), bucket.blockedUntil);
    rollOver(bucket, now);
    const free = countUsed(bucket) < before ? now : bucket.endsAt;
    return Math.max(free, bucket.blockedUntil);
  }

  #bucket(budget: BudgetName): Bucket {
    const known = this.#buckets.get(budget);
    if (known) return known;
    const make = budgetOf(budget).window === "sliding" ? makeSlidingBucket : makeAlignedBucket;
    const bucket = make(budget, this.#options.windows?.get(budget), this.#world.now());
    this.#buckets.set(budget, bucket);
    return bucket;
  }
}

function isOpen(gate: Gate | undefined): boolean {
  return gate?.isOpen ?? true;
}
