import { budgetOf, type BudgetName, type Millis, type Window } from "../core/model/budget.ts";
import { windowOf } from "../core/schedule/window-count.ts";
import { readLimitHeaders, retryAt, slack, type Answered, type Told } from "./limit-headers.ts";

/**
 * What is known about the current window of one budget, for budgets whose windows follow each other (a new one begins when the
 * old one ends). The exact end is not known, since headers count whole seconds, answers take time to arrive, and the API's own
 * clock decides. It lies between `earliestEnd` and `endsAt`.
 */
export type AlignedBucket = {
  readonly window: "aligned";
  readonly per: Millis;
  /** Calls that the API allows in one window. */
  limit: number;
  /** The highest number of used calls that an answer of this window has shown; it includes calls of other programs. */
  told: number;
  /** When those of our calls ended whose answers had no limit headers: `told` may not include them. */
  untold: readonly Millis[];
  /** How many of our calls are not answered yet. Each may or may not be counted in `told` already. */
  inFlight: number;
  /** How many calls are reserved for steps that have to follow a running step at once (`ahead`). */
  held: number;
  /** The window certainly lasts until this moment. */
  earliestEnd: Millis;
  /** The window is certainly over at this moment. */
  endsAt: Millis;
  /** Whether an answer has told the end. Until then it is a guess from our own clock. */
  isEndTold: boolean;
  /** A call sent from this moment on is counted in this window or a later one, never in an earlier one. */
  knownSince: Millis;
  /** After a 429: no call is sent before this moment, even if the numbers leave room. */
  blockedUntil: Millis;
};

/**
 * A bucket before the first answer: the window may end at any moment from now on. `earlier` is what the ledger of an earlier run
 * says about the same budget; if that window still runs, its used calls are taken over.
 */
export function makeAlignedBucket(
  budget: BudgetName,
  earlier: Window | undefined,
  now: Millis,
): AlignedBucket {
  const running = earlier !== undefined && earlier.endsAt > now ? earlier : undefined;
  const { calls, per } = budgetOf(budget);
  return {
    window: "aligned",
    per,
    limit: earlier?.limit ?? calls,
    told: running?.used ?? 0,
    untold: [],
    inFlight: 0,
    held: 0,
    earliestEnd: now,
    endsAt: running?.endsAt ?? windowOf(budget, now).endsAt + slack,
    isEndTold: false,
    knownSince: now,
    blockedUntil: 0,
  };
}

/** How many calls to take as used. It may be too high, but never lower than what the API has counted of our calls. */
export function countUsed(bucket: AlignedBucket): number {
  return bucket.told + bucket.untold.length + bucket.inFlight + bucket.held;
}

/**
 * Moves the bucket on to the window that runs now. The next window begins when the last one ends, so what answers told about
 * the end stays true. Calls that ended near the boundary stay counted, since the API may have counted them in the new window.
 */
export function rollOver(bucket: AlignedBucket, now: Millis): void {
  if (now < bucket.endsAt) return;
  const later = bucket.per * Math.floor((now - bucket.endsAt) / bucket.per);
  const boundary = bucket.earliestEnd + later;
  bucket.untold = bucket.untold.filter((ended) => ended >= boundary);
  bucket.told = 0;
  bucket.earliestEnd = boundary + bucket.per;
  bucket.endsAt += later + bucket.per;
  bucket.knownSince = now;
}

/** Takes in the answer of one of our calls, or that none came. */
export function settleAligned(bucket: AlignedBucket, answered: Answered, now: Millis): void {
  const { headers = {}, refused, sentAt } = answered;
  const read = readLimitHeaders(headers, sentAt, now, bucket.per);
  bucket.inFlight -= 1;
  rollOver(bucket, now);
  if (read) learn(bucket, read, sentAt, now);
  else bucket.untold = [...bucket.untold, now];
  if (refused) {
    const until = retryAt(headers, now, bucket.endsAt, bucket.per);
    bucket.blockedUntil = Math.max(bucket.blockedUntil, until);
  }
}

/**
 * Takes in the limit headers of an answer. Answers may arrive out of order, so the end that each one tells shows which window it
 * speaks of: a window is much longer than the doubt about its end.
 */
function learn(bucket: AlignedBucket, read: Told, sentAt: Millis, now: Millis): void {
  const isEarlier = bucket.isEndTold && read.endsAt < bucket.earliestEnd && sentAt < bucket.knownSince;
  if (isEarlier) return;
  const isLater = read.earliestEnd > bucket.endsAt;
  const isOther = !bucket.isEndTold || isLater || read.endsAt < bucket.earliestEnd;
  bucket.limit = read.limit;
  bucket.told = isLater ? read.used : Math.max(bucket.told, read.used);
  // Calls that ended before this one was sent had reached the API before it: the number in this answer includes them.
  bucket.untold = bucket.untold.filter((ended) => ended >= sentAt);
  bucket.earliestEnd = isOther ? read.earliestEnd : Math.max(bucket.earliestEnd, read.earliestEnd);
  bucket.endsAt = isOther ? read.endsAt : Math.min(bucket.endsAt, read.endsAt);
  bucket.isEndTold = true;
  if (isLater) bucket.knownSince = now;
}
