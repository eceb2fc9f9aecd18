import type { Millis } from "../../core/model/budget.ts";
import type { World } from "../../world/world.ts";

/** Looks until something shows, after each pause once; whoever stops the run is not kept waiting. */
export async function lookAgain<T>(
  world: World,
  pauses: readonly Millis[],
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const pause of pauses) {
    if (pause > 0) await world.sleep(pause);
    const seen = await look();
    if (seen !== undefined || world.stop.aborted) return seen;
  }
  return undefined;
}
