import type { Millis } from "../core/budget.ts";

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
/** A header value under this is seconds left, above it seconds since 1970: recordings show the first, the documentation says the second. */
const epochFrom = 1_000_000;

/**
 * `Ratelimit-Limit`, `-Remaining`, `-Reset` (every recorded answer of Render), or the same with `X-` (RENDERCAD, documented,
 * its reset without a unit). The API counted at some time since the sending.
 */
export function readLimitHeaders(headers: Headers, sentAt: Millis, now: Millis): Told | undefined {
  const texts = ["limit", "remaining", "reset"].map(
    (name) => headers[`ratelimit-${name}`] ?? headers[`x-ratelimit-${name}`],
  );
  const [limit, remaining, reset] = texts.map(Number) as [number, number, number];
  if (![limit, remaining, reset].every((number) => Number.isFinite(number) && number >= 0)) return undefined;
  const isTime = reset >= epochFrom;
  return {
    limit,
    used: limit - remaining,
    earliestEnd: (isTime ? 0 : sentAt) + reset * 1000 - slack,
    endsAt: (isTime ? 0 : now) + reset * 1000 + slack,
  };
}

/** When `Retry-After` of a 429 lets the call be sent again: seconds or a date; `otherwise` when it says nothing. */
export function retryAt(headers: Headers, now: Millis, otherwise: Millis): Millis {
  const after = headers["retry-after"];
  if (after === undefined) return otherwise;
  if (/^\d+$/u.test(after)) return now + Number(after) * 1000 + slack;
  const date = Date.parse(after);
  return Number.isFinite(date) ? date + slack : otherwise;
}
