import type { Millis } from "../../core/model/budget.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { World } from "../../world/world.ts";
import type { Hold } from "./backend.ts";
import type { Lease } from "./store.ts";

export const leaseLength: Millis = 5 * 60_000;
export const heartbeatEvery: Millis = 60_000;
/** Longer than clocks of two machines should differ, and than a call takes to reach the API. */
const margin: Millis = 30_000;

/**
 * Knows how much of the lease is left, and prolongs it once a minute. Two clocks count it: the wall clock goes on while a
 * laptop sleeps, the steady one goes on when somebody sets the wall clock back. The one that has seen more time counts.
 */
export class LeaseKeeper {
  readonly #world: World;
  readonly #hold: Hold;
  #renewed: { readonly now: Millis; readonly steady: Millis };
  #renewing: Promise<void> | undefined;

  /** `since`: before the lock was asked for, so that what the others count with ends later than what is counted here. */
  constructor(world: World, hold: Hold, since: { readonly now: Millis; readonly steady: Millis }) {
    this.#world = world;
    this.#hold = hold;
    this.#renewed = since;
  }

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

  /** Milliseconds since the lease was last made as long as it gets. */
  #age(): Millis {
    return timeSince(this.#world, this.#renewed);
  }

  async #renew(): Promise<void> {
    const now = readClocks(this.#world);
    await this.#hold.renew();
    this.#renewed = now;
  }
}

/** By the clock that has seen more of it. */
export function timeSince(world: World, then: { readonly now: Millis; readonly steady: Millis }): Millis {
  return Math.max(world.now() - then.now, world.steady() - then.steady);
}

export function readClocks(world: World): { readonly now: Millis; readonly steady: Millis } {
  return { now: world.now(), steady: world.steady() };
}

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

export function isLockLost(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.some((one) => one.code === "lock-lost");
}
