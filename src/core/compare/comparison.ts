import type { FieldChange, Note } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { DigestKey } from "../base/digest.ts";
import type { Owned } from "../model/inventory.ts";
import type { Problem } from "../base/problem.ts";
import type { Secret } from "../base/secret.ts";

/**
 * What a symbolic value is right now. It is resolved for comparing, and lives in memory only.
 *
 * - `known`: this is its text.
 * - `later`: it exists only after a step of this run.
 * - `untouched`: it is generated, or asked for and not given, so what is live is left alone.
 * - `kept`: it was shown once and trueup does not have it; something is live, and that is kept.
 * - `missing`: the source that it comes from is not there; `problem` says which.
 */
export type Resolved =
  | {
      readonly state: "known";
      readonly secret: Secret;
      /** The same text, where it is public: the address of a service. */
      readonly text?: string;
      /** A person gave it: it is the value of a `sync: false` entry, or taken from one. */
      readonly asked?: true;
      /** It is what a live object shows now, such as the connection string of a database. */
      readonly live?: true;
    }
  | { readonly state: "later" }
  | { readonly state: "untouched" }
  | { readonly state: "kept" }
  | { readonly state: "missing"; readonly problem: Problem; readonly asked?: true };

/** Resolved values of one resource, by field key: `envVars.PORT`. */
export type ResolvedValues = ReadonlyMap<string, Resolved>;

/** What one resource is compared by, beside its live object. `owned`: what the inventory remembers; absent where not owned. */
export type Comparison = {
  readonly desired: Desired;
  readonly owned: Owned | undefined;
  /** What each declared value is right now, by field key. A value that is not in it comes later. */
  readonly resolved: ResolvedValues;
  readonly key: DigestKey;
  /** `--rewrite`: what no API shows is sent again. */
  readonly isRewritten?: boolean;
};

/**
 * What the comparison of one field or entry says. `same`: there is nothing to do; it is `stale` where the inventory does not
 * know that yet, and `moved` where the inventory remembers another value.
 */
export type Compared =
  | { readonly result: "same"; readonly stale: boolean; readonly moved?: boolean }
  | { readonly result: "differs"; readonly change: FieldChange }
  | { readonly result: "note"; readonly note: Note }
  /** No API shows the value and nothing is remembered of it: it is taken for equal from now on, and that is told. */
  | { readonly result: "unseen"; readonly note: Note }
  /** A `sync: false` value was there and is gone: that is a difference, and the value is asked for. */
  | { readonly result: "lost"; readonly note: Note; readonly change: FieldChange }
  /** The value is asked for and not given yet: `change` is written only once it is. */
  | { readonly result: "asked"; readonly note: Note; readonly change: FieldChange };

/** All that the comparison of a resource found, put together (see `ResourceChange` for what becomes of each member). */
export type Differences = {
  /** What differs; an entry that is to be removed too. */
  readonly fields: FieldChange[];
  /** What is told of fields and entries that stay as they are. */
  readonly notes: Note[];
  /** Field keys that equal the file, which the inventory does not know yet. */
  readonly converged: string[];
  /** Those of `converged` of which the inventory remembers another value, so somebody else made them equal. */
  readonly moved: string[];
  /** Values that are asked for and not given yet: each is written only once it is. */
  readonly optional: FieldChange[];
};
