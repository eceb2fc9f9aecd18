import type { Millis } from "../../core/model/budget.ts";
import type { World } from "../../world/world.ts";

/**
 * Looks once after each pause until `look` answers with something. `undefined` when it never did, or the run was told to stop
 * first. Example: a list may show a new object late, so it is read again after 1 s, 3 s, 7 s and so on.
 */
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
