import { pendingParts } from "../../core/run/pending.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { type Inventory, madeLately, type Owned } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Readers } from "../../core/kind/reader.ts";
import { kindOf, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";

/** What a read of the accounts needs to know. */
export type ReadInput = {
  readonly state: DesiredState;
  readonly inventory: Inventory;
  /** What other files of the same state own: never matched here, but found by its id when something refers to it. */
  readonly others?: Inventory["resources"];
  readonly kinds: Kinds;
  readonly readers: Readers;
  readonly scope: Scope;
  /** Readers of the same accounts without a memory of earlier answers: what a list lacks must not be confirmed by that same list. */
  readonly confirming: Readers;
  /**
   * Whether objects that were never owned, and that the run would create, are also asked for anew. A run that writes sets it; a
   * plan believes the list that it has read.
   */
  readonly confirmsNew?: true;
  /** Objects made a short while ago that only a list can show: a list that lacks one is not complete. Absent: none. */
  readonly young?: readonly Young[];
};

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
