import { neverBack } from "../../world/never-back.ts";
import type { World } from "../../world/world.ts";
import { heartbeatEvery, isLockLost } from "./lease.ts";

/**
 * A world that keeps a lease alive while it sleeps: a run calls or sleeps, calls are short, and sleeps are cut into pieces
 * of a minute with a beat after each. So no timer of its own goes on beside the run, and a test's clock stays in charge.
 * The store itself sleeps in the world outside, since a beat waits for it.
 */
export class Heartbeat {
  readonly world: World;
  #beat: (() => Promise<void>) | undefined;

  constructor(world: World) {
    const run = neverBack(world);
    this.world = { ...run, sleep: (time) => this.#sleep(run, time) };
  }

  start(beat: () => Promise<void>): void {
    this.#beat = beat;
  }

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

  /** A beat that failed is no reason to stop sleeping: the check before the next write decides. A lost lock is one. */
  async #beatOnce(): Promise<void> {
    await this.#beat?.().catch((error: unknown) => {
      if (isLockLost(error)) throw error;
    });
  }
}
