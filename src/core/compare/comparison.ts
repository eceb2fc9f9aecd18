import type { FieldChange, Note } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import type { DigestKey } from "../base/digest.ts";
import type { Owned } from "../model/inventory.ts";
import type { Problem } from "../base/problem.ts";
import type { Secret } from "../base/secret.ts";

/**
 * What a symbolic value is right now, for comparing: resolved in memory only. `later`: exists only after a step of this
 * run. `left`: generated or asked for and not ours to touch. `kept`: nobody can tell what it is, and something is live.
 * `missing`: its source is not there.
 */
export type Resolved =
  | {
      readonly state: "known";
      readonly secret: Secret;
      /** Somebody gave it: it is the value of a `sync: false`, or taken from one. */
      readonly asked?: true;
    }
  | { readonly state: "later" }
  | { readonly state: "left" }
  | { readonly state: "kept" }
  | { readonly state: "missing"; readonly problem: Problem; readonly asked?: true };

/** Resolved values of one resource by field key. */
export type ResolvedValues = ReadonlyMap<string, Resolved>;

export type Comparison = {
  readonly desired: Desired;
  readonly owned: Owned | undefined;
  readonly resolved: ResolvedValues;
  readonly key: DigestKey;
  /** `--rewrite`: what no API shows is sent again. */
  readonly isRewritten?: boolean;
};

/** `same`: nothing to do; `stale`: the inventory does not know it yet, or (`moved`) remembers something else. */
export type Compared =
  | { readonly result: "same"; readonly stale: boolean; readonly moved?: boolean }
  | { readonly result: "differs"; readonly change: FieldChange }
  | { readonly result: "note"; readonly note: Note }
  /** Nobody can see it, and nothing is remembered of it: taken for equal from now on, and said. */
  | { readonly result: "unseen"; readonly note: Note }
  /** A `sync: false` value that was there and is not any more: told as a difference, and asked for. */
  | { readonly result: "lost"; readonly note: Note; readonly change: FieldChange }
  /** Asked for, and nobody gave it yet: `change` is written only if somebody does. */
  | { readonly result: "asked"; readonly note: Note; readonly change: FieldChange };

export type Differences = {
  readonly fields: FieldChange[];
  readonly notes: Note[];
  readonly converged: string[];
  /** Those of `converged` that the inventory remembers otherwise: somebody else made them equal. */
  readonly moved: string[];
  readonly optional: FieldChange[];
};
