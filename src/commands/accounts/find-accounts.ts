import type { DesiredState } from "../../core/model/desired.ts";
import type { Binding, Inventory } from "../../core/model/inventory.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Provider } from "../../core/base/address.ts";
import { rendercadHost, renderHost } from "./api-host.ts";
import type { Connection } from "./connect.ts";
import type { Deps } from "../base/deps.ts";
import { confirmWorkspace, findWorkspace, type Workspace } from "./render-account.ts";
import { findRendercadUser } from "./rendercad-account.ts";

/** Whose accounts a run works on; one that takes no part is absent. */
export type Accounts = Pick<Connection, "hosts"> & {
  readonly workspace?: Workspace;
  readonly rendercadUser?: string;
};

/**
 * Asks whose accounts the credentials are of: the workspace that the file or the environment names, and the user of the token.
 */
export async function findAccounts(
  deps: Deps,
  state: DesiredState,
  connection: Pick<Connection, "providers" | "hosts">,
  readers: Readers,
  /** The caller asks for the workspace by its id itself. */
  { isConfirmed = false }: { readonly isConfirmed?: boolean } = {},
): Promise<Accounts> {
  const { providers, hosts } = connection;
  const findRender = async (): Promise<Workspace> => {
    const workspace = await findWorkspace(deps, state, readers.render);
    return isConfirmed ? workspace : confirmWorkspace(workspace, readers.render);
  };
  const [workspace, rendercadUser] = await Promise.all([
    providers.has("render") ? findRender() : undefined,
    providers.has("rendercad") ? findRendercadUser(readers.rendercad) : undefined,
  ]);
  return { hosts, ...(workspace && { workspace }), ...(rendercadUser !== undefined && { rendercadUser }) };
}

/** Before anything is read: what this state owns would look as if it were gone from another account. */
export function refuseOtherAccounts(
  inventory: Inventory,
  { workspace, rendercadUser, hosts }: Accounts,
): void {
  const remedy =
    "Use the right key or workspace, or another --label for another workspace. If an earlier version bound it to a simulator, move the label's folder away: trueup plan --adopt begins anew.";
  const problems: Problem[] = (["render", "rendercad"] as const).flatMap((provider) => {
    const [bound, host] = [inventory.hosts?.[provider], hosts[provider]];
    return bound === undefined || host === undefined || bound === host
      ? []
      : [wrongHost(provider, bound, host)];
  });
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

function wrongHost(provider: Provider, bound: string, host: string): Problem {
  const variable = provider === "render" ? renderHost.variable : rendercadHost.variable;
  const isOwn = [renderHost, rendercadHost].some(({ origin, path }) => `${origin}${path}` === bound);
  const back = isOwn ? `Unset ${variable}` : `Set ${variable} to that`;
  const message = `This state belongs to ${bound}, and ${variable} makes the run one against ${host}.`;
  const remedy = `${back}, or use another --label. If a gateway to the same API answers there, let it send the header Trueup-Stands-For: ${bound}; if the API has moved, move the label's folder away: trueup plan --adopt begins anew.`;
  return problem("refusal", "wrong-host", message, remedy);
}

/** The accounts as the inventory notes them, so that a later run with other credentials is refused. */
export function bindingOf({ workspace, rendercadUser, hosts }: Accounts): Binding {
  return {
    ...(workspace && { workspace: workspace.id }),
    ...(workspace?.name !== undefined && { workspaceName: workspace.name }),
    ...(rendercadUser !== undefined && { rendercadUser }),
    ...(Object.keys(hosts).length > 0 && { hosts }),
  };
}
