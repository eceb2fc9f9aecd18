import { compareValue } from "./compare-value.ts";
import { isWhole } from "../model/declared.ts";
import { fieldKey, type SpecValue } from "../model/desired.ts";
import { digestOf } from "../base/digest.ts";
import type { Field } from "../model/field.ts";
import type { Note } from "../model/change.ts";
import { changeOf, digestDesired, judge, normalised, rememberedOf, type Place } from "./field-change.ts";
import { canonical, isObject, sameJson, type Json } from "../base/json.ts";
import type { LiveValue } from "../model/live.ts";
import { spellWords, withSent, wordsOf } from "./words.ts";
import { isSamePlain, isSayable, projected } from "./plain-value.ts";
import type { Value } from "../model/value.ts";
import type { Comparison, Compared } from "./comparison.ts";

/** Compares one declared field, or one entry of it, with what is live there; `live` is `undefined` where there is nothing. */
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

/** The live value as a plan shows it: only the members that the file names, or all where the file decides about the whole. */
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
  const words = wordsOf(field, at.entry);
  const spelled = live === undefined ? undefined : spellWords(words, live);
  const shown = (from: Json): Json => projected(wanted, normalised(field, from));
  const present = spelled === undefined ? undefined : shown(spelled);
  const remembered = rememberedOf(comparison, key);
  const digest = digestDesired(comparison, field, at.name, at.entry, value);
  if (isSamePlain(field, wanted, present))
    return {
      result: "same",
      stale: remembered !== digest,
      moved: remembered !== undefined && remembered !== digest,
    };
  if (spelled !== undefined && remembered === digest && field.onChange === "update") {
    const stands = isSamePlain(field, wanted, shown(withSent(words, spelled, value)));
    if (stands) return { result: "note", note: describeUnknown(at, spelled, value) };
  }
  const place = { address: comparison.desired.address, field: key };
  const liveDigest = present === undefined ? undefined : digestOf(comparison.key, place, canonical(present));
  const change = changeOf(comparison, field, at, {
    part: differingPart(value, spelled),
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

function describeUnknown({ name, entry }: Place, live: Json, value: Json): Note {
  const facts = `${fieldKey(name, entry)} is ${canonical(live)} and the file says ${canonical(value)}`;
  const text = `${facts}: trueup does not know that word, so what was last sent stands and nothing is written; lifecycle.ignore [/${name}] takes it as it is`;
  const [before, after] = [live, value].map((side) => ({ show: "public", value: side }) as const);
  return { note: "stays", field: name, before: before!, after: after!, verdict: "outside", text };
}

/** The first member or item of a declared value that live does not have so, as the last step of its place in the file. */
function differingPart(value: Json, live: Json | undefined): string | undefined {
  if (Array.isArray(value)) {
    const items = Array.isArray(live) ? live : [];
    const index = value.findIndex((item: Json) => !items.some((other: Json) => isSameMember(item, other)));
    return index < 0 ? undefined : String(index);
  }
  if (!isObject(value) || !isObject(live)) return undefined;
  return Object.keys(value).find((key) => !isSameMember(value[key]!, live[key]));
}

function isSameMember(value: Json, live: Json | undefined): boolean {
  return live !== undefined && sameJson(value, projected(value, live));
}
