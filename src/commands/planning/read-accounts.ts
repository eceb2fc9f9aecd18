import type { Address } from "../../core/base/address.ts";
import type { ResolvedValues } from "../../core/compare/comparison.ts";
import type { Desired, DesiredState } from "../../core/model/desired.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Overrides } from "../../core/consent/overrides.ts";
import type { ValueDelivery } from "../../core/rotation/deliveries.ts";
import { forgetOldDeletions, type Inventory } from "../../core/model/inventory.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Found } from "../../core/model/live.ts";
import { diff } from "../../core/diff/diff.ts";
import { stepsAside } from "../../core/diff/formers.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import type { Plan } from "../../core/model/plan.ts";
import { settleDeletions } from "../../core/run/pending.ts";
import { awaitLost } from "../../engine/read/await-lost.ts";
import { confirmEntries } from "../../engine/read/confirm-entries.ts";
import { findTwoOwners } from "../../engine/read/find-two-owners.ts";
import { settleNewObjects } from "../../engine/match/match-new-object.ts";
import { rememberEach } from "../../engine/read/remember-reads.ts";
import { readReplaced } from "../../engine/read/read-replaced.ts";
import { readLive, type ReadResult } from "../../engine/read/read-live.ts";
import { settleDisplaced, settleFormers } from "../../engine/settle/settle-formers.ts";
import { listYoung } from "../../engine/match/unshown.ts";
import { settleDeploys, settleJobs } from "../../engine/settle/settle-deploys.ts";
import { resolveAll, type ResolveInput, type Sources } from "../../engine/memory/resolve.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Connection } from "../accounts/connect.ts";
import type { Deps } from "../base/deps.ts";
import { findAccounts, refuseOtherAccounts } from "../accounts/find-accounts.ts";
import { confirmWorkspace, isUnknownWorkspace } from "../accounts/render-account.ts";
import type { Ownership } from "../files/judge-files.ts";
import type { PlanInput } from "./plan-input.ts";

type ReadAccounts = {
  readonly input: PlanInput;
  readonly deps: Deps;
  readonly state: DesiredState;
  readonly connection: Connection;
  readonly readers: Readers;
  readonly ownership: Pick<Ownership, "own" | "aside">;
  readonly key: DigestKey;
};

/** Everything that is asked of the accounts before anything is compared. */
export async function readAccounts({
  input,
  deps,
  state,
  connection,
  readers,
  ownership,
  key,
}: ReadAccounts) {
  const { aside } = ownership;
  const own = forgetOldDeletions(ownership.own, deps.world.now());
  const accounts = await findAccounts(deps, state, connection, readers, { isConfirmed: true });
  refuseOtherAccounts(own, accounts);
  const repository = await findRepository(input, deps, state);
  const { workspace } = accounts;
  const scope: Scope = { ownerId: workspace?.id ?? "", ...(repository !== undefined && { repository }) };
  const confirm = async (): Promise<void> => {
    if (workspace && own.workspace === undefined) await confirmWorkspace(workspace, readers.render);
  };
  const confirming = rememberEach(connection.readers);
  const reading = {
    state,
    inventory: own,
    others: aside.resources,
    kinds,
    readers,
    scope,
    confirming,
    young: listYoung(own, kinds, deps.world.now()),
    ...(input.isPatient && { confirmsNew: true as const }),
  };
  const read = await readConfirmed(confirm, async () => {
    if (input.isPatient) await awaitLost({ ...reading, readers: connection.readers }, deps.world);
    const replacements = input.allowReplace ?? [];
    return readReplaced(reading, await readLive(reading), { key, replacements });
  });
  const told = settleDeletions(own, (address) => read.live.has(address));
  const settled = await settleFormers(settleNewObjects(told, read.live), read.live, { kinds, readers });
  const placed = settleDisplaced(settled, read.live);
  const settling = { kinds, readers: connection.readers, patient: input.isPatient && deps.world };
  const deployed = await settleDeploys(placed, read.live, settling);
  const inventory = await settleJobs(deployed, read.live, { ...settling, desired: state.resources });
  const owners = workspace ? await findTwoOwners(readers.render, scope, read.live) : [];
  const desired = new Map(state.resources.map((one) => [one.address, one]));
  const found = new Map([
    ...read.targets,
    ...[...read.live.values()].map((live) => [live.address, live.found] as const),
  ]);
  return { accounts, scope, read, inventory, owners, desired, found };
}

/**
 * Asks for the workspace by its id while the state is bound to none: a mistyped one would make everything look as if it were to be
 * created. What such an id answers is not documented: an error of the lists may be just that, and else stands as it is.
 */
async function readConfirmed<T>(confirm: () => Promise<void>, read: () => Promise<T>): Promise<T> {
  const done = await read().catch(async (error: unknown) => {
    await confirm().catch((other: unknown) => {
      if (isUnknownWorkspace(other)) throw other;
    });
    throw error;
  });
  await confirm();
  return done;
}

export type Account = Awaited<ReturnType<typeof readAccounts>>;

/** The account with its doubtful lists read once more; `undefined` where the plan has none. */
export async function confirmAccount(
  account: Account,
  plan: Plan,
  { readers }: Pick<Connection, "readers">,
): Promise<Account | undefined> {
  const { read, inventory, scope } = account;
  const again = await confirmEntries({ ...plan, live: read.live, inventory, kinds, readers, scope });
  if (again.size === 0) return undefined;
  const found = [...again].map(([address, live]) => [address, live.found] as const);
  return {
    ...account,
    read: { ...read, live: new Map([...read.live, ...again]) },
    found: new Map([...account.found, ...found]),
  };
}

/** Outputs of an object that is about to be replaced, and those that a change gives another value, come later. */
export async function resolveStaying(input: {
  readonly state: DesiredState;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly read: ReadResult;
  readonly inventory: Inventory;
  readonly key: DigestKey;
  readonly found: ReadonlyMap<Address, Found>;
  readonly readers: Readers;
  readonly sources: Sources;
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  readonly overrides: Pick<Overrides, "rewrites" | "gaps" | "allowReplace">;
  /** ISO date. */
  readonly today: string;
}): Promise<ReadonlyMap<Address, ResolvedValues>> {
  const { state, read, inventory, key, deliveries, overrides, today } = input;
  const first = diff({
    desired: state.resources,
    live: read.live,
    gone: read.gone,
    inventory,
    resolved: new Map(),
    kinds,
    key,
    deliveries,
    rewrites: overrides.rewrites,
    gaps: overrides.gaps,
    replacements: overrides.allowReplace,
    today,
  });
  const replaced = first.filter((change) => change.action === "replace").map((change) => change.address);
  const isAside = (address: Address): boolean => {
    const one = input.desired.get(address);
    const kind = one && kinds.get(one.kind);
    return one !== undefined && kind !== undefined && stepsAside(kind, one);
  };
  const gone = new Set(replaced.filter((address) => !isAside(address)));
  const found = (address: Address): Found | undefined =>
    gone.has(address) ? undefined : input.found.get(address);
  const changing = new Map(
    first.map(({ address, fields }) => [address, new Set(fields.map(({ field }) => field))]),
  );
  const isUnsettled: ResolveInput["isUnsettled"] = (address, fields) =>
    fields.some((field) => changing.get(address)?.has(field));
  const { desired, readers, sources } = input;
  const renewed = new Set(first.filter(isRenewed).map((change) => change.address));
  const shownOnce: ResolveInput["shownOnce"] = (address, output) =>
    renewed.has(address) ? { state: "later" } : deliveries.get(address)?.values.get(output);
  const leaving = new Set(replaced);
  return resolveAll({
    desired,
    kinds,
    readers,
    sources,
    found,
    leaving,
    isUnsettled,
    shownOnce,
  });
}

/** Its value is another one soon: whatever holds the one of now gets that. */
function isRenewed({ succession }: ResourceChange): boolean {
  return succession !== undefined && succession.mode !== "continue";
}

/** An empty text is none, as `--repo "$UNSET"` gives. */
async function findRepository(
  input: PlanInput,
  deps: Deps,
  state: DesiredState,
): Promise<string | undefined> {
  return state.settings.repository || input.repo || (await deps.origin());
}
