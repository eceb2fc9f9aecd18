import type { DesiredState } from "../core/desired.ts";
import type { Inventory } from "../core/inventory.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";
import type { Readers } from "../core/kind.ts";
import type { Connection } from "./connect.ts";
import type { Deps } from "./deps.ts";
import { findWorkspace, type Workspace } from "./render-account.ts";
import { findRendercadUser } from "./rendercad-account.ts";

/** Whose accounts a run works on; one that takes no part is absent. */
export type Accounts = { readonly workspace?: Workspace; readonly rendercadUser?: string };

export async function findAccounts(
  deps: Deps,
  state: DesiredState,
  connection: Pick<Connection, "providers">,
  readers: Readers,
): Promise<Accounts> {
  const { providers } = connection;
  const [workspace, rendercadUser] = await Promise.all([
    providers.has("render") ? findWorkspace(deps, state, readers.render) : undefined,
    providers.has("rendercad") ? findRendercadUser(readers.rendercad) : undefined,
  ]);
  return { ...(workspace && { workspace }), ...(rendercadUser !== undefined && { rendercadUser }) };
}

/** Before anything is read: what this state owns would look as if it were gone from another account. */
export function refuseOtherAccounts(inventory: Inventory, { workspace, rendercadUser }: Accounts): void {
  const remedy = "Use the right key or workspace, or another --label for another workspace.";
  const problems: Problem[] = [];
  if (inventory.workspace !== undefined && workspace && inventory.workspace !== workspace.id) {
    const message = `This state belongs to the workspace ${inventory.workspace}, and the run is against ${workspace.id}.`;
    problems.push(problem("refusal", "wrong-workspace", message, remedy));
  }
  const { rendercadUser: owner } = inventory;
  if (owner !== undefined && rendercadUser !== undefined && owner !== rendercadUser) {
    const message = `This state belongs to the RENDERCAD user ${owner}, and the token is of the user ${rendercadUser}.`;
    const other = "Use a token of that user, or another --label for another account.";
    problems.push(problem("refusal", "wrong-rendercad-user", message, other));
  }
  if (problems.length > 0) throw new ProblemError(problems);
}

/** What the state remembers of whose accounts it belongs to; an account that takes no part stays as it is remembered. */
export function withAccounts(inventory: Inventory, { workspace, rendercadUser }: Accounts): Inventory {
  return {
    ...inventory,
    ...(workspace && { workspace: workspace.id }),
    ...(rendercadUser !== undefined && { rendercadUser }),
  };
}
