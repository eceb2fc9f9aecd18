import type { Millis } from "../../core/model/budget.ts";
import { placeReading } from "../../core/schedule/place-reading.ts";
import { readBudget } from "../../providers/render/budgets.ts";
import type { Connection } from "../accounts/connect.ts";
import type { Deps } from "../base/deps.ts";
import { perRead } from "../accounts/watch-reads.ts";

/**
 * How large an export will be, when only the lists were read. `calls`: those that are still to be made, at most, since some objects share a list; `bytes` is an estimate;
 * `time`: how long the calls take, with the waits for windows, in milliseconds.
 */
export type ExportSize = {
  readonly objects: number;
  readonly calls: number;
  readonly time: Millis;
  readonly bytes: number;
};

/** Bytes of the file for each object of an account: 132 KB for 187 objects were measured. */
const bytesEach = 700;

/** The size of an export whose objects are listed and not read yet. */
export function sizeOf(
  objects: number,
  calls: number,
  { limiter }: Pick<Connection, "limiter">,
  { world }: Pick<Deps, "world">,
): ExportSize {
  const reading = { calls, budget: readBudget("/services"), each: perRead };
  const { time } = placeReading(reading, { now: world.now(), windows: limiter.windows(), reserve: {} });
  return { objects, calls, time, bytes: objects * bytesEach };
}
