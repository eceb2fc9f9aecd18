import { neverBack } from "../../world/never-back.ts";
import type { World } from "../../world/world.ts";
import { heartbeatEvery, isLockLost } from "./lease.ts";

/**
 * A world that prolongs the lease while the run sleeps. A run either calls or sleeps; calls are short, and each sleep is cut into
 * pieces of a minute with a heartbeat after each. So no timer runs beside the run, and in tests the clock stays under control.
 * The store itself uses the outer world, whose sleep has no heartbeat: a heartbeat waits for the store.
 */
export class Heartbeat {
  /** The world to give to everything that a run does under the lock. */
  readonly world: World;
  #beat: (() => Promise<void>) | undefined;

  constructor(world: World) {
    const run = neverBack(world);
    this.world = { ...run, sleep: (time) => this.#sleep(run, time) };
  }

  /** From now on `beat` is called about once a minute of each sleep. */
  start(beat: () => Promise<void>): void {
    this.#beat = beat;
  }

  /** No more heartbeats: the lock is given back. */
  stop(): void {
    this.#beat = undefined;
  }

  async #sleep(world: World, time: number): Promise<void> {
    if (!this.#beat) return world.sleep(time);
    const until = world.now() + time;
    for (let left = time; ; left = until - world.now()) {
      await world.sleep(Math.min(left, heartbeatEvery));
      await this.#beatOnce();
      if (world.now() >= until || world.stop.aborted) return;
    }
  }

  /** A heartbeat that failed does not end the sleep, since the lease is checked before the next write. A lost lock does. */
  async #beatOnce(): Promise<void> {
    await this.#beat?.().catch((error: unknown) => {
      if (isLockLost(error)) throw error;
    });
  }
}
