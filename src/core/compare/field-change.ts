import type { FieldChange, Verdict } from "../model/change.ts";
import type { Comparison } from "./comparison.ts";
import { fieldKey, whereIn, type SpecValue } from "../model/desired.ts";
import { digestOf, type Digest } from "../base/digest.ts";
import type { Field } from "../model/field.ts";
import { unknownDigest } from "../model/inventory.ts";
import { canonical, type Json, type JsonObject } from "../base/json.ts";
import { valueIn } from "../model/declared.ts";
import { sourceOf, type Value } from "../model/value.ts";

/** A field, or one entry of it. */
export type Place = { readonly name: string; readonly entry?: string };

/**
 * The digest that the inventory will remember for a field, once live equals the file. A generated or asked value has the
 * digest of that word, because it is not compared. `undefined`: the value is not known yet.
 */
export function digestDesired(
  comparison: Comparison,
  field: Field,
  name: string,
  entry: string | undefined,
  value: SpecValue,
): Digest | undefined {
  const key = fieldKey(name, entry);
  const place = { address: comparison.desired.address, field: key };
  if (!field.value) {
    const item = placeAddress(
      comparison,
      { name, field, ...(entry !== undefined && { entry }) },
      value as Json,
    );
    return item === undefined
      ? undefined
      : digestOf(comparison.key, place, canonical(normalised(field, item)));
  }
  const resolved = comparison.resolved.get(key);
  if (resolved?.state === "known") return digestOf(comparison.key, place, resolved.secret);
  if (resolved?.state === "kept") return digestOf(comparison.key, place, resolved.state);
  const source = value as Value;
  if (source.from === "generated" || source.from === "asked")
    return digestOf(comparison.key, place, source.from);
  return undefined;
}

/**
 * A declared value with the text of the address that is taken from another resource in it; any other one as it is. `undefined`:
 * that is not known yet.
 *
 *     { source: "/api/*", destination: { of: "render/service/api", ... } }
 *     { source: "/api/*", destination: "https://api-8x2k.onrender.com/*" }
 */
export function placeAddress(
  { resolved }: Comparison,
  { name, field, entry }: Place & { readonly field: Field },
  value: Json,
): Json | undefined {
  if (valueIn({ field, value }) === undefined) return value;
  const address = resolved.get(fieldKey(name, entry));
  return address?.state === "known" && address.text !== undefined
    ? withAddress(field, value, address.text)
    : undefined;
}

/** A declared value as a plan shows it: in place of an address that is taken from another resource, what it is taken from. */
export function shownItem(field: Field, value: Json): Json {
  const source = valueIn({ field, value });
  return source ? withAddress(field, value, `from ${sourceOf(source) ?? ""}`) : value;
}

function withAddress({ addressMember = "" }: Field, value: Json, text: string): Json {
  return { ...(value as JsonObject), [addressMember]: text };
}

/** The digest that the inventory remembers for a field; `undefined` where there is none, or one made with another key. */
export function rememberedOf({ owned }: Comparison, key: string): Digest | undefined {
  const digest = owned?.fields[key];
  return digest === unknownDigest ? undefined : digest;
}

/**
 * A difference of a field or an entry; it forces a replacement where the field cannot change in place. `part`: the member or item of
 * the field that differs, which may have a line of its own.
 */
export function changeOf(
  comparison: Comparison,
  field: Field,
  at: Place,
  {
    part,
    ...sides
  }: Pick<FieldChange, "before" | "after" | "verdict"> & { readonly part?: string | undefined },
): FieldChange {
  return {
    ...identify(comparison, at, part),
    ...sides,
    removed: false,
    forcesReplace: field.onChange === "replace",
  };
}

function identify({ desired }: Comparison, at: Place, part: string | undefined) {
  const ofPart = part === undefined ? undefined : desired.places.get(fieldKey(at.name, part));
  return {
    field: at.name,
    ...(at.entry !== undefined && { entry: at.entry }),
    where: (at.entry === undefined && ofPart) || whereIn(desired, at.name, at.entry),
  };
}

/**
 * Who moved, told from three digests (product page, section 1). It is asked only where file and live differ.
 *
 *     remembered             verdict
 *     nothing                unknown
 *     equal to the file      outside
 *     equal to live          file
 *     equal to neither       both
 */
export function judge(
  remembered: Digest | undefined,
  desired: Digest | undefined,
  live: Digest | undefined,
): Verdict {
  if (remembered === undefined) return "unknown";
  if (remembered === desired) return "outside";
  return remembered === live ? "file" : "both";
}

/**
 * Who moved, of a value that does not stand in the file. Where the file asks what it asked (`owned.sources` has the same source),
 * the place that the value comes from moved, and not the file:
 *
 *     `judge` says    the source                     verdict
 *     file            another one than last time     file
 *     file            a live object shows its value  outside: somebody changed that object, and this value is stale
 *     file            any other                      source: another value than last applied
 *     both            the same                       outside: the live value is not the one that was last applied
 *
 * What an older version applied has no source in the inventory. Then it is not said that the file moved.
 */
export function judgeValue(
  comparison: Comparison,
  key: string,
  value: Value,
  digests: { readonly desired: Digest | undefined; readonly live: Digest | undefined },
): Verdict {
  const remembered = rememberedOf(comparison, key);
  const verdict = judge(remembered, digests.desired, digests.live);
  const source = sourceOf(value);
  // Of what was generated or asked for, nothing is remembered but that: only the file moved, as far as anybody can tell.
  if (verdict === "both" && remembered !== undefined && isWordDigest(comparison, key, remembered))
    return "file";
  if ((verdict !== "file" && verdict !== "both") || (source === undefined && value.from !== "asked"))
    return verdict;
  const before = comparison.owned?.sources?.[key];
  if (before !== undefined && before !== source) return verdict;
  if (verdict === "both") return "outside";
  const resolved = comparison.resolved.get(key);
  const isShown = resolved?.state === "known" && resolved.live === true;
  return isShown && before !== undefined ? "outside" : "source";
}

/** Whether a digest says only how a value came about (`digestDesired`), and not which one it was. */
function isWordDigest({ desired: { address }, key }: Comparison, field: string, digest: Digest): boolean {
  return ["generated", "asked", "kept"].some((word) => digestOf(key, { address, field }, word) === digest);
}

/** A value in the normal form of its field, so that two spellings of one thing are equal. `null` stays `null`. */
export function normalised(field: Field, value: Json): Json {
  return field.normal && value !== null ? field.normal(value) : value;
}
