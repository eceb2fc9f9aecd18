/**
 * A clock: milliseconds since 1970, and a way to wait. It is handed in everywhere, so that hours of limits can pass
 * in a test.
 */
export type Clock = {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /**
   * Resolves once the clock shows a time. It is for what the simulator does by itself, and does not hold the clock
   * up. Without it, as in tests, such things are done with the next call.
   */
  reach?(time: number): Promise<void>;
};

/** The clock of this machine. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
  reach: (time) => new Promise((resolve) => void setTimeout(resolve, Math.max(0, time - Date.now())).unref()),
};

/** Microseconds since 1970. Render's answers are that precise (recorded), and until 2255 they are exact numbers. */
export type Microseconds = number;

/** A time as Render writes it on every read: RFC 3339 in UTC, with microseconds and without trailing zeros (recorded). */
export function formatTime(time: Microseconds): string {
  return formatFraction(time, String(time % 1_000_000).padStart(6, "0"));
}

/**
 * A time in the answer of a creation, which has nanoseconds where reads have microseconds (recorded: Postgres, Key
 * Value, env groups, custom domains, dedicated IPs). The three further digits are made from the time, so that they
 * are always the same, and are below 500, because reads round them away (recorded).
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

/** The time in a text of a query or body; `undefined` where it is none. */
export function parseTime(text: string): Microseconds | undefined {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  return Math.floor(milliseconds / 1000) * 1_000_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
