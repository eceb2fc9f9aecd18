import type { Address, KindName } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import type { Ledger } from "../../core/schedule/ledger.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import type { DigestKey } from "../../core/base/digest.ts";

/** Who holds the lock, as shown to the one who has to wait. `since` is ISO 8601, `url` the page of the CI run. */
export type Holder = {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
  readonly run: string;
  readonly url?: string;
};

/** A lock that ends by itself at `expires` unless its holder prolongs it. */
export type Lease = {
  readonly holder: Holder;
  readonly expires: Millis;
  /** The holder's process, as `process-identity.ts` names it; absent where the system does not tell. */
  readonly process?: string;
};

/** Texts that other parts keep with the state: approved plans, and one-time secrets sealed with age. */
export type KeptName = "plan.json" | "recorded-plans.json" | `sealed/${string}.age`;

/** One object has one owner: `id` is that of `kind` which `label` has under `address`. */
export type OwnedElsewhere = {
  readonly label: string;
  readonly address: Address;
  readonly kind: KindName;
  readonly id: string;
};

/**
 * What a state backend does; one partition, named by the label. Reading never needs the lock and never writes. A plan uses
 * `inventory`, `journal`, `ledger` and `key` alone.
 */
export interface Store {
  /** For people: the folder or the branch. */
  readonly place: string;
  inventory(): Promise<Inventory | undefined>;
  journal(): Promise<readonly JournalEntry[]>;
  ledger(): Promise<Ledger | undefined>;
  /** Newest first, with those that only the journal knows of. */
  runs(): Promise<readonly RunRecord[]>;
  kept(name: KeptName): Promise<string | undefined>;
  /** What the other labels of this place of state own, killed runs of theirs included. */
  ownedElsewhere(): Promise<readonly OwnedElsewhere[]>;
  /** The digest key, when there is one already. */
  key(): Promise<DigestKey | undefined>;
  /** Of a lock that is taken, be it expired or not. */
  lease(): Promise<Lease | undefined>;
  /**
   * Takes the lock, waiting for it up to `timeout` (default 0), or throws a `ProblemError` with code `locked` that names the
   * holder. An expired lock is taken over.
   */
  lock(holder: Holder, options?: { readonly timeout?: Millis }): Promise<LockedStore>;
  /** Takes the lock away from whoever has it, and answers with whom; that run stops before its next write. */
  breakLock(): Promise<Lease | undefined>;
}

/** `aside`: where the damaged text is now; `kept`: of a journal, how many of its lines could be read and stay. */
export type Repaired = { readonly name: string; readonly aside: string; readonly kept?: number };

/**
 * Everything that writes state is reachable under the lock only, and throws a `ProblemError` with code `lock-lost` once the
 * lock is another's.
 */
export interface LockedStore {
  makeKey(hex: string): Promise<DigestKey>;
  /**
   * An intent is durable when this resolves: it is kept before the call it announces is sent. Any other entry is kept at
   * the latest with the next intent or commit, and never after it.
   */
  append(entry: JournalEntry): Promise<void>;
  /** Writes the next serial and starts the journal anew; refuses when the stored serial or lineage is another one. */
  commit(inventory: Inventory, run?: RunRecord): Promise<Inventory>;
  /** Goes with the next write. */
  keepLedger(ledger: Ledger): void;
  /** Moves documents that are damaged below `damaged/`, and answers with what became of each. */
  repair(): Promise<readonly Repaired[]>;
  /** `null` removes it. */
  keep(name: KeptName, text: string | null): Promise<void>;
  /** Prolongs the lease where that is due, and throws unless more than 30 s of it remain: right before every write. */
  hold(): Promise<void>;
  unlock(): Promise<void>;
}
