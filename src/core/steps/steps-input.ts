import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { ValueDelivery } from "../rotation/deliveries.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Scope } from "../kind/scope.ts";
import type { Found, Live } from "../model/live.ts";

/** What steps are made from: the changes of a plan, and what was declared, found and owned when they were found. */
export type StepsInput = {
  readonly changes: readonly ResourceChange[];
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly scope: Scope;
  /** What the file refers to and does not declare. */
  readonly targets?: ReadonlyMap<Address, Found>;
  /** For values that are shown once, where they are used, by the address that they come from. */
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
};
