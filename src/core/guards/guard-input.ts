import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Desired, Removal, Settings } from "../model/desired.ts";
import type { ValueDelivery } from "../rotation/deliveries.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Scope } from "../kind/scope.ts";
import type { Found, Live } from "../model/live.ts";
import type { Overrides } from "../consent/overrides.ts";

/** What guards judge: the changes of a plan, and what they are about. */
export type GuardInput = {
  readonly changes: readonly ResourceChange[];
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly settings: Settings;
  /** What was typed. */
  readonly overrides: Overrides;
  readonly scope: Scope;
  /** What the file refers to and does not declare. */
  readonly targets?: ReadonlyMap<Address, Found>;
  /** For values that are shown once, where they have to arrive, by the address that they come from. */
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  /** `removed:` of the files: the resources whose end they agree to. */
  readonly removed: readonly Removal[];
  /** ISO date, for consents of the file, which expire. */
  readonly today: string;
};
