import { budgetOf, familyOf, type BudgetName, type Millis, type Window } from "../core/model/budget.ts";
import type { World } from "../world/world.ts";
import { countUsed, makeAlignedBucket, rollOver, settleAligned, type AlignedBucket } from "./bucket.ts";
import type { Gate } from "./gate.ts";
import { findDoubt, type Answered } from "./limit-headers.ts";
import { freeAt, makeSlidingBucket, settleSliding, windowOf, type SlidingBucket } from "./sliding-bucket.ts";

/** What a limiter knows and is told at its beginning. */
export type LimiterOptions = {
  /** Calls of each window that are left to other programs, by the family of the budget. */
  readonly reserve?: { readonly [family: string]: number };
  /** Windows that an earlier run knew of, from the ledger. */
  readonly windows?: ReadonlyMap<BudgetName, Window>;
  /** The end of `--max-duration`: no call is sent after this moment, and a call that would have to wait longer is refused at once. */
  readonly latest?: Millis;
  /** `--max-wait`: the longest time that one call may wait. */
  readonly longestWait?: Millis;
  /** Called when a call has to wait, so that the progress on the screen can say for what and until when. */
  readonly onWait?: (budget: BudgetName, until: Millis) => void;
  /** Called once, when an answer asks for a wait longer than a whole window (`header` as the API sent it). Such a wait is not believed. */
  readonly onDoubt?: (budget: BudgetName, header: string) => void;
};

type Bucket = AlignedBucket | SlidingBucket;

/** How a call waits for its turn. */
export type Turn = {
  /**
   * The rank of the call. Of those that could go at one moment, the one with the smallest rank goes first. Calls
   * without a rank come last, in order.
   */
  readonly rank?: number;
  /** The call also waits until this gate is open, and enters it. */
  readonly gate?: Gate;
  /** Budgets of calls that must follow at once. The call waits until they have room too, and reserves it for calls with `isHeld`. */
  readonly ahead?: readonly BudgetName[];
  /** Whether the room for this call was reserved by an earlier one. */
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

/** The limiter looks again after this time at the latest, so that it does not sleep through a limit that was raised. */
const longestSleep: Millis = 60_000;

/**
 * One limiter for all requests that one run sends, reads included. Its numbers come from the table of budgets, then from earlier runs,
 * then from the headers of each answer; the newest header wins. It counts each unanswered call as used, so calls that run side
 * by side cannot use more than a window has. Each call waits for its own budgets and gate only: one that waits an hour for a
 * budget does not delay calls of other budgets.
 */
export class Limiter {
  readonly #world: World;
  readonly #options: LimiterOptions;
  readonly #buckets = new Map<BudgetName, Bucket>();
  /** Calls that wait, by gate, in the order in which they shall go. */
  readonly #queues = new Map<Gate | undefined, Waiting[]>();
  /** The moments at which the limiter wakes up to look again. */
  readonly #wakes = new Set<Millis>();
  #hasDoubted = false;

  constructor(world: World, options: LimiterOptions = {}) {
    this.#world = world;
    this.#options = options;
  }

  /**
   * Waits until a call that is counted in these budgets may be sent, and counts it. False when the run was stopped or may not
   * wait so long. A call without a budget may be sent as soon as its gate is open. Each true needs one `give` afterwards.
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

  /** Takes in how a call went; to be called once for each `take` that was true. A call without limit headers counts as used. */
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

  /** Gives back room that was reserved with `ahead`: the call it was for is not sent, or waits for its turn like any other. */
  release(budgets: readonly BudgetName[]): void {
    for (const budget of budgets) this.#bucket(budget).held -= 1;
    this.#letGo();
  }

  /** Reports an impossible wait once. The headers do not say which of the call's budgets they mean, so the longest one is compared. */
  #doubt(budgets: readonly BudgetName[], { headers = {}, refused }: Answered, now: Millis): void {
    if (this.#hasDoubted || budgets.length === 0) return;
    const [longest] = [...budgets].sort((a, b) => budgetOf(b).per - budgetOf(a).per);
    const header = findDoubt(headers, refused, now, budgetOf(longest!).per);
    if (header === undefined) return;
    this.#hasDoubted = true;
    this.#options.onDoubt?.(longest!, header);
  }

  /** What is known about each window that still runs, those known from earlier runs included: for schedules and for the next ledger. */
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

  /** Lets each call go that may, and plans to look again at the moment when the next one may. */
  #letGo(): void {
    const now = this.#world.now();
    let next = Infinity;
    for (const [gate, queue] of this.#queues) {
      next = Math.min(next, this.#serve(queue, gate, now));
      if (queue.length === 0) this.#queues.delete(gate);
    }
    if (next < Infinity) this.#lookAgain(now, next);
  }

  /**
   * Lets calls of one gate go, and answers with the moment at which the next may. While the gate is shut it answers `Infinity`:
   * the call that leaves the gate looks again.
   */
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

  /**
   * The moment until which a call has to wait. `its turn` means until another call is answered: calls of a sliding
   * window go one by one.
   */
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

  /** Ends all waiting calls with an error that came up while they waited, as a lost lock does. */
  #giveUp(error: unknown): void {
    const waiting = [...this.#queues.values()].flat();
    this.#queues.clear();
    for (const { reject } of waiting) reject(error);
  }

  /** The moment at which the budget has room for so many calls. `calls` is 0 for a call whose room is reserved. */
  #freeAt(budget: BudgetName, now: Millis, calls: number): Millis {
    const bucket = this.#bucket(budget);
    const usable = Math.max(1, bucket.limit - (this.#options.reserve?.[familyOf(budget)] ?? 0));
    // A budget that can never have so much room is asked for as much as it can have.
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
