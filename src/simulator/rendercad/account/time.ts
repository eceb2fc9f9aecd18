/** A time (milliseconds since 1970) in whole seconds in UTC, as every documented answer has it. */
export function formatSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The date of a time in UTC, as billing cycles have it. */
export function formatDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** The same, or `null` where there is no time. */
export function formatSecondsOrNull(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : formatSeconds(milliseconds);
}
