import { runningWindows } from "../core/ledger.ts";
import { listLimits, type Limits } from "../core/limit.ts";
import { connect } from "./connect.ts";
import type { Deps } from "./deps.ts";
import { openState, type FileInput } from "./load.ts";

/** `limits`: every budget, from the ledger of earlier runs and the headers of one cheap read. */
export async function readLimits(input: FileInput, deps: Deps): Promise<Limits> {
  const { state, store } = await openState(input, deps);
  const ledger = runningWindows(await store.ledger(), deps.world.now());
  const { reader, limiter } = await connect(deps, state, { windows: ledger });
  await reader.get("/owners", { limit: "1" });
  return { at: deps.world.now(), limits: listLimits(limiter.windows(), ledger, state.settings.reserve) };
}
