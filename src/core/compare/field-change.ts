import type { FieldChange, Verdict } from "../model/change.ts";
import type { Comparison } from "./comparison.ts";
import { fieldKey, placeOf, type SpecValue } from "../model/desired.ts";
import { digestOf, type Digest } from "../base/digest.ts";
import type { Field } from "../model/field.ts";
import { unknownDigest } from "../model/inventory.ts";
import { canonical, type Json } from "../base/json.ts";
import type { Value } from "../model/value.ts";

/** A field, or one entry of it. */
export type Place = { readonly name: string; readonly entry?: string };

/** The digest that is remembered for a field once live equals the file; a value nobody compares is remembered by its source. */
export function digestDesired(
  comparison: Comparison,
  field: Field,
  name: string,
  entry: string | undefined,
  value: SpecValue,
): Digest | undefined {
  const key = fieldKey(name, entry);
  const place = { address: comparison.desired.address, field: key };
  if (!field.value) return digestOf(comparison.key, place, canonical(normalised(field, value as Json)));
  const resolved = comparison.resolved.get(key);
  if (resolved?.state === "known") return digestOf(comparison.key, place, resolved.secret);
  if (resolved?.state === "kept") return digestOf(comparison.key, place, resolved.state);
  const source = value as Value;
  if (source.from === "generated" || source.from === "asked")
    return digestOf(comparison.key, place, source.from);
  return undefined;
}

/** A digest that was made with another key says nothing. */
export function rememberedOf({ owned }: Comparison, key: string): Digest | undefined {
  const digest = owned?.fields[key];
  return digest === unknownDigest ? undefined : digest;
}

export function changeOf(
  comparison: Comparison,
  field: Field,
  at: Place,
  sides: Pick<FieldChange, "before" | "after" | "verdict">,
): FieldChange {
  return {
    ...identify(comparison, at),
    ...sides,
    removed: false,
    forcesReplace: field.onChange === "replace",
  };
}

function identify(comparison: Comparison, at: Place) {
  return {
    field: at.name,
    ...(at.entry !== undefined && { entry: at.entry }),
    where: placeOf(comparison.desired, at.name, at.entry),
  };
}

/** Product page, section 1: changed in the file, changed outside, or both; nothing remembered means nothing can be said. */
export function judge(
  remembered: Digest | undefined,
  desired: Digest | undefined,
  live: Digest | undefined,
): Verdict {
  if (remembered === undefined) return "unknown";
  if (remembered === desired) return "outside";
  return remembered === live ? "file" : "both";
}

export function normalised(field: Field, value: Json): Json {
  return field.normal && value !== null ? field.normal(value) : value;
}
