import type { Address, KindName } from "../base/address.ts";
import type { Millis } from "./budget.ts";
import type { Digest } from "../base/digest.ts";
import type { Json } from "../base/json.ts";
import type { Where } from "../base/problem.ts";

/**
 * How a value is shown: public as it is, a secret as four hex digits of its keyed digest, one that is not known yet by its
 * source. For display only: nothing is decided by it.
 */
export type Shown =
  | { readonly show: "public"; readonly value: Json }
  | { readonly show: "secret"; readonly fingerprint: string }
  | { readonly show: "source"; readonly text: string }
  | { readonly show: "absent" };

/**
 * Why a field differs, from the three of file, inventory and live: `file` the file moved, `outside` somebody changed the
 * live one, `both`, `unknown` nothing is remembered of it (new here, or adopted).
 */
export type Verdict = "file" | "outside" | "both" | "unknown";

export type FieldChange = {
  readonly field: string;
  readonly entry?: string;
  readonly before: Shown;
  readonly after: Shown;
  readonly verdict: Verdict;
  /** The entry is taken away: an earlier apply declared it and the file no longer does. */
  readonly removed: boolean;
  readonly forcesReplace: boolean;
  /** A `sync: false` value, or one taken from such, that live lacks. */
  readonly asked?: true;
  /** It cannot change in place, and live shows what the file could not say: `null`, or a word that nobody knows. */
  readonly unreadable?: true;
  /** Nobody gave its value yet, and somebody deleted the one that was there: its step does nothing without one. */
  readonly unanswered?: true;
  readonly where?: Where;
};

export type Action = "create" | "update" | "adopt" | "replace" | "delete" | "forget" | "keep";

/**
 * What differs for one address. `adopt` may carry fields to update as well; `forget` drops an owned resource from the
 * inventory that is confirmed gone and no longer declared; `keep` is listed so that reports can count it.
 */
export type ResourceChange = {
  readonly action: Action;
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
  /** Absent for create. */
  readonly id?: string;
  readonly fields: readonly FieldChange[];
  /** Owned, declared and confirmed gone: it is created again. */
  readonly recreates: boolean;
  /**
   * What somebody did with a whole object: an owned one is gone, also where another one has its name by now, or one was
   * added where a block is exclusive. Absent: nothing that could be told.
   */
  readonly outside?: "gone" | "added";
  /** `keep` and `update` where live had moved to what the file asks: only the inventory changes. */
  readonly converged: readonly string[];
  /** Fields that cannot change in place and stay as they are, newly noted, with the digest of what is live. Absent: none. */
  readonly settled?: { readonly [fieldKey: string]: Digest };
  /** Those of `converged` that somebody else made equal: the inventory remembers another value. Absent: none. */
  readonly moved?: readonly string[];
  /** `sync: false` entries that live lacks and nobody gave a value for yet: planned as steps that do nothing without one. */
  readonly optional: readonly FieldChange[];
  /** What an earlier run left undone here, and this one takes up. */
  readonly due?: Due;
  readonly where?: Where;
  readonly summary: string;
  /** A replace or delete of an object that holds data. */
  readonly losesData?: true;
  /** The folder, as people know it, that its data is copied to before it goes. */
  readonly exportedTo?: string;
  /** A replacement for which the former one steps aside: how many entries, by field, it takes over that the file has no value for. */
  readonly takesOver?: { readonly [field: string]: number };
  /** A replacement of something whose value is shown once. */
  readonly succession?: Succession;
  /** Facts worth a line: entries that are live but not in the file, values that are still asked for. */
  readonly notes: readonly Note[];
};

/**
 * How one takes the place of another whose value is shown once. `begin`: it is made, its value delivered, and only then the
 * former one goes. `continue`: an earlier run made it, and its value is known. `again`: nobody ever had the value, so the
 * one that has it goes first. `gap`: agreed to with `--allow-gap`, the former one goes first.
 */
export type Succession = {
  readonly mode: "begin" | "continue" | "again" | "gap";
  readonly because: string;
  /** What an earlier run made for it, and nobody has the value of, goes first. */
  readonly orphan: boolean;
};

/** `job`: the one-off job before the deploy was started already. `noted`: the deploy whose answer was lost is found to have begun, which only the inventory does not know. */
export type Due = {
  readonly cancel: boolean;
  readonly deploy: boolean;
  readonly job: boolean;
  readonly noted: boolean;
  /** What stepped aside for it is still to be deleted. */
  readonly formers?: true;
};

export type Note =
  | { readonly note: "not-in-file"; readonly field: string; readonly entries: readonly string[] }
  /** What goes with a deleted object and nobody can give again from the file: typed in by hand, or made once. */
  | { readonly note: "goes-for-good"; readonly field: string; readonly entries: readonly string[] }
  | { readonly note: "remark"; readonly text: string }
  /**
   * Live differs from the file in something that cannot change in place, or shows a word that nobody here knows, and stays as it
   * is. `outside`: somebody moved it, `both`: the file moved too, but what live shows cannot be read, `unknown`: it was so when the
   * file began to say it.
   */
  | {
      readonly note: "stays";
      readonly field: string;
      readonly before: Shown;
      readonly after: Shown;
      readonly verdict: Exclude<Verdict, "file">;
      readonly text: string;
    }
  /** A `sync: false` value is another one than was set or adopted: it stays, and is told until somebody agrees to it. */
  | {
      readonly note: "secret-changed";
      readonly field: string;
      readonly entry: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly note: "needs-value"; readonly field: string; readonly entry: string }
  /**
   * The answer to its creation was lost at `at`, and it does not show; sent again from `from` on, or at any time. Both in
   * milliseconds since 1970.
   */
  | { readonly note: "uncertain"; readonly at: Millis; readonly from?: Millis }
  | {
      readonly note: "cannot-compare";
      readonly field: string;
      readonly entry?: string;
      readonly reason: string;
    };
