import type { Millis } from "../core/model/budget.ts";

/** Headers of an answer, by their names in lower case. */
export type Headers = { readonly [name: string]: string };

/**
 * How a call went, for the limiter. `headers` is undefined when no answer came. `refused` means that the answer was a rate limit,
 * so the window is used up until the reset of its headers or `Retry-After`. `sentAt` is when the request left; the API cannot
 * have counted it earlier.
 */
export type Answered = {
  readonly headers: Headers | undefined;
  readonly refused: boolean;
  readonly sentAt: Millis;
};

/** What the headers of an answer say about the limit: calls allowed, calls used, and the end of the window between two moments. */
export type Told = {
  readonly limit: number;
  readonly used: number;
  readonly earliestEnd: Millis;
  readonly endsAt: Millis;
};

/** Headers count whole seconds, and neither documentation says whether they round up or down: so much they may be wrong. */
export const slack = 1_000;
/** A reset below this number means seconds from now (as recorded), one above it seconds since 1970 (as documented). */
const epochFrom = 1_000_000;

/**
 * Reads `Ratelimit-Limit`, `Ratelimit-Remaining` and `Ratelimit-Reset` (every recorded answer of Render), or the same names with
 * `X-` before them (RENDERCAD, documented, its reset without a unit). `undefined` when one of them is missing or no number. The
 * API counted the call at some moment between `sentAt` and `now`, so the end is known as two moments. A reset that a window of
 * length `per` cannot have (999999 s, milliseconds, a moment in the past) is not believed: the window then ends within `per` from now.
 */
export function readLimitHeaders(
  headers: Headers,
  sentAt: Millis,
  now: Millis,
  per: Millis,
): Told | undefined {
  const numbers = ["limit", "remaining", "reset"].map((name) => readNumber(limitHeader(headers, name)));
  const [limit, remaining, reset] = numbers;
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  const used = Math.max(0, limit - remaining);
  const isTime = reset >= epochFrom;
  const end = (isTime ? 0 : now) + reset * 1000;
  if (end > now + per + slack || end < sentAt - slack)
    return { limit, used, earliestEnd: sentAt - slack, endsAt: now + per + slack };
  return { limit, used, earliestEnd: (isTime ? 0 : sentAt) + reset * 1000 - slack, endsAt: end + slack };
}

/**
 * The moment at which a call that was answered 429 may be sent again, from `Retry-After` (seconds or a date). `otherwise` when
 * the header is missing or names a moment in the past. At most `per` and the slack from now, since every window is over by then.
 */
export function retryAt(headers: Headers, now: Millis, otherwise: Millis, per: Millis): Millis {
  const wait = readRetryAfter(headers, now);
  if (wait === undefined || wait < 0) return otherwise;
  return now + Math.min(wait, per) + slack;
}

/** The header that asks for a wait longer than a window of `per`, as a text for people: `Retry-After: 99999999999`. `undefined` when none does. */
export function findDoubt(headers: Headers, refused: boolean, now: Millis, per: Millis): string | undefined {
  const wait = refused ? readRetryAfter(headers, now) : undefined;
  if (wait !== undefined && wait > per + slack) return `Retry-After: ${headers["retry-after"]}`;
  const text = limitHeader(headers, "reset");
  const reset = readNumber(text);
  if (reset === undefined) return undefined;
  const end = reset >= epochFrom ? reset * 1000 - now : reset * 1000;
  return end > per + slack ? `Ratelimit-Reset: ${text}` : undefined;
}

function readRetryAfter(headers: Headers, now: Millis): Millis | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const seconds = readNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isFinite(date) ? date - now : undefined;
}

function limitHeader(headers: Headers, name: string): string | undefined {
  return headers[`ratelimit-${name}`] ?? headers[`x-ratelimit-${name}`];
}

/** Digits alone: `Number` would also read an empty text, `1e99` and `0x10`. */
function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,9})?$/u.test(text.trim()) ? Number(text) : undefined;
}
