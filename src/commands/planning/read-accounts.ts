import type { Address } from "../../core/base/address.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Desired } from "../../core/model/desired.ts";
import { forgetOldDeletions, type Inventory } from "../../core/model/inventory.ts";
import type { Found, Live } from "../../core/model/live.ts";
import type { Plan } from "../../core/model/plan.ts";
import { settleDeletions } from "../../core/run/pending.ts";
import { settleNewObjects } from "../../engine/match/match-new-object.ts";
import { listYoung } from "../../engine/match/read-input.ts";
import { awaitLost } from "../../engine/read/await-lost.ts";
import { confirmEntries } from "../../engine/read/confirm-entries.ts";
import { findTwoOwners } from "../../engine/read/find-two-owners.ts";
import { readLive, type ReadResult } from "../../engine/read/read-live.ts";
import { readReplaced } from "../../engine/read/read-replaced.ts";
import { rememberEach } from "../../engine/read/remember-reads.ts";
import {
  settleDeploys,
  settleJobs,
  settleDisplaced,
  settleFormers,
} from "../../engine/settle/settle-earlier.ts";
import { kinds } from "../../providers/kinds.ts";
import { findAccounts, refuseOtherAccounts, type Accounts } from "../accounts/find-accounts.ts";
import { confirmWorkspace, isUnknownWorkspace, type Workspace } from "../accounts/render-account.ts";
import type { Deps } from "../base/deps.ts";
import type { Access } from "./access.ts";
import type { Start } from "./start.ts";

/** The accounts as they are now, beside what the state remembers of them. */
export type Account = {
  /** Whose accounts they are. */
  readonly accounts: Accounts;
  /** The workspace, and the repository that services are made from, for calls that name them. */
  readonly scope: Scope;
  readonly read: ReadResult;
  /** Of this run's files, with what became of all that earlier runs began and did not hear the end of. */
  readonly inventory: Inventory;
  /** Problems with objects that something else manages as well. */
  readonly owners: readonly Problem[];
  readonly desired: ReadonlyMap<Address, Desired>;
  /** The live object of each address, and of what values refer to outside of the files. */
  readonly found: ReadonlyMap<Address, Found>;
};

/**
 * Everything that is asked of the accounts before anything is compared. Throws a `ProblemError` when they are others than
 * those of the state, or when a read is not complete: a plan is never made from half an account.
 */
export async function readAccounts(start: Start, access: Access, deps: Deps): Promise<Account> {
  const { state, ownership } = start;
  const { connection, readers } = access;
  const own = forgetOldDeletions(ownership.own, deps.world.now());
  const accounts = await findAccounts(deps, state, connection, readers, { isConfirmed: true });
  refuseOtherAccounts(own, accounts);
  const scope = await findScope(start, accounts, deps);
  const { read, workspace } = await readMatched({ start, access, own, accounts, scope }, deps);
  const inventory = await settleBegun(own, read.live, { start, access }, deps);
  const owners = accounts.workspace ? await findTwoOwners(readers.render, scope, read.live) : [];
  return {
    accounts: { ...accounts, ...(workspace && { workspace }) },
    scope,
    read,
    inventory,
    owners,
    desired: new Map(state.resources.map((one) => [one.address, one])),
    found: new Map([...read.targets, ...foundOf(read.live)]),
  };
}

/** The account with its doubtful lists read once more; `undefined` where the plan has none. */
export async function confirmAccount(
  account: Account,
  { steps }: Pick<Plan, "steps">,
  { connection: { readers } }: Access,
): Promise<Account | undefined> {
  const { read, inventory, scope } = account;
  const again = await confirmEntries({ steps, live: read.live, inventory, kinds, readers, scope });
  if (again.size === 0) return undefined;
  return {
    ...account,
    read: { ...read, live: new Map([...read.live, ...again]) },
    found: new Map([...account.found, ...foundOf(again)]),
  };
}

function foundOf(live: ReadonlyMap<Address, Live>): readonly (readonly [Address, Found])[] {
  return [...live.values()].map(({ address, found }) => [address, found]);
}

async function findScope({ input, state }: Start, { workspace }: Accounts, deps: Deps): Promise<Scope> {
  // An empty text is none, as `--repo "$UNSET"` gives.
  const repository = state.settings.repository || input.repo || (await deps.origin());
  return { ownerId: workspace?.id ?? "", ...(repository !== undefined && { repository }) };
}

type Reading = {
  readonly start: Start;
  readonly access: Access;
  /** The entries of the inventory that belong to this run's files. */
  readonly own: Inventory;
  readonly accounts: Accounts;
  readonly scope: Scope;
};

/**
 * Reads what is declared and owned, and matches it to addresses. Who writes next waits for what a lost call may have made.
 * `workspace`: with its name, where that is known.
 */
async function readMatched(
  { start, access, own, accounts: { workspace }, scope }: Reading,
  { world }: Deps,
): Promise<{ readonly read: ReadResult; readonly workspace: Workspace | undefined }> {
  const { input, state, ownership, remembered } = start;
  const { connection, readers } = access;
  const reading = {
    state,
    inventory: own,
    others: ownership.aside.resources,
    kinds,
    readers,
    scope,
    confirming: rememberEach(connection.readers),
    young: listYoung(own, kinds, world.now()),
    ...(input.isPatient && { confirmsNew: true as const }),
  };
  const confirm = async (): Promise<Workspace | undefined> => {
    if (!workspace) return undefined;
    if (own.workspace === undefined) return confirmWorkspace(workspace, readers.render);
    return { ...nameKnown(workspace, own), ...workspace };
  };
  return readConfirmed(confirm, async () => {
    if (input.isPatient) await awaitLost({ ...reading, readers: connection.readers }, world);
    const { key } = remembered;
    const replacements = input.allowReplace ?? [];
    return readReplaced(reading, await readLive(reading), { key, replacements });
  });
}

/**
 * Asks for the workspace by its id while the state is bound to none: a mistyped one would make everything look as if it were to be
 * created. What such an id answers is not documented: an error of the lists may be just that, and else stands as it is.
 */
async function readConfirmed(
  confirm: () => Promise<Workspace | undefined>,
  read: () => Promise<ReadResult>,
): Promise<{ readonly read: ReadResult; readonly workspace: Workspace | undefined }> {
  const done = await read().catch(async (error: unknown) => {
    await confirm().catch((other: unknown) => {
      if (isUnknownWorkspace(other)) throw other;
    });
    throw error;
  });
  return { read: done, workspace: await confirm() };
}

/** The name of a workspace that an earlier run read: an id alone says nothing to people, and asking each time costs a call. */
function nameKnown({ id }: Workspace, { workspace, workspaceName }: Inventory): Pick<Workspace, "name"> {
  return workspace === id && workspaceName !== undefined ? { name: workspaceName } : {};
}

/**
 * The inventory with what became of all that earlier runs began: deletions, new objects of rotations, what stepped aside for
 * a replacement, deploys and jobs.
 */
async function settleBegun(
  own: Inventory,
  live: ReadonlyMap<Address, Live>,
  { start, access }: Pick<Reading, "start" | "access">,
  { world }: Deps,
): Promise<Inventory> {
  const { input, state } = start;
  const { readers } = access.connection;
  const deleted = settleDeletions(own, (address) => live.has(address));
  const rotated = settleNewObjects(deleted, live);
  const replaced = await settleFormers(rotated, live, { kinds, readers: access.readers });
  const placed = settleDisplaced(replaced, live);
  const settling = { kinds, readers, patient: input.isPatient && world };
  const deployed = await settleDeploys(placed, live, settling);
  return settleJobs(deployed, live, { ...settling, desired: state.resources });
}
