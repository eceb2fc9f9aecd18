import { kindOf, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import { madeLately, type Inventory, type Owned } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import { pendingParts } from "../../core/run/pending.ts";

/** Made by a run a short while ago, and known by its id. */
export type Young = { readonly address: Address; readonly id: string; readonly at: Millis };

/**
 * What a run made and heard the answer of may be missing from a list that lags, and where an API has nothing but that list,
 * asking again says nothing new. So what is owned, or takes the place of what is owned, is not taken for gone before lists
 * have had their time: a second token would be made beside a live one that nobody knows any more.
 */
export function listYoung(inventory: Inventory, kinds: Kinds, now: Millis): readonly Young[] {
  const owned = Object.entries(inventory.resources) as [Address, Owned][];
  const known = [...owned, ...pendingParts(inventory, "successor")];
  return known.flatMap(([address, { id }]) => {
    const kind = kindOf(address);
    const at = id === undefined ? undefined : madeLately(inventory, { kind, id, now });
    return id !== undefined && at !== undefined && kinds.get(kind)?.onlyListed ? [{ address, id, at }] : [];
  });
}
