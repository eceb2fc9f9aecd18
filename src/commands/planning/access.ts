import type { BudgetName, Millis, Window } from "../../core/model/budget.ts";
import type { Readers } from "../../core/kind/reader.ts";
import { rememberEach } from "../../engine/read/remember-reads.ts";
import { connect, providersOf, type Connection } from "../accounts/connect.ts";
import { tellWaits, watchReads } from "../accounts/watch-reads.ts";
import type { Deps } from "../base/deps.ts";
import type { Start } from "./start.ts";

/** How a plan gets at the accounts that take part in it. */
export type Access = {
  readonly connection: Connection;
  /** Readers that ask for nothing twice: a plan is made of one look at the accounts. */
  readonly readers: Readers;
};

/** Opens the clients of the accounts. Nothing is called yet. Throws a `ProblemError` when a credential is missing. */
export async function openAccess(
  { input, state, remembered, ownership }: Start,
  deps: Deps,
): Promise<Access> {
  const limits = limitsOf(input.maxDuration, remembered.windows, deps);
  const connection = await connect(deps, state, limits, providersOf(state, ownership.own));
  watchReads(connection, state.settings.reserve, deps);
  return { connection, readers: rememberEach(connection.readers) };
}

/** What earlier runs used of the limits, whom a wait is told to, and the latest moment that may be waited for. */
function limitsOf(
  maxDuration: Millis | undefined,
  windows: ReadonlyMap<BudgetName, Window>,
  deps: Deps,
): Parameters<typeof connect>[2] {
  return {
    onWait: tellWaits(deps),
    windows,
    ...(maxDuration !== undefined && { latest: deps.world.now() + maxDuration }),
  };
}
