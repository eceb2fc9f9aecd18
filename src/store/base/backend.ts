import type { Millis } from "../../core/model/budget.ts";
import type { Holder, Lease } from "./store.ts";

/** The documents of one partition, by name: `inventory.json`, `runs/<id>.json`. */
export interface Documents {
  /** The text of a document; `undefined` when there is none of that name. */
  text(name: string): Promise<string | undefined>;
  /** The names in a folder (`runs`), without the folder itself, sorted. */
  names(folder: string): Promise<readonly string[]>;
}

/** The partition of another label in the same folder or branch. `documents` may lack all but its inventory and its journal. */
export type Neighbour = { readonly label: string; readonly place: string; readonly documents: Documents };

/** A document's new text; `null` removes it. */
export type Change = { readonly name: string; readonly text: string | null };

/** Lines for the end of a document. */
export type Addition = {
  readonly name: string;
  readonly lines: string;
  /** Whether the lines must be on disk (or pushed) before `append` resolves. */
  readonly durable: boolean;
  /** What happens, in a few words for people: it becomes the title of a commit. */
  readonly title: string;
  /** Changes that are written along with the lines. */
  readonly also: readonly Change[];
};

/** The result of one attempt to take the lock: the lock itself, or the lease of whoever has it. */
export type Attempt =
  | { readonly taken: true; readonly hold: Hold }
  | { readonly taken: false; readonly lease: Lease | undefined };

/**
 * What a place of state (folder, branch, memory) has to do itself. Everything else (formats, versions, guards, the clocks of the
 * lease) is in `partition.ts` and the same for all places. A new backend has to pass the contract suite of the tests.
 */
export interface Backend {
  /** The folder or the branch, as it is shown to people. */
  readonly place: string;
  /** A view of the documents as they are now. */
  read(): Promise<Documents>;
  /** All other partitions that were ever written here, as they are now. */
  neighbours(): Promise<readonly Neighbour[]>;
  /** The lease of a lock that is taken, expired or not; `undefined` when the lock is free. */
  lease(): Promise<Lease | undefined>;
  /** Takes the lock when it is free or expired, else answers with who has it. Of several who try at once, one succeeds. */
  tryLock(holder: Holder): Promise<Attempt>;
  /** Removes the lock, whoever has it, and answers with the lease that it had. */
  breakLock(): Promise<Lease | undefined>;
  /** The digest key in hex, where this backend keeps one. */
  key(): Promise<string | undefined>;
  /** Keeps the digest key; throws where this backend keeps none, or another run has made one meanwhile. */
  makeKey(hex: string): Promise<void>;
  /**
   * Adds a document without the lock; durable when it resolves. Where there is one of that name already it stays as it is.
   * `title` says for people what happens.
   */
  add(name: string, text: string, title: string): Promise<void>;
  /** About how long to wait between two attempts at the lock. */
  readonly patience: Millis;
}

/** The lock while this run holds it. Each method that writes throws `lockLost()` when the lock belongs to another run by now. */
export interface Hold {
  /** A view of the documents as they are with this holder's writes. */
  readonly documents: Documents;
  /**
   * Writes documents in the given order; they are durable when it resolves. After a crash none, all, or the first few of them are
   * there. `title` says for people what happens.
   */
  write(changes: readonly Change[], title: string): Promise<void>;
  /**
   * Adds lines to the end of a document, in the order of the calls. Without `durable` it may resolve before the lines are kept;
   * they are then kept at the latest with the next `write` or durable `append`.
   */
  append(addition: Addition): Promise<void>;
  /** Prolongs the lease: it ends `leaseLength` from now. */
  renew(): Promise<void>;
  /** Gives the lock back. */
  release(): Promise<void>;
}
