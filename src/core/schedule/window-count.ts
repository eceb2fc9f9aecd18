import { budgetOf, familyOf, leavesOf, type BudgetName, type Millis, type Window } from "../model/budget.ts";

/** What is known of budgets when a schedule is made. */
export type CountInput = {
  /** Milliseconds since 1970. */
  readonly now: Millis;
  /** What is known of the windows that are running, by full budget name. */
  readonly windows: ReadonlyMap<BudgetName, Window>;
  /** By budget family, the calls that every window leaves to others. */
  readonly reserve: { readonly [family: string]: number };
};

/** Counts the calls of one budget while a schedule is made. Moments count from `now`, and must be asked for in order. */
export interface WindowCount {
  /** How many of `calls` have no room at that moment. More calls than a whole window allows count as a whole window. */
  lacks(at: Millis, calls: number): number;
  /** Spends one call. */
  take(at: Millis): void;
  /** When `lacking` more calls have room; only asked while they are lacking. */
  opensAt(at: Millis, lacking: number): Millis;
  /** When the window began that is open at that moment. */
  openedAt(at: Millis): Millis;
}

/** A counter for a budget, of the sort that its window is. */
export function countWindow(budget: BudgetName, input: CountInput): WindowCount {
  return budgetOf(budget).window === "sliding"
    ? new SlidingCount(budget, input)
    : new AlignedCount(budget, input);
}

function usableOf(budget: BudgetName, { windows, reserve }: CountInput): number {
  const limit = windows.get(budget)?.limit ?? budgetOf(budget).calls;
  return Math.max(1, limit - (reserve[familyOf(budget)] ?? 0));
}

/** Counts windows that follow each other by the clock: the end of the running one tells when all later ones begin. */
class AlignedCount implements WindowCount {
  readonly #per: Millis;
  readonly #usable: number;
  #endsAt: Millis;
  #used: number;

  constructor(budget: BudgetName, input: CountInput) {
    const { now, windows } = input;
    const known = windows.get(budget);
    const isRunning = known !== undefined && known.endsAt > now;
    this.#per = budgetOf(budget).per;
    this.#usable = usableOf(budget, input);
    this.#used = isRunning ? known.used : 0;
    this.#endsAt = (isRunning ? known.endsAt : windowOf(budget, now).endsAt) - now;
  }

  lacks(at: Millis, calls: number): number {
    this.#roll(at);
    return Math.max(0, Math.min(calls, this.#usable) - (this.#usable - this.#used));
  }

  take(at: Millis): void {
    this.#roll(at);
    this.#used += 1;
  }

  opensAt(at: Millis, _lacking: number): Millis {
    this.#roll(at);
    return this.#endsAt;
  }

  openedAt(at: Millis): Millis {
    this.#roll(at);
    return this.#endsAt - this.#per;
  }

  #roll(at: Millis): void {
    if (at < this.#endsAt) return;
    this.#endsAt += this.#per * (Math.floor((at - this.#endsAt) / this.#per) + 1);
    this.#used = 0;
  }
}

/** Counts a sliding window: each call stops to count by itself, `per` milliseconds after it started. */
class SlidingCount implements WindowCount {
  readonly #per: Millis;
  readonly #usable: number;
  /** The moments at which the counted calls stop to count, in order. */
  #leaves: Millis[];

  constructor(budget: BudgetName, input: CountInput) {
    const { now, windows } = input;
    this.#per = budgetOf(budget).per;
    this.#usable = usableOf(budget, input);
    this.#leaves = leavesOf(windows.get(budget), now).map((leaves) => leaves - now);
  }

  lacks(at: Millis, calls: number): number {
    this.#leaves = this.#leaves.filter((leaves) => leaves > at);
    return Math.max(0, Math.min(calls, this.#usable) - (this.#usable - this.#leaves.length));
  }

  take(at: Millis): void {
    this.#leaves.push(at + this.#per);
  }

  opensAt(at: Millis, lacking: number): Millis {
    return this.#leaves[lacking - 1] ?? at;
  }

  openedAt(at: Millis): Millis {
    return at;
  }
}

/** The window of a budget of which nothing is known: aligned to the clock, as every recorded Ratelimit-Reset shows. */
export function windowOf(
  budget: BudgetName,
  at: Millis,
): { readonly startsAt: Millis; readonly endsAt: Millis } {
  const { per } = budgetOf(budget);
  const startsAt = Math.floor(at / per) * per;
  return { startsAt, endsAt: startsAt + per };
}
