import { budgetOf, leavesOf, type BudgetName, type Millis, type Window } from "../core/model/budget.ts";
import { readLimitHeaders, retryAt, slack, type Answered, type Told } from "./limit-headers.ts";

/**
 * When a counted call leaves the window: one window length after the API counted it. The API counted it between sending and
 * answer, so only an `earliest` and a `latest` moment are known.
 */
type Leaving = { readonly earliest: Millis; readonly latest: Millis };

/**
 * What is known about one budget with a sliding window ("at most 10 calls in any 60 minutes"): the time of each call. Such calls
 * are sent one by one, so that each answer shows exactly how many calls other programs have made.
 */
export type SlidingBucket = {
  readonly window: "sliding";
  readonly per: Millis;
  /** Calls that the API allows in one window. */
  limit: number;
  /** Our answered calls that are still in the window. */
  own: readonly Leaving[];
  /** The latest moments at which calls of other programs leave, in order. No answer says when those calls were made. */
  others: readonly Millis[];
  /** How many of our calls are not answered yet. */
  inFlight: number;
  /** How many calls are reserved for steps that have to follow a running step at once (`ahead`). */
  held: number;
  /** After a 429: no call is sent before this moment, even if the numbers leave room. */
  blockedUntil: Millis;
};

/** A bucket before the first answer. Calls that the ledger of an earlier run knows of count as our own. */
export function makeSlidingBucket(
  budget: BudgetName,
  earlier: Window | undefined,
  now: Millis,
): SlidingBucket {
  const { calls, per } = budgetOf(budget);
  const own = leavesOf(earlier, now).map((at) => ({ earliest: at, latest: at }));
  return {
    window: "sliding",
    per,
    limit: earlier?.limit ?? calls,
    own,
    others: [],
    inFlight: 0,
    held: 0,
    blockedUntil: 0,
  };
}

/** The moment at which fewer than `usable` calls are in the window. */
export function freeAt(bucket: SlidingBucket, usable: number, now: Millis): Millis {
  const leaving = listLeaving(bucket).filter((at) => at > now);
  return leaving[leaving.length + bucket.inFlight + bucket.held - usable] ?? now;
}

/** The window for the ledger and for schedules. Each unanswered call is counted as late as possible. */
export function windowOf(bucket: SlidingBucket, now: Millis): Window {
  const underWay = Array.from({ length: bucket.inFlight }, () => now + bucket.per + slack);
  const leaves = [...listLeaving(bucket).filter((at) => at > now), ...underWay];
  return { limit: bucket.limit, used: leaves.length, endsAt: leaves.at(-1) ?? now, leaves };
}

/** Takes in the answer of one of our calls. A call answered 429 was not counted by the API; one without an answer may have been. */
export function settleSliding(bucket: SlidingBucket, answered: Answered, now: Millis): void {
  const { headers = {}, refused, sentAt } = answered;
  const read = readLimitHeaders(headers, sentAt, now, bucket.per);
  bucket.inFlight -= 1;
  bucket.own = bucket.own.filter(({ latest }) => latest > now);
  bucket.others = bucket.others.filter((at) => at > now);
  if (!refused)
    bucket.own = [...bucket.own, { earliest: sentAt + bucket.per, latest: now + bucket.per + slack }];
  if (read) learn(bucket, read, now);
  if (refused) {
    const otherwise = read?.endsAt ?? now + bucket.per;
    bucket.blockedUntil = Math.max(bucket.blockedUntil, retryAt(headers, now, otherwise, bucket.per));
  }
}

/**
 * Learns from the headers how many calls other programs made: used calls that are not ours. A call of ours that is about to leave
 * may be in the API's number or not, so only a least and a most are known. When the reset comes before any of our calls can
 * leave, the first call to leave is one of theirs.
 */
function learn(bucket: SlidingBucket, read: Told, now: Millis): void {
  const surelyOwn = bucket.own.filter(({ earliest }) => earliest > now).length;
  const least = Math.max(0, read.used - bucket.own.length);
  const most = Math.max(0, read.used - surelyOwn);
  const kept = bucket.others.slice(Math.max(0, bucket.others.length - most));
  const added = Array.from({ length: Math.max(0, least - kept.length) }, () => now + bucket.per);
  const [first, ...rest] = [...kept, ...added];
  const isTheirs = bucket.own.every(({ earliest }) => earliest > read.endsAt);
  bucket.limit = read.limit;
  bucket.others =
    first === undefined ? [] : [isTheirs ? Math.min(first, Math.max(now, read.endsAt)) : first, ...rest];
}

function listLeaving({ own, others }: SlidingBucket): readonly Millis[] {
  return [...own.map(({ latest }) => latest), ...others].sort((a, b) => a - b);
}
