import type { Address } from "../../core/base/address.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import type { ValueDelivery } from "../../core/rotation/deliveries.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import type { Scope } from "../../core/kind/scope.ts";
import type { Found } from "../../core/model/live.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import type { Sources } from "../../engine/memory/resolve.ts";
import type { LockedStore, Store } from "../../store/base/store.ts";
import type { Connection } from "../accounts/connect.ts";
import type { Accounts } from "../accounts/find-accounts.ts";
import type { Ownership } from "../files/judge-files.ts";

/** Everything a run needs besides the plan: what was read, in memory only, because it holds secrets. */
export type Planned = {
  readonly plan: Plan;
  readonly state: DesiredState;
  readonly store: Store;
  readonly inventory: Inventory;
  /** Of earlier runs that ended before their time; its entries are in `inventory` already. */
  readonly journal: readonly JournalEntry[];
  readonly key: DigestKey;
  /** Keeps the key that this plan was made with, where there was none. */
  readonly makeKey: (locked: LockedStore) => Promise<DigestKey>;
  readonly accounts: Accounts;
  readonly scope: Scope;
  readonly sources: Sources;
  readonly found: ReadonlyMap<Address, Found>;
  /** Whose file each entry is; what stays untouched is not in `inventory`. */
  readonly ownership: Ownership;
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  readonly connection: Connection;
  readonly missing: readonly Problem[];
  /** When the accounts were read. */
  readonly readAt: number;
  /** Whether the end of this run notes what the file says of guards: that of a `destroy` does not. */
  readonly notesGuards: boolean;
};
