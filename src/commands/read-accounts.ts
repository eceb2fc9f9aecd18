import type { Address } from "../core/address.ts";
import type { ResolvedValues } from "../core/compare.ts";
import type { Desired, DesiredState } from "../core/desired.ts";
import type { Inventory } from "../core/inventory.ts";
import type { Reader, Scope } from "../core/kind.ts";
import type { Found } from "../core/live.ts";
import { followRenames } from "../core/follow-renames.ts";
import { diff } from "../core/diff.ts";
import { problem, ProblemError } from "../core/problem.ts";
import type { DigestKey } from "../core/secret.ts";
import { findTwoOwners } from "../engine/find-two-owners.ts";
import { readLive, type ReadResult } from "../engine/read-live.ts";
import { rememberReads } from "../engine/remember-reads.ts";
import { settleDeploys } from "../engine/settle-deploys.ts";
import { resolveAll, type Sources } from "../engine/resolve.ts";
import { kinds } from "../providers/kinds.ts";
import { findWorkspace, type Connection, type Workspace } from "./connect.ts";
import type { Deps } from "./deps.ts";
import type { PlanInput } from "./plan.ts";

type ReadAccounts = {
  readonly input: PlanInput;
  readonly deps: Deps;
  readonly state: DesiredState;
  readonly reader: Reader;
  readonly stored: { readonly inventory: Inventory };
};

/** Everything that is asked of the accounts before anything is compared. */
export async function readAccounts({ input, deps, state, reader, stored }: ReadAccounts) {
  const renamed = followRenames(stored.inventory, state.resources, kinds);
  const workspace = await findWorkspace(deps, state, reader);
  refuseWrongWorkspace(renamed, workspace);
  const repository = await findRepository(input, deps, state);
  const scope: Scope = { ownerId: workspace.id, ...(repository !== undefined && { repository }) };
  const read = await readLive({ state, inventory: renamed, kinds, reader, scope });
  const inventory = await settleDeploys(renamed, read.live, { kinds, reader });
  const owners = await findTwoOwners(reader, scope, read.live);
  const desired = new Map(state.resources.map((one) => [one.address, one]));
  const found = new Map([
    ...read.targets,
    ...[...read.live.values()].map((live) => [live.address, live.found] as const),
  ]);
  return { workspace, scope, read, inventory, owners, desired, found };
}

/** Outputs of an object that is about to be replaced, and those that a change gives another value, come later. */
export async function resolveStaying(input: {
  readonly state: DesiredState;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly read: ReadResult;
  readonly inventory: Inventory;
  readonly key: DigestKey;
  readonly found: ReadonlyMap<Address, Found>;
  readonly reader: Connection["reader"] | ReturnType<typeof rememberReads>;
  readonly sources: Sources;
}): Promise<ReadonlyMap<Address, ResolvedValues>> {
  const { state, read, inventory, key } = input;
  const first = diff({
    desired: state.resources,
    live: read.live,
    gone: read.gone,
    inventory,
    resolved: new Map(),
    kinds,
    key,
  });
  const leaving = new Set(
    first.filter((change) => change.action === "replace").map((change) => change.address),
  );
  const found = (address: Address): Found | undefined =>
    leaving.has(address) ? undefined : input.found.get(address);
  const unsettled = first.flatMap((change) =>
    (kinds.get(change.kind)?.unsettles?.(change) ?? []).map((output) => `${change.address} ${output}`),
  );
  const { desired, reader, sources } = input;
  return resolveAll({ desired, kinds, reader, sources, found, unsettled: new Set(unsettled) });
}

/** An empty text is none, as `--repo "$UNSET"` gives. */
async function findRepository(
  input: PlanInput,
  deps: Deps,
  state: DesiredState,
): Promise<string | undefined> {
  return state.settings.repository || input.repo || (await deps.origin());
}

/** Before anything is read: what this state owns would look as if it were gone from the other workspace. */
export function refuseWrongWorkspace(inventory: Inventory, workspace: Workspace): void {
  if (inventory.workspace === undefined || inventory.workspace === workspace.id) return;
  const message = `This state belongs to the workspace ${inventory.workspace}, and the run is against ${workspace.id}.`;
  const remedy = "Use the right key or workspace, or another --label for another workspace.";
  throw new ProblemError([problem("refusal", "wrong-workspace", message, remedy)]);
}
