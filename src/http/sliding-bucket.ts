import { budgetOf, leavesOf, type BudgetName, type Millis, type Window } from "../core/model/budget.ts";
import { readLimitHeaders, retryAt, slack, type Answered, type Told } from "./limit-headers.ts";

/** A counted call leaves the window between `earliest` and `latest`: a window after the API counted it, which was while it was under way. */
type Leaving = { readonly earliest: Millis; readonly latest: Millis };

/**
 * What is known of one budget in a sliding window: each call's own time. Its calls go out one after the other, so that each
 * answer tells exactly how many calls others have made.
 */
export type SlidingBucket = {
  readonly window: "sliding";
  readonly per: Millis;
  limit: number;
  own: readonly Leaving[];
  /** When the calls of others leave at the latest, in order; nobody tells when they were made. */
  others: readonly Millis[];
  inFlight: number;
  /** Calls that are kept for steps which have to follow others at once. */
  held: number;
  /** The API said to wait that long, whatever the numbers say. */
  blockedUntil: Millis;
};

/** The calls of an earlier run are as good as ours. */
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

/** When so many calls have left that there are fewer than `usable`. */
export function freeAt(bucket: SlidingBucket, usable: number, now: Millis): Millis {
  const leaving = listLeaving(bucket).filter((at) => at > now);
  return leaving[leaving.length + bucket.inFlight + bucket.held - usable] ?? now;
}

export function windowOf(bucket: SlidingBucket, now: Millis): Window {
  const underWay = Array.from({ length: bucket.inFlight }, () => now + bucket.per + slack);
  const leaves = [...listLeaving(bucket).filter((at) => at > now), ...underWay];
  return { limit: bucket.limit, used: leaves.length, endsAt: leaves.at(-1) ?? now, leaves };
}

/** Ends one call of ours. One that was refused was not counted; one without an answer may have been. */
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
 * What is used and not ours is others'. A call of ours that is about to leave may be in the number or not, so there is a
 * least and a most of them. The first call to leave is theirs when the reset comes before any of ours can.
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
