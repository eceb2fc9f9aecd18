import { compareValue } from "./compare-value.ts";
import { isWhole } from "../model/declared.ts";
import { fieldKey, type SpecValue } from "../model/desired.ts";
import { digestOf } from "../base/digest.ts";
import type { Field } from "../model/field.ts";
import { changeOf, digestDesired, judge, normalised, rememberedOf, type Place } from "./field-change.ts";
import { canonical, type Json } from "../base/json.ts";
import type { LiveValue } from "../model/live.ts";
import { isSamePlain, isSayable, projected } from "./plain-value.ts";
import type { Value } from "../model/value.ts";
import type { Comparison, Compared } from "./comparison.ts";

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
