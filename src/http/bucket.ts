import { budgetOf, type BudgetName, type Millis, type Window } from "../core/model/budget.ts";
import { windowOf } from "../core/schedule/window-count.ts";
import { readLimitHeaders, retryAt, slack, type Answered, type Told } from "./limit-headers.ts";

/**
 * What is known of one budget's running window, where windows follow each other. Its end lies between `earliestEnd` and `endsAt`: headers count whole
 * seconds, answers take their time, and the clock that decides is the API's.
 */
export type AlignedBucket = {
  readonly window: "aligned";
  readonly per: Millis;
  limit: number;
  /** Most calls of this window that an answer has shown used, by anybody. */
  told: number;
  /** When calls of ours ended whose answers said nothing, and that `told` may lack. */
  untold: readonly Millis[];
  /** Our calls that are not answered yet: each may or may not be in `told` already. */
  inFlight: number;
  /** Calls that are kept for steps which have to follow others at once. */
  held: number;
  earliestEnd: Millis;
  endsAt: Millis;
  /** An answer has told the end; before, it is what our own clock says. */
  isEndTold: boolean;
  /** What is sent from here on counts in this window or a later one. */
  knownSince: Millis;
  /** The API said to wait that long, whatever the numbers say. */
  blockedUntil: Millis;
};

/** Until a header tells, the window may end at any moment from now on; an earlier run may know what was spent of it. */
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

/** Never fewer than the API has counted of our calls, whatever crossed on the way. */
export function countUsed(bucket: AlignedBucket): number {
  return bucket.told + bucket.untold.length + bucket.inFlight + bucket.held;
}

/** Windows follow each other, so what was learned of the end is kept. Unanswered calls near the end may count in the next. */
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

/** Ends one call of ours. */
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

/** The end tells windows apart: they are much longer than any doubt about it. */
function learn(bucket: AlignedBucket, read: Told, sentAt: Millis, now: Millis): void {
  const isEarlier = bucket.isEndTold && read.endsAt < bucket.earliestEnd && sentAt < bucket.knownSince;
  if (isEarlier) return;
  const isLater = read.earliestEnd > bucket.endsAt;
  const isOther = !bucket.isEndTold || isLater || read.endsAt < bucket.earliestEnd;
  bucket.limit = read.limit;
  bucket.told = isLater ? read.used : Math.max(bucket.told, read.used);
  // What ended before this call was sent had arrived before it, and is in its number.
  bucket.untold = bucket.untold.filter((ended) => ended >= sentAt);
  bucket.earliestEnd = isOther ? read.earliestEnd : Math.max(bucket.earliestEnd, read.earliestEnd);
  bucket.endsAt = isOther ? read.endsAt : Math.min(bucket.endsAt, read.endsAt);
  bucket.isEndTold = true;
  if (isLater) bucket.knownSince = now;
}
