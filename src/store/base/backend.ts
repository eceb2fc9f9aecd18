import type { Millis } from "../../core/model/budget.ts";
import type { Holder, Lease } from "./store.ts";

/** Texts of one partition, by name: `inventory.json`, `runs/<id>.json`. */
export interface Documents {
  text(name: string): Promise<string | undefined>;
  /** Names without their folder, sorted. */
  names(folder: string): Promise<readonly string[]>;
}

/** Another partition of the same place of state. Its documents may be no more than its inventory and its journal. */
export type Neighbour = { readonly label: string; readonly place: string; readonly documents: Documents };

/** A document's new text; `null` removes it. */
export type Change = { readonly name: string; readonly text: string | null };

export type Addition = {
  readonly name: string;
  readonly lines: string;
  readonly durable: boolean;
  readonly title: string;
  readonly also: readonly Change[];
};

/** What became of an attempt to take the lock. */
export type Attempt =
  | { readonly taken: true; readonly hold: Hold }
  | { readonly taken: false; readonly lease: Lease | undefined };

/**
 * What differs from one place of state to the next. Everything else (formats, versions, guards, the clocks of the lease)
 * is in `partition.ts` and the same for all. A new backend has to pass the contract suite of the tests.
 */
export interface Backend {
  /** For people: the folder or the branch. */
  readonly place: string;
  /** A view of the documents as they are now. */
  read(): Promise<Documents>;
  /** All other partitions that were ever written, as they are now. */
  neighbours(): Promise<readonly Neighbour[]>;
  lease(): Promise<Lease | undefined>;
  /** Takes the lock when it is free or expired, else says who has it; of several who try at once, one succeeds. */
  tryLock(holder: Holder): Promise<Attempt>;
  breakLock(): Promise<Lease | undefined>;
  /** The digest key in hex, where this backend keeps one. */
  key(): Promise<string | undefined>;
  makeKey(hex: string): Promise<void>;
  /** How long to wait between two attempts at the lock. */
  readonly patience: Millis;
}

/** The lock, while it is held. Every method throws `lockLost()` when it turns out to be another's. */
export interface Hold {
  readonly documents: Documents;
  /** In order, durable when it resolves; after a crash none, all, or the first few are there. `title` is for people. */
  write(changes: readonly Change[], title: string): Promise<void>;
  /**
   * Adds lines to the end of a document, in the order of the calls. Without `durable` it may resolve before they are kept;
   * then they go with the next `write` or durable `append` at the latest. `also` goes along and is never waited for.
   */
  append(addition: Addition): Promise<void>;
  /** Makes the lease end one lease from now. */
  renew(): Promise<void>;
  release(): Promise<void>;
}
