import { kindOf, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Inventory, Owned, Pending } from "../../core/model/inventory.ts";
import { runningWindows } from "../../core/schedule/ledger.ts";
import { findUnfinished, type Unfinished } from "../../core/planning/unfinished.ts";
import { sentAgainFrom } from "../../core/diff/uncertain.ts";
import { kinds } from "../../providers/kinds.ts";
import { readApproval } from "../run/approval-file.ts";
import type { Deps } from "../base/deps.ts";
import { openStateAlone, type FileInput } from "../files/load.ts";
import { tellRuns } from "./runs.ts";
import { scheduleIn } from "../planning/schedule-plan.ts";
import { ownedAt, rememberInventory } from "./state.ts";

/** `unfinished` is absent when every approved plan was done. `inventory` holds what runs began with resources and left. */
export type Standing = {
  readonly place: string;
  readonly inventory: Inventory;
  readonly unfinished?: Unfinished;
  /** When this was so, milliseconds since 1970. */
  readonly at: number;
  /** From when on creations whose answers were lost may be sent again, where that is not at any time. */
  readonly again?: ReadonlyMap<Address, Millis>;
};

/** `state show`: what the last approved plan has done and what waits, from the state alone; no account is asked. */
export async function showStanding(input: FileInput, deps: Deps): Promise<Standing> {
  const { state, store } = await openStateAlone(input, deps);
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
  const again = listAgain(inventory);
  return {
    place: store.place,
    inventory,
    at: now,
    ...(again.size > 0 && { again }),
    ...(unfinished && { unfinished }),
  };
}

function listAgain({ pending = {} }: Inventory): ReadonlyMap<Address, Millis> {
  const all = (Object.entries(pending) as [Address, Pending][]).flatMap(([address, { creation }]) => {
    const from = creation && sentAgainFrom(kinds.get(kindOf(address)), { address, at: creation.at });
    return from === undefined ? [] : [[address, from] as const];
  });
  return new Map(all);
}

/** One resource; `owned` is absent while only its creation is known of. `again`: as in `Standing`. */
export type Shown = { readonly owned?: Owned; readonly pending?: Pending; readonly again?: Millis };

/** `state show ADDRESS`: what is owned there, and what a run began with it and left. */
export async function showOwned(address: Address, input: FileInput, deps: Deps): Promise<Shown> {
  const { store } = await openStateAlone(input, deps);
  const inventory = await rememberInventory(store, "");
  const pending = inventory.pending?.[address];
  const owned = inventory.resources[address];
  const again = listAgain(inventory).get(address);
  return {
    ...((owned || !pending) && { owned: ownedAt(inventory, address) }),
    ...(pending && { pending }),
    ...(again !== undefined && { again }),
  };
}
