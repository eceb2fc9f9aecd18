import type { Microseconds } from "../../base/clock.ts";
import { randomText } from "../../base/random.ts";
import type { World } from "../../base/world.ts";
import type { Member } from "../project/environment-row.ts";

/** What Postgres and Key Value have in common. */
export type Datastore = Member & {
  suspended: boolean;
  /** `creating` until then. */
  availableAt: Microseconds;
};

export const regions = ["frankfurt", "oregon", "ohio", "singapore", "virginia"] as const;

/** By the clock: recorded as `creating` for 30 to 50 seconds, then `available`; `unknown` is only the first answer's. */
export function statusOf(world: World, row: Datastore): "suspended" | "creating" | "available" {
  if (row.suspended) return "suspended";
  // In whole milliseconds, the clock's own step: stamps run ahead of it within one.
  return world.clock.now() < Math.floor(row.availableAt / 1000) ? "creating" : "available";
}

/** When a datastore that is made or resized at `time` can be used. */
export function availableAfter(world: World, time: Microseconds): Microseconds {
  return time + world.switches.datastoreMs * 1000;
}

/** 32 letters and digits (recorded). */
export function makePassword(world: World): string {
  return randomText(world.random, 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
