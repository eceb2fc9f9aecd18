import type { Millis } from "../core/model/budget.ts";

/** Headers by name in lower case. */
export type Headers = { readonly [name: string]: string };

/**
 * How a call went. `headers` is absent when no answer came. `refused`: the answer was 429, so the window is spent until the
 * header's reset or `Retry-After`. `sentAt`: before that moment the API cannot have counted it.
 */
export type Answered = {
  readonly headers: Headers | undefined;
  readonly refused: boolean;
  readonly sentAt: Millis;
};

/** What an answer says of its limit. The reset lies between `earliestEnd` and `endsAt`. */
export type Told = {
  readonly limit: number;
  readonly used: number;
  readonly earliestEnd: Millis;
  readonly endsAt: Millis;
};

/** Headers count whole seconds, and nobody says whether they round up or down. */
export const slack = 1_000;
/** A reset under this is seconds left, above it seconds since 1970: recordings show the first, the documentation says the second. */
const epochFrom = 1_000_000;

/**
 * `Ratelimit-Limit`, `-Remaining`, `-Reset` (every recorded answer of Render), or the same with `X-` (RENDERCAD, documented,
 * its reset without a unit). The API counted at some time since the sending. An end that cannot be that of a window of `per`
 * (999999 s, milliseconds, a time that is over) says nothing: the window then ends within its own length from now.
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
 * When `Retry-After` of a 429 lets the call be sent again: seconds or a date. `otherwise` when it says nothing, or a moment
 * that is over; a window from now at the latest, since every window is over by then.
 */
export function retryAt(headers: Headers, now: Millis, otherwise: Millis, per: Millis): Millis {
  const wait = readRetryAfter(headers, now);
  if (wait === undefined || wait < 0) return otherwise;
  return now + Math.min(wait, per) + slack;
}

/** The header that asks for a longer wait than `per`, as `Retry-After: 99999999999`; `undefined` when none does. */
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
