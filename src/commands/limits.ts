import { runningWindows } from "../core/schedule/ledger.ts";
import { listLimits, type Limits } from "../core/schedule/limit.ts";
import { connect, providersAtHand } from "./accounts/connect.ts";
import type { Deps } from "./base/deps.ts";
import { openState, type FileInput } from "./files/load.ts";

/** `limits`: every budget, from the ledger of earlier runs and the headers of one cheap read of each account at hand. */
export async function readLimits(input: FileInput, deps: Deps): Promise<Limits> {
  const { state, store } = await openState(input, deps);
  const ledger = runningWindows(await store.ledger(), deps.world.now());
  const providers = await providersAtHand(deps);
  const { readers, limiter } = await connect(deps, state, { windows: ledger }, providers);
  await Promise.all([
    providers.has("render") && readers.render.get("/owners", { limit: "1" }),
    providers.has("rendercad") && readers.rendercad.get("/auth.php?action=get_api_tokens"),
  ]);
  return { at: deps.world.now(), limits: listLimits(limiter.windows(), ledger, state.settings.reserve) };
}
