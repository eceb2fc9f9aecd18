import { kindOf, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import { madeLately, type Inventory, type Owned } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import { pendingParts } from "../../core/run/pending.ts";

/** An object that a run made a short while ago, known by its id. `at` is when. */
export type Young = { readonly address: Address; readonly id: string; readonly at: Millis };

/**
 * Objects that were made so short a while ago that a list may still lack them, of kinds that an API shows in a list only
 * (`onlyListed`). They must not be taken for gone yet: trueup would forget a live token and make a second one beside it.
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
