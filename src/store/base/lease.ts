import type { Millis } from "../../core/model/budget.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { World } from "../../world/world.ts";
import type { Hold } from "./backend.ts";
import type { Lease } from "./store.ts";

/** How long a lock lasts without being prolonged. */
export const leaseLength: Millis = 5 * 60_000;
/** How often the holder prolongs it. */
export const heartbeatEvery: Millis = 60_000;
/** A run stops writing this long before its lease ends: clocks of two machines may differ, and a call takes time to reach the API. */
const margin: Millis = 30_000;

/**
 * Knows how much of the lease remains, and prolongs it once a minute. It measures with two clocks and takes the one that shows
 * more time: the wall clock goes on while a laptop sleeps, and the steady clock goes on when the wall clock is set back.
 */
export class LeaseKeeper {
  readonly #world: World;
  readonly #hold: Hold;
  #renewed: { readonly now: Millis; readonly steady: Millis };
  #renewing: Promise<void> | undefined;

  /** `since` is a moment before the lock was asked for, so that this run takes its lease for over before any other run does. */
  constructor(world: World, hold: Hold, since: { readonly now: Millis; readonly steady: Millis }) {
    this.#world = world;
    this.#hold = hold;
    this.#renewed = since;
  }

  /** Prolongs the lease when a minute has passed. Throws `lock-lost` when the lock is another's, or the rest of the lease is too short. */
  async check(): Promise<void> {
    let failure: unknown;
    if (this.#age() >= heartbeatEvery) {
      this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
      await this.#renewing.catch((error: unknown) => {
        if (isLockLost(error)) throw error;
        failure = error;
      });
    }
    if (leaseLength - this.#age() > margin) return;
    throw lockLost("it could not be prolonged in time", failure);
  }

  /** Time since the lease was last prolonged. */
  #age(): Millis {
    return timeSince(this.#world, this.#renewed);
  }

  async #renew(): Promise<void> {
    const now = readClocks(this.#world);
    await this.#hold.renew();
    this.#renewed = now;
  }
}

/** The time that has passed since `then`, by whichever clock shows more. */
export function timeSince(world: World, then: { readonly now: Millis; readonly steady: Millis }): Millis {
  return Math.max(world.now() - then.now, world.steady() - then.steady);
}

/** Both clocks at this moment, for `timeSince`. */
export function readClocks(world: World): { readonly now: Millis; readonly steady: Millis } {
  return { now: world.now(), steady: world.steady() };
}

/** The error of a run that does not get the lock; it names the holder. */
export function locked(lease: Lease | undefined): ProblemError {
  const holder = lease?.holder;
  const who = holder
    ? `${holder.user} on ${holder.host} (process ${holder.pid}, run ${holder.run}, since ${holder.since}${holder.url === undefined ? "" : `, ${holder.url}`})`
    : "somebody";
  const until = lease
    ? ` Unless it is prolonged, the lock ends at ${new Date(lease.expires).toISOString()}.`
    : "";
  const remedy = `Wait for it to end, or let --lock-timeout wait.${until} If that run is certainly gone: trueup state unlock.`;
  return new ProblemError([
    problem("error", "locked", `The state is locked by another run: ${who}.`, remedy),
  ]);
}

/** The error of a run whose lock was taken over or removed. `how` ends the sentence: `another run took it over`. */
export function lockLost(how: string, cause?: unknown): ProblemError {
  const message = `This run no longer holds the lock of the state: ${how}.`;
  return new ProblemError(
    [
      problem(
        "error",
        "lock-lost",
        message,
        "Nothing more was written. The journal holds what this run did; run again to take it up.",
      ),
    ],
    { cause },
  );
}

/** Whether an error says that the lock was lost. */
export function isLockLost(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.some((one) => one.code === "lock-lost");
}
