import { kindOf, type Address } from "../../core/base/address.ts";
import { closest } from "../../core/base/text.ts";
import {
  emptyInventory,
  withOwned,
  withoutOwned,
  type Inventory,
  type Owned,
} from "../../core/model/inventory.ts";
import { foldJournal } from "../../core/owners/binding.ts";
import { withPending } from "../../core/run/pending.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { isProcessHere } from "../../store/file/process-identity.ts";
import type { Lease, Repaired, Store } from "../../store/base/store.ts";
import type { Deps } from "../base/deps.ts";
import { refuseReadOnly } from "../base/freeze.ts";
import { openState, openStateAlone, type FileInput, type Opened } from "../files/load.ts";
import { holderOf, newRun } from "../base/lock.ts";
import { filesOfState, giveTo } from "./state-files.ts";

/** What trueup owns, and where that is written down. */
export type Owning = { readonly place: string; readonly inventory: Inventory };

/** `state list`: with what a killed run left in its journal; nothing is written. */
export async function readOwning(input: FileInput, deps: Deps): Promise<Owning> {
  const { store } = await openStateAlone(input, deps);
  return { place: store.place, inventory: await rememberInventory(store, "") };
}

/** `state forget`: the object stays as it is, and trueup no longer owns it nor takes up what a run left there. */
export async function forgetOwned(
  address: Address,
  input: FileInput,
  deps: Deps,
): Promise<Owned | undefined> {
  const { before } = await changeState(await openState(input, deps), deps, (inventory) => {
    if (!inventory.pending?.[address]) ownedAt(inventory, address);
    return withPending(withoutOwned(inventory, address), address, {});
  });
  return before.resources[address];
}

/**
 * `state move`: another address for the same object. A file that renames a block says so with `renamedFrom` as well. It then
 * belongs to the given file that declares the new address; an address that is moved to itself, to a given file at any rate.
 */
export async function moveOwned(from: Address, to: Address, input: FileInput, deps: Deps): Promise<Owned> {
  const opened = await openState(input, deps);
  const files = await filesOfState(opened, input, await rememberInventory(opened.store, ""), deps);
  const file = files.declaring.get(to) ?? (from === to ? files.first : undefined);
  const { after } = await changeState(opened, deps, (inventory) => {
    if (from === to) {
      ownedAt(inventory, from);
      return giveTo(inventory, [[to, file]], files);
    }
    const owned = ownedAt(inventory, from);
    if (kindOf(from) !== kindOf(to))
      throw refuse(
        "move-kind",
        `${from} is of another kind than ${to}.`,
        "Give an address of the same kind.",
      );
    if (inventory.resources[to])
      throw refuse(
        "address-taken",
        `${to} is owned already: ${inventory.resources[to].id}.`,
        `Forget it first: trueup state forget ${to}`,
      );
    const renamed = { ...owned, notedAs: [...(owned.notedAs ?? []), from] };
    const moved = withOwned(renameNeeds(withoutOwned(inventory, from), from, to), to, renamed);
    const given = giveTo(moved, [[to, file]], files);
    return withPending(withPending(given, from, {}), to, inventory.pending?.[from] ?? {});
  });
  return ownedAt(after, to);
}

/** `state unlock`: takes the lock from a run that is gone. From one that is at work on this machine only by force. */
export async function breakLock(
  input: FileInput & { readonly force?: boolean },
  deps: Deps,
): Promise<Lease | undefined> {
  const { store } = await openState(input, deps);
  const lease = await store.lease();
  if (lease && !input.force && (await isProcessHere(lease.process))) throw holderLives(lease);
  return store.breakLock();
}

function holderLives({ holder: { user, pid, run } }: Lease): ProblemError {
  const message = `Run ${run} of ${user}, which holds the lock, is at work on this machine: process ${pid}.`;
  const remedy = `Wait for it, or end it (kill ${pid}): then the lock is free. Against its will: trueup state unlock --force.`;
  return new ProblemError([problem("refusal", "lock-holder-alive", message, remedy)]);
}

/** `state repair`: puts what is damaged aside, under the lock. Nothing of what can be read is lost. */
export async function repairState(
  input: FileInput,
  deps: Deps,
): Promise<{ readonly place: string; readonly repaired: readonly Repaired[] }> {
  const { store } = await openState(input, deps);
  const locked = await store.lock(holderOf(newRun(deps), deps));
  try {
    return { place: store.place, repaired: await locked.repair() };
  } finally {
    await locked.unlock();
  }
}

/** The inventory before and after a change by hand. */
export type StateChange = { readonly before: Inventory; readonly after: Inventory };

/** One change of the inventory under the lock. What a killed run left in its journal is taken in first and kept. */
export async function changeState(
  { store }: Pick<Opened, "store">,
  deps: Deps,
  change: (inventory: Inventory) => Inventory,
): Promise<StateChange> {
  const readOnly = refuseReadOnly(deps.environment);
  if (readOnly) throw new ProblemError([readOnly]);
  const locked = await store.lock(holderOf(newRun(deps), deps));
  try {
    const before = await rememberInventory(store, deps.world.randomHex(8));
    return { before, after: await locked.commit(change(before)) };
  } finally {
    await locked.unlock();
  }
}

/** `lineage`: given to a state that has not been written yet. */
export async function rememberInventory(store: Store, lineage: string): Promise<Inventory> {
  const [stored, journal] = await Promise.all([store.inventory(), store.journal()]);
  return foldJournal(stored ?? emptyInventory(lineage), journal);
}

/** The entry of an address. Throws `not-owned`, with the closest address that there is. */
export function ownedAt(inventory: Inventory, address: Address): Owned {
  const owned = inventory.resources[address];
  if (owned) return owned;
  const guess = closest(address, Object.keys(inventory.resources));
  throw refuse(
    "not-owned",
    `${address} is not in the inventory.`,
    `${guess === undefined ? "" : `Did you mean ${guess}? `}trueup state list shows every address that is.`,
  );
}

function renameNeeds(inventory: Inventory, from: Address, to: Address): Inventory {
  const resources = (Object.entries(inventory.resources) as [Address, Owned][]).map(([address, owned]) => {
    const needs = owned.needs.map((need) => (need === from ? to : need));
    return [address, { ...owned, needs }] as const;
  });
  return { ...inventory, resources: Object.fromEntries(resources) };
}

/** The error of a command that changes the state by hand, to be thrown. */
export function refuse(
  code: string,
  message: string,
  remedy: string,
  more?: Parameters<typeof problem>[4],
): ProblemError {
  const found: Problem = problem("error", code, message, remedy, more);
  return new ProblemError([found]);
}
