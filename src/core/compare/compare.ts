import type { FieldChange, Note } from "../model/change.ts";
import { compareValue } from "./compare-value.ts";
import { isWhole } from "../model/declared.ts";
import { fieldKey, type Desired, type SpecValue } from "../model/desired.ts";
import { digestOf, type DigestKey } from "../base/digest.ts";
import type { Field } from "../model/field.ts";
import { changeOf, digestDesired, judge, normalised, rememberedOf, type Place } from "./field-change.ts";
import type { Owned } from "../model/inventory.ts";
import { canonical, type Json } from "../base/json.ts";
import type { LiveValue } from "../model/live.ts";
import { isSamePlain, isSayable, projected } from "./plain-value.ts";
import type { Problem } from "../base/problem.ts";
import type { Secret } from "../base/secret.ts";
import type { Value } from "../model/value.ts";

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

export function compareField(
  comparison: Comparison,
  field: Field,
  at: Place,
  value: SpecValue,
  live: LiveValue | undefined,
): Compared {
  return field.value
    ? compareValue(comparison, field, at, value as Value, live)
    : comparePlain(comparison, field, at, value as Json, live as Json | undefined);
}

/** What is live of what the file says: a member that the file leaves out counts where the whole is the file's. */
function shownOf(field: Field, value: Json, live: Json): Json {
  return isWhole(field, value) ? live : projected(value, live);
}

function comparePlain(
  comparison: Comparison,
  field: Field,
  at: Place,
  value: Json,
  live: Json | undefined,
): Compared {
  const key = fieldKey(at.name, at.entry);
  const wanted = normalised(field, value);
  const present = live === undefined ? undefined : projected(wanted, normalised(field, live));
  const remembered = rememberedOf(comparison, key);
  const digest = digestDesired(comparison, field, at.name, at.entry, value);
  if (isSamePlain(field, wanted, present))
    return {
      result: "same",
      stale: remembered !== digest,
      moved: remembered !== undefined && remembered !== digest,
    };
  const place = { address: comparison.desired.address, field: key };
  const liveDigest = present === undefined ? undefined : digestOf(comparison.key, place, canonical(present));
  const change = changeOf(comparison, field, at, {
    before: live === undefined ? { show: "absent" } : { show: "public", value: shownOf(field, value, live) },
    after: { show: "public", value },
    verdict: judge(remembered, digest, liveDigest),
  });
  const forcesReplace = field.onChange === "replace" || field.replaces?.(wanted, present ?? null) === true;
  const isUnreadable = forcesReplace && !isSayable(field, live);
  return {
    result: "differs",
    change: { ...change, forcesReplace, ...(isUnreadable && { unreadable: true as const }) },
  };
}
