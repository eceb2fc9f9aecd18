import type { Millis } from "../core/model/budget.ts";
import type { World } from "./world.ts";

/**
 * A world whose wall clock never goes back, for a run to measure its waits with. The end of a wait is a time of the
 * wall clock, so somebody who sets the clock back by three hours would make the wait three hours longer. Between two
 * readings this clock goes on by what the wall clock shows, or, where that went back, by what the steady clock shows.
 *
 * A clock that is set forward is followed, because a machine that slept shows its sleep in no other way. A wait that
 * ends too early for it does no harm: the next answer of the API says that the limit still holds.
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
