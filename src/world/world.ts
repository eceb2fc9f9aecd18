import { randomBytes } from "node:crypto";
import type { Millis } from "../core/model/budget.ts";
import type { Transport } from "./transport.ts";

/**
 * The one door out: everything that is not a function of its arguments comes through here, so that crashes, back-off and
 * hours of rate limits become ordinary tests.
 */
export type World = {
  /** Milliseconds since 1970. */
  readonly now: () => Millis;
  /** Milliseconds since some moment; unlike `now` they go on evenly when somebody sets the clock. */
  readonly steady: () => Millis;
  /** Resolves early, without throwing, when `stop` fires. */
  readonly sleep: (time: Millis) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
  /** Fresh hex digits for names of runs, lineages and keys; never predictable. */
  readonly randomHex: (bytes: number) => string;
  readonly send: Transport;
  /** Fires on the first Ctrl-C: finish what is in flight, start nothing. */
  readonly stop: AbortSignal;
};

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
