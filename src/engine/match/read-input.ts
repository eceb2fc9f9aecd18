import type { DesiredState } from "../../core/model/desired.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Young } from "./unshown.ts";

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
