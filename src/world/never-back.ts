import type { Millis } from "../core/model/budget.ts";
import type { World } from "./world.ts";

/**
 * A world whose wall clock is never set back: what a run measures its waits with. Somebody who sets the clock back by three
 * hours in the middle of a wait would make it three hours longer, because the end of the wait is a time of the wall clock.
 * From that moment on the steady clock counts, and the wall clock again from where it is then.
 *
 * A clock that is set forward is followed: a machine that slept has no other way to tell, and what ends too early
 * is found out by the answer to the next call.
 */
export function neverBack(world: World): World {
  let before = readBoth(world);
  let told = before.now;
  return {
    ...world,
    now: () => {
      const after = readBoth(world);
      const passed = after.now - before.now;
      told += passed >= 0 ? passed : Math.max(0, after.steady - before.steady);
      before = after;
      return told;
    },
  };
}

function readBoth(world: World): { readonly now: Millis; readonly steady: Millis } {
  return { now: world.now(), steady: world.steady() };
}
