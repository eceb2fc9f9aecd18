/** Milliseconds since the epoch, and a way to wait. Injected everywhere, so that hours of limits can pass in a test. */
export type Clock = {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /**
   * Resolves once the clock shows a time, and does not make anybody wait for it: for what the simulator does by itself.
   * A clock without it, as tests have, leaves such things to be done with the next call.
   */
  reach?(time: number): Promise<void>;
};

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
  reach: (time) => new Promise((resolve) => void setTimeout(resolve, Math.max(0, time - Date.now())).unref()),
};

/** Microseconds since the epoch: the precision Render's answers show (recorded), and still an exact number until 2255. */
export type Microseconds = number;

/** RFC 3339 in UTC as Render writes it on every read: microseconds, trailing zeros trimmed (recorded). */
export function formatTime(time: Microseconds): string {
  return formatFraction(time, String(time % 1_000_000).padStart(6, "0"));
}

/**
 * The answer to a creation shows nanoseconds where the row later shows microseconds (recorded: Postgres, Key Value, env
 * groups, custom domains, dedicated IPs). The three further digits are derived from the time, so that they are stable;
 * and below 500, because reads round them away (recorded).
 */
export function formatTimeAtCreation(time: Microseconds): string {
  const nanoseconds = String(((time * 7919) % 499) + 1).padStart(3, "0");
  return formatFraction(time, String(time % 1_000_000).padStart(6, "0") + nanoseconds);
}

function formatFraction(time: Microseconds, fraction: string): string {
  const seconds = new Date(Math.floor(time / 1_000_000) * 1000).toISOString().slice(0, 19);
  const digits = fraction.replace(/0+$/, "");
  return digits === "" ? `${seconds}Z` : `${seconds}.${digits}Z`;
}

/** Reads a time of a query or body; `undefined` when it is not one. */
export function parseTime(text: string): Microseconds | undefined {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  return Math.floor(milliseconds / 1000) * 1_000_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
