import { cannotCompare } from "./compare-value.ts";
import { isWhole, valueIn } from "../model/declared.ts";
import { fieldKey } from "../model/desired.ts";
import { digestOf, type Digest } from "../base/digest.ts";
import type { Field, JsonSchema } from "../model/field.ts";
import type { Note } from "../model/change.ts";
import {
  changeOf,
  digestDesired,
  judge,
  judgeValue,
  normalised,
  placeAddress,
  rememberedOf,
  shownItem,
  type Place,
} from "./field-change.ts";
import { canonical, isObject, sameJson, type Json } from "../base/json.ts";
import { spellWords, withSent, wordsOf } from "./words.ts";
import type { Comparison, Compared } from "./comparison.ts";

/**
 * Compares a field, or an entry, that the file says in full: `plan: starter`. Both sides are brought to the normal form of the
 * field first, and live is cut down to the members that the file names. The first line that fits counts:
 *
 *     the two sides                                         what comes of it
 *     equal                                                 the same
 *     live has a word that trueup does not know, where      a note: what was last sent stands
 *     what was last sent is what the file asks
 *     anything else                                         a difference
 */
export function comparePlain(
  comparison: Comparison,
  field: Field,
  at: Place,
  value: Json,
  live: Json | undefined,
): Compared {
  const key = fieldKey(at.name, at.entry);
  const source = valueIn({ field, value });
  const resolved = comparison.resolved.get(key);
  if (source && resolved?.state === "missing") return { result: "note", note: cannotCompare(at, resolved) };
  const placed = placeAddress(comparison, { ...at, field }, value) ?? shownItem(field, value);
  const wanted = normalised(field, placed);
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
    const stands = isSamePlain(field, wanted, shown(withSent(words, spelled, placed)));
    if (stands) return { result: "note", note: describeUnknown(at, spelled, placed) };
  }
  const place = { address: comparison.desired.address, field: key };
  const digestLive = (part: Json): Digest => digestOf(comparison.key, place, canonical(part));
  const liveDigest = present === undefined ? undefined : digestLive(present);
  const isAsApplied =
    remembered !== undefined &&
    spelled !== undefined &&
    partsOf(normalised(field, spelled)).some((part) => digestLive(part) === remembered);
  const applied = isAsApplied ? remembered : liveDigest;
  const change = changeOf(comparison, field, at, {
    part: differingPart(placed, spelled),
    before: live === undefined ? { show: "absent" } : { show: "public", value: shownOf(field, placed, live) },
    after: { show: "public", value: placed },
    verdict: source
      ? judgeValue(comparison, key, source, { desired: digest, live: applied })
      : judge(remembered, digest, applied),
  });
  const forcesReplace = field.onChange === "replace" || field.replaces?.(wanted, present ?? null) === true;
  const isUnreadable = forcesReplace && !isSayable(field, live);
  return {
    result: "differs",
    change: { ...change, forcesReplace, ...(isUnreadable && { unreadable: true as const }) },
  };
}

/** The live value as a plan shows it: only the members that the file names, or all where the file decides about the whole. */
function shownOf(field: Field, value: Json, live: Json): Json {
  return isWhole(field, value) ? live : projected(value, live);
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

/** Whether live already is what the file asks. Both are in their normal form, and live is cut down to the members asked for. */
export function isSamePlain(field: Field, wanted: Json, live: Json | undefined): boolean {
  if (live !== undefined && field.same?.(wanted, live)) return true;
  return isEmpty(wanted) ? isCleared(live) : live !== undefined && sameJson(wanted, live);
}

/** Whether the file asks for a field to be empty. An empty list is not that: "no address may connect" is a wish of its own. */
function isEmpty(wanted: Json): boolean {
  return !Array.isArray(wanted) && isCleared(wanted);
}

/** Whether live shows a field as empty. That differs by field: absent, null, "" or an empty list (recorded: services, Postgres). */
function isCleared(live: Json | undefined): boolean {
  if (live === undefined || live === null || live === "") return true;
  return Array.isArray(live)
    ? live.length === 0
    : isObject(live) && Object.values(live).every((member) => isCleared(member));
}

/**
 * A live object, cut down to the members that the file names; only those are managed. A member that live lacks is `null`:
 * `projected({ a: 1, b: 2 }, { a: 1, c: 3 })` is `{ a: 1, b: null }`.
 */
export function projected(wanted: Json, live: Json): Json {
  if (!isObject(wanted) || !isObject(live)) return live;
  const members = Object.entries(wanted).map(([key, member]) => {
    const inner = live[key];
    return [key, inner === undefined ? null : projected(member, inner)] as const;
  });
  return Object.fromEntries(members);
}

/** The most members of an object that are looked through in all their combinations. */
const mostMembers = 8;

/**
 * An object with each choice of its members; none of any other value. What the file said last time is remembered by a digest
 * of the members that it named then, and it may name others now: live is what was applied, if any choice of its members is.
 *
 *     { min: 1, max: 3 }    {}, { min: 1 }, { max: 3 }, { min: 1, max: 3 }
 */
export function partsOf(value: Json): readonly Json[] {
  const members = isObject(value) ? Object.entries(value) : [];
  if (!isObject(value) || members.length > mostMembers) return [];
  return Array.from({ length: 2 ** members.length }, (_, choice) =>
    Object.fromEntries(members.filter((_member, index) => (choice & (1 << index)) !== 0)),
  );
}

/**
 * Whether a file could say what an API shows. It could not say `null`, a number where a text is meant, or a word that the
 * field does not know (`OREGON`, a region of next year). Then it is not known what the value means.
 */
export function isSayable(field: Field, live: Json | undefined): boolean {
  return typeof live === "string" && field.loose?.retired.includes(live)
    ? true
    : live !== undefined && fits(field.schema, live);
}

function fits(schema: JsonSchema, value: Json): boolean {
  const {
    type,
    enum: words,
    items,
  } = schema as {
    readonly type?: string;
    readonly enum?: readonly Json[];
    readonly items?: JsonSchema;
  };
  if (value === null || value === "") return false;
  if (words && !words.some((word) => sameJson(word, value))) return false;
  if (type === "integer") return Number.isInteger(value);
  if (type === "array")
    return Array.isArray(value) && value.every((item: Json) => items === undefined || fits(items, item));
  if (type === "object") return isObject(value);
  return type === undefined || typeof value === type;
}
