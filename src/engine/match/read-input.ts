import type { DesiredState } from "../../core/model/desired.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Young } from "./unshown.ts";

export type ReadInput = {
  readonly state: DesiredState;
  readonly inventory: Inventory;
  /** What files own that the run was not given: never matched, and known by its id where something refers to it. */
  readonly others?: Inventory["resources"];
  readonly kinds: Kinds;
  readonly readers: Readers;
  readonly scope: Scope;
  /** The same accounts, asked anew: what a list lacks is not confirmed by that list. */
  readonly confirming: Readers;
  /** So is what was never owned and is about to be made: by a run that writes. A plan takes the list that it has read for it. */
  readonly confirmsNew?: true;
  /** What no list may lack: made a short while ago, and asked for in no other way. Absent: nothing. */
  readonly young?: readonly Young[];
};
