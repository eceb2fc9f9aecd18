import { randomBytes } from "node:crypto";
import type { Millis } from "../core/model/budget.ts";
import type { Transport } from "./transport.ts";

/**
 * Everything that the program takes from outside and that is not a function of its arguments: time, chance, network,
 * Ctrl-C. All of it is handed in by this one object, so that a test can crash a run, or let hours of rate limits
 * pass, without waiting.
 */
export type World = {
  /** Milliseconds since 1970. */
  readonly now: () => Millis;
  /** Milliseconds since some moment in the past. They go on evenly when somebody sets the clock, which `now` does not. */
  readonly steady: () => Millis;
  /** Sleeps for a time. It resolves early, without an error, when `stop` fires. */
  readonly sleep: (time: Millis) => Promise<void>;
  /** A random number from 0 to 1, 1 excluded. */
  readonly random: () => number;
  /** So many random bytes as hex digits, for names of runs, lineages and keys. They cannot be predicted. */
  readonly randomHex: (bytes: number) => string;
  readonly send: Transport;
  /** Fires on the first Ctrl-C: calls that are under way are finished, and no other is begun. */
  readonly stop: AbortSignal;
};

/** The world of the real program. */
export function makeWorld(parts: { readonly send: Transport; readonly stop: AbortSignal }): World {
  return {
    now: Date.now,
    steady: () => performance.now(),
    sleep: (time) => sleepUnlessStopped(time, parts.stop),
    random: Math.random,
    randomHex: (bytes) => randomBytes(bytes).toString("hex"),
    ...parts,
  };
}

function sleepUnlessStopped(time: Millis, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, time);
    stop.addEventListener("abort", finish);
  });
}
