import type { Address } from "../core/address.ts";
import type { Inventory, Owned, Pending } from "../core/inventory.ts";
import { runningWindows } from "../core/ledger.ts";
import { findUnfinished, type Unfinished } from "../core/unfinished.ts";
import { readApproval } from "./approval-file.ts";
import type { Deps } from "./deps.ts";
import { openState, type FileInput } from "./load.ts";
import { tellRuns } from "./runs.ts";
import { scheduleIn } from "./schedule-plan.ts";
import { ownedAt, rememberInventory } from "./state.ts";

/** `unfinished` is absent when every approved plan was done. `inventory` holds what runs began with resources and left. */
export type Standing = {
  readonly place: string;
  readonly inventory: Inventory;
  readonly unfinished?: Unfinished;
  /** When this was so, milliseconds since 1970. */
  readonly at: number;
};

/** `state show`: what the last approved plan has done and what waits, from the state alone; no account is asked. */
export async function showStanding(input: FileInput, deps: Deps): Promise<Standing> {
  const { state, store } = await openState(input, deps);
  const [inventory, approval, ledger, runs] = await Promise.all([
    rememberInventory(store, ""),
    readApproval(store),
    store.ledger(),
    tellRuns(store, deps),
  ]);
  const now = deps.world.now();
  const windows = runningWindows(ledger, now);
  const unfinished =
    approval &&
    findUnfinished({
      approval,
      runs,
      now,
      schedule: (steps) => scheduleIn(windows, { steps, state, now }),
    });
  return { place: store.place, inventory, at: now, ...(unfinished && { unfinished }) };
}

/** One resource; `owned` is absent while only its creation is known of. */
export type Shown = { readonly owned?: Owned; readonly pending?: Pending };

/** `state show ADDRESS`: what is owned there, and what a run began with it and left. */
export async function showOwned(address: Address, input: FileInput, deps: Deps): Promise<Shown> {
  const { store } = await openState(input, deps);
  const inventory = await rememberInventory(store, "");
  const pending = inventory.pending?.[address];
  const owned = inventory.resources[address];
  return {
    ...((owned || !pending) && { owned: ownedAt(inventory, address) }),
    ...(pending && { pending }),
  };
}
