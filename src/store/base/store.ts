import type { Address, KindName } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { JournalEntry } from "../../core/run/journal.ts";
import type { Ledger } from "../../core/schedule/ledger.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import type { RunRecord } from "../../core/run/run-record.ts";
import type { DigestKey } from "../../core/base/digest.ts";

/** Who holds the lock, as it is shown to a run that has to wait. `since` is an ISO 8601 time, `url` the page of the CI run. */
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
  /** Milliseconds since 1970. */
  readonly expires: Millis;
  /** The holder's process, as `process-identity.ts` names it; absent on systems where that cannot be found out. */
  readonly process?: string;
};

/** Documents that other parts keep with the state: approved plans, and secrets that were shown once, sealed with age. */
export type KeptName = "plan.json" | `sealed/${string}.age`;

/** An object that another label owns under `address`. Each object has one owner only, so this state may not take it. */
export type OwnedElsewhere = {
  readonly label: string;
  readonly address: Address;
  readonly kind: KindName;
  readonly id: string;
};

/**
 * The state of one label (a partition). Reading needs no lock and never writes; of what writes, only `recordPlan` needs none. Each reader answers `undefined`, or an empty
 * list, when nothing was written yet, and throws `state-damaged` or `state-newer` for a document that it cannot read.
 */
export interface Store {
  /** The folder or the branch, as it is shown to people. */
  readonly place: string;
  /** What this label owns, as the last run that ended has written it. */
  inventory(): Promise<Inventory | undefined>;
  /** What was done since then: the entries of a run that is under way or was killed. */
  journal(): Promise<readonly JournalEntry[]>;
  /** The windows of the rate limits, as the last run knew them. */
  ledger(): Promise<Ledger | undefined>;
  /** Records of runs, newest first. A killed run has none, so the journal tells of it. */
  runs(): Promise<readonly RunRecord[]>;
  /** Records of plans that were shown on pull requests, in no order. */
  plans(): Promise<readonly PlanRecord[]>;
  /**
   * Keeps the record of a plan; durable when it resolves. It needs no lock, so that a pull request is not kept waiting by an apply of
   * hours: a record is a document of its own, which nothing but its age ever changes.
   */
  recordPlan(record: PlanRecord): Promise<void>;
  /** A document that another part keeps here. */
  kept(name: KeptName): Promise<string | undefined>;
  /** What the other labels in the same folder or branch own, including what killed runs of theirs have made. */
  ownedElsewhere(): Promise<readonly OwnedElsewhere[]>;
  /** The digest key, when there is one already. */
  key(): Promise<DigestKey | undefined>;
  /** The lease of a lock that is taken, expired or not; `undefined` when the lock is free. */
  lease(): Promise<Lease | undefined>;
  /**
   * Takes the lock, waiting for it up to `timeout` (default 0), or throws a `ProblemError` with code `locked` that names the
   * holder. An expired lock is taken over.
   */
  lock(holder: Holder, options?: { readonly timeout?: Millis }): Promise<LockedStore>;
  /** Takes the lock away from whoever has it, and answers with the lease it had. That run stops before its next write. */
  breakLock(): Promise<Lease | undefined>;
}

/** A damaged document: `aside` is where its text is now; `kept` says of a journal how many lines could be read and stay. */
export type Repaired = { readonly name: string; readonly aside: string; readonly kept?: number };

/**
 * Everything that writes state. It can be reached under the lock only, and each method throws a `ProblemError` with code
 * `lock-lost` once the lock belongs to another run.
 */
export interface LockedStore {
  /** Keeps a new digest key, given as 64 hex digits. Throws `key-missing` for state in git, which has to be given its key. */
  makeKey(hex: string): Promise<DigestKey>;
  /**
   * Adds an entry to the journal. An intent is durable when this resolves, so that it is kept before the call that it announces
   * is sent. Any other entry is kept at the latest with the next intent or commit.
   */
  append(entry: JournalEntry): Promise<void>;
  /**
   * Writes the inventory with the next serial number, and empties the journal. Throws `state-moved` when the stored inventory has
   * another serial or lineage than the given one: then another run has written it.
   */
  commit(inventory: Inventory, run?: RunRecord): Promise<Inventory>;
  /** Remembers the ledger, which is written along with the next write. */
  keepLedger(ledger: Ledger): void;
  /** Moves damaged documents into the folder `damaged`, and answers with what became of each. */
  repair(): Promise<readonly Repaired[]>;
  /** Writes a document of another part; `null` removes it. */
  keep(name: KeptName, text: string | null): Promise<void>;
  /** To be called right before each write: prolongs the lease when that is due, and throws unless more than 30 s of it remain. */
  hold(): Promise<void>;
  /** Gives the lock back. */
  unlock(): Promise<void>;
}
