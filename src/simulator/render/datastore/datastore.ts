import type { Microseconds } from "../../base/clock.ts";
import { randomText } from "../../base/random.ts";
import type { World } from "../../base/world.ts";
import type { Member } from "../project/environment-row.ts";

/** The columns that databases and Key Value instances have in common. */
export type Datastore = Member & {
  suspended: boolean;
  /** Until then its status is `creating`. */
  availableAt: Microseconds;
};

/** The regions of datastores. */
export const regions = ["frankfurt", "oregon", "ohio", "singapore", "virginia"] as const;

/**
 * The status of a datastore by the clock: `creating` for 30 to 50 seconds, then `available` (recorded). `unknown`
 * stands only in the answer of the creation.
 */
export function statusOf(world: World, row: Datastore): "suspended" | "creating" | "available" {
  if (row.suspended) return "suspended";
  // Compared in whole milliseconds, the step of the clock: stamps within one millisecond run ahead of it.
  return world.clock.now() < Math.floor(row.availableAt / 1000) ? "creating" : "available";
}

/** When a datastore can be used that is made, or given another size, at `time`. */
export function availableAfter(world: World, time: Microseconds): Microseconds {
  return time + world.switches.datastoreMs * 1000;
}

/** A new password: 32 letters and digits (recorded). */
export function makePassword(world: World): string {
  return randomText(world.random, 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
