import { budgetOf, familyOf, type BudgetName, type Millis, type Window } from "../core/budget.ts";
import { windowOf } from "../core/schedule.ts";
import type { World } from "../world/world.ts";

type Bucket = {
  limit: number;
  /** Most calls of this window that an answer has shown used, by anybody. */
  seen: number;
  /** Our calls that are not answered yet: each may or may not be in `seen` already. */
  inFlight: number;
  /** When calls ended whose answers said nothing: each may have been counted in the window after. */
  untold: readonly Millis[];
  /** When this window was first known: an answer to an earlier call may speak of the window before. */
  knownSince: Millis;
  /** Never earlier than the real end: the header counts whole seconds. */
  endsAt: Millis;
  /** The API said to wait that long, whatever the numbers say. */
  blockedUntil: Millis;
};

export type LimiterOptions = {
  readonly reserve?: { readonly [family: string]: number };
  readonly windows?: ReadonlyMap<BudgetName, Window>;
  /** Told when a call has to wait, so that progress can say for what and until when. */
  /** No call is let go, and none is waited for, after this moment: the end of `--max-duration`. */
  readonly latest?: Millis;
  /** The longest that one call may wait: `--max-wait`. */
  readonly longestWait?: Millis;
  readonly onWait?: (budget: BudgetName, until: Millis) => void;
};

/**
 * How a call went. `headers` is absent when no answer came. `refused`: the answer was 429, so the window is spent until the
 * header's reset or `Retry-After`. `sentAt`: before that moment the API cannot
 * have counted it.
 */
export type Answered = {
  readonly headers: { readonly [name: string]: string } | undefined;
  readonly refused: boolean;
  readonly sentAt: Millis;
};

/** A header value under this is seconds left, above it seconds since 1970: recordings show the first, the documentation says the second. */
const epochFrom = 1_000_000;
const slack = 1_000;
/** How late we may know of the end of a window: what an answer takes to come back, and whole seconds. */
const doubt = 10_000;

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

  /** To be called once for every `take`. A call whose answer says nothing of this window counts as used in it. */
  give(budgets: readonly BudgetName[], { headers, refused, sentAt }: Answered): void {
    const now = this.#world.now();
    for (const budget of budgets) {
      const bucket = this.#bucket(budget);
      bucket.inFlight -= 1;
      this.#rollOver(budget, bucket, now);
      const read = headers && readHeaders(headers, now);
      if (!read) bucket.untold = [...bucket.untold.filter((ended) => ended > now - doubt), now];
      if (read && sentAt >= bucket.knownSince) this.#learn(bucket, read, now);
      else bucket.seen += 1;
      if (refused)
        bucket.blockedUntil = Math.max(
          bucket.blockedUntil,
          this.#retryAt(budget, bucket, headers ?? {}, now),
        );
    }
  }

  /** What is known of every window that is running, for schedules. */
  windows(): ReadonlyMap<BudgetName, Window> {
    const now = this.#world.now();
    const running = [...this.#buckets].filter(([, bucket]) => bucket.endsAt > now);
    return new Map(
      running.map(([name, bucket]) => [
        name,
        { limit: bucket.limit, used: bucket.seen + bucket.inFlight, endsAt: bucket.endsAt },
      ]),
    );
  }

  #freeAt(budget: BudgetName, now: Millis): Millis {
    const bucket = this.#bucket(budget);
    this.#rollOver(budget, bucket, now);
    const usable = Math.max(1, bucket.limit - (this.#options.reserve?.[familyOf(budget)] ?? 0));
    const free = bucket.seen + bucket.inFlight < usable ? now : bucket.endsAt;
    return Math.max(free, bucket.blockedUntil);
  }

  #rollOver(budget: BudgetName, bucket: Bucket, now: Millis): void {
    if (now < bucket.endsAt) return;
    bucket.seen = countDoubtful(bucket, now);
    bucket.knownSince = now;
    bucket.endsAt = windowOf(budget, now).endsAt + slack;
  }

  #learn(bucket: Bucket, read: { limit: number; remaining: number; endsAt: Millis }, now: Millis): void {
    const isNewWindow = read.endsAt > bucket.endsAt + 2 * slack;
    const used = read.limit - read.remaining;
    if (isNewWindow) bucket.knownSince = now;
    bucket.limit = read.limit;
    bucket.seen = isNewWindow ? used + countDoubtful(bucket, now) : Math.max(bucket.seen, used);
    bucket.endsAt = isNewWindow ? read.endsAt : Math.min(bucket.endsAt, read.endsAt);
  }

  #retryAt(
    budget: BudgetName,
    bucket: Bucket,
    headers: { readonly [name: string]: string },
    now: Millis,
  ): Millis {
    const after = Number(headers["retry-after"]);
    if (headers["retry-after"] !== undefined && Number.isFinite(after)) return now + after * 1000 + slack;
    const date = Date.parse(headers["retry-after"] ?? "");
    if (Number.isFinite(date)) return date + slack;
    return readHeaders(headers, now) ? bucket.endsAt : windowOf(budget, now).endsAt + slack;
  }

  #bucket(budget: BudgetName): Bucket {
    const known = this.#buckets.get(budget);
    if (known) return known;
    const now = this.#world.now();
    const earlier = this.#options.windows?.get(budget);
    const running = earlier !== undefined && earlier.endsAt > now;
    const bucket: Bucket = {
      limit: earlier?.limit ?? budgetOf(budget).calls,
      seen: running ? earlier.used : 0,
      inFlight: 0,
      untold: [],
      knownSince: now,
      endsAt: running ? earlier.endsAt : windowOf(budget, now).endsAt + slack,
      blockedUntil: 0,
    };
    this.#buckets.set(budget, bucket);
    return bucket;
  }
}

/** Calls that ended unanswered just before a new window was known: it may have counted them. */
function countDoubtful({ untold }: Bucket, now: Millis): number {
  return untold.filter((ended) => ended > now - doubt).length;
}

/** `Ratelimit-Limit`, `-Remaining`, `-Reset` (every recorded answer has them). */
function readHeaders(
  headers: { readonly [name: string]: string },
  now: Millis,
): { limit: number; remaining: number; endsAt: Millis } | undefined {
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map(
    (name) => headers[`ratelimit-${name}`] ?? headers[`x-ratelimit-${name}`],
  );
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  const numbers = { limit: Number(limit), remaining: Number(remaining), reset: Number(reset) };
  if (!Object.values(numbers).every((number) => Number.isFinite(number) && number >= 0)) return undefined;
  const endsAt =
    numbers.reset < epochFrom ? now + numbers.reset * 1000 + slack : numbers.reset * 1000 + slack;
  return { limit: numbers.limit, remaining: numbers.remaining, endsAt };
}
