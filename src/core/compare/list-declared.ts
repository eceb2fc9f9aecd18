import type { FieldChange, Note } from "../model/change.ts";
import type { Comparison } from "./comparison.ts";
import { showValue } from "./compare-value.ts";
import { eachDeclared } from "../model/declared.ts";
import { fieldKey, whereIn } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import { digestDesired } from "./field-change.ts";
import type { Json } from "../base/json.ts";
import type { Value } from "../model/value.ts";

/** Every declared field as a difference from nothing: what a creation sends. */
export function listDeclared(comparison: Comparison, table: FieldTable): readonly FieldChange[] {
  return eachDeclared(comparison.desired, table).flatMap(({ name, field, entry, value }): FieldChange[] => {
    if (field.onChange === "none") return [];
    const after = field.value
      ? showValue(value as Value, digestDesired(comparison, field, name, entry, value))
      : { show: "public" as const, value: value as Json };
    const place = {
      field: name,
      ...(entry !== undefined && { entry }),
      where: whereIn(comparison.desired, name, entry),
    };
    return [
      {
        ...place,
        before: { show: "absent" },
        after,
        verdict: "unknown",
        removed: false,
        forcesReplace: false,
      },
    ];
  });
}

/** A note for each declared `sync: false` value of a new resource that is not given yet. */
export function askedNotes(comparison: Comparison, table: FieldTable): readonly Note[] {
  return eachDeclared(comparison.desired, table).flatMap(({ name, field, entry, value }): Note[] => {
    const asked = field.value && (value as Value).from === "asked";
    const known = comparison.resolved.get(fieldKey(name, entry))?.state === "known";
    return asked && !known ? [{ note: "needs-value", field: name, entry: entry ?? "" }] : [];
  });
}
