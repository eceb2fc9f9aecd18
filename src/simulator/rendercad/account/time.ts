/** Whole seconds in UTC, as every documented answer has them. Takes milliseconds since 1970. */
export function formatSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The date in UTC, as billing cycles have it. */
export function formatDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

export function formatSecondsOrNull(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : formatSeconds(milliseconds);
}
