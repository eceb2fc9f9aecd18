import type { Inventory } from "../core/inventory.ts";
import type { JournalEntry } from "../core/journal.ts";
import type { DigestKey } from "../core/secret.ts";

/** Who holds the lock, as shown to the one who has to wait. */
export type Holder = { readonly user: string; readonly host: string; readonly pid: number; readonly since: string; readonly run: string; readonly url?: string };

/**
 * What a state backend does; one partition, named by the label. Reading never needs the lock and never writes. A plan uses
 * `inventory`, `journal` and `key` alone.
 */
export interface Store {
  /** For people: the folder or the branch. */
  readonly place: string;
  inventory(): Promise<Inventory | undefined>;
  journal(): Promise<readonly JournalEntry[]>;
  /** The digest key, when there is one already. */
  key(): Promise<DigestKey | undefined>;
  /** Takes the lock or throws a `ProblemError` with code `locked` that names the holder. */
  lock(holder: Holder): Promise<LockedStore>;
}

/** Everything that writes state is reachable under the lock only. */
export interface LockedStore {
  makeKey(hex: string): Promise<DigestKey>;
  /** Durable when it resolves: the intent is on disk before the call it announces is sent. */
  append(entry: JournalEntry): Promise<void>;
  /** Writes the next serial and starts the journal anew; refuses when the stored serial or lineage is another one. */
  commit(inventory: Inventory): Promise<Inventory>;
  unlock(): Promise<void>;
}
