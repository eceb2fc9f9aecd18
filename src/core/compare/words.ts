import { isObject, sameJson, type Json } from "../base/json.ts";
import { sameWord } from "../base/word.ts";
import type { Field, JsonSchema } from "../model/field.ts";

/*
 * Words of an enumeration as an API shows them. Another spelling is the same word; one that nobody here knows, a plan of next
 * year, cannot be told from what the file asks, so what was last sent stands for it, as with a value that no API shows.
 *
 *   file      last sent   live        what it is
 *   starter   starter     Starter     the same
 *   starter   starter     nano        a note, and drift: nothing is written
 *   starter   standard    nano        the file moved: written, once
 */

type Schema = {
  readonly enum?: readonly Json[];
  readonly items?: JsonSchema;
  readonly properties?: { readonly [member: string]: JsonSchema };
  readonly additionalProperties?: JsonSchema | boolean;
};

/** A field's words, or those of one entry of it. */
export type Words = { readonly schema: JsonSchema; readonly retired: readonly string[] };

export function wordsOf({ schema, loose }: Field, entry?: string): Words {
  const { items } = schema as Schema;
  return { schema: entry !== undefined && items ? items : schema, retired: loose?.retired ?? [] };
}

/** Each word in the spelling of the schema; what it does not know stays as it is. */
export function spellWords(words: Words, live: Json): Json {
  const { enum: known } = words.schema as Schema;
  if (known) return findWord(words, known, live) ?? live;
  return mapParts(words, live, (inner, value) => spellWords(inner, value));
}

/** What is live, with what was sent in place of each word that nobody knows; of a list, without such words. */
export function withSent(words: Words, live: Json, sent: Json | undefined): Json {
  const { enum: known } = words.schema as Schema;
  if (known) return isUnknown(words, live) && sent !== undefined ? sent : live;
  if (Array.isArray(live)) {
    const items = innerOf(words, "items");
    return items ? live.filter((item: Json) => !isUnknown(items, item)) : live;
  }
  return mapParts(words, live, (inner, value, member) => withSent(inner, value, memberOf(sent, member)));
}

function isUnknown(words: Words, live: Json): boolean {
  const { enum: known } = words.schema as Schema;
  if (!known || live === null || live === "") return false;
  return findWord(words, known, live) === undefined;
}

function findWord({ retired }: Words, known: readonly Json[], live: Json): Json | undefined {
  const all = [...known, ...retired];
  return (
    all.find((word) => sameJson(word, live)) ??
    all.find((word) => typeof word === "string" && sameWord(live, word))
  );
}

/** Each item of a list and each member of an object that the schema knows. */
function mapParts(words: Words, live: Json, map: (inner: Words, value: Json, member?: string) => Json): Json {
  if (Array.isArray(live)) {
    const items = innerOf(words, "items");
    return items ? live.map((item: Json) => map(items, item)) : live;
  }
  if (!isObject(live)) return live;
  const members = Object.entries(live).map(([member, value]): [string, Json] => {
    const inner = innerOf(words, "properties", member) ?? innerOf(words, "additionalProperties");
    return [member, inner && value !== undefined ? map(inner, value, member) : value];
  });
  return Object.fromEntries(members);
}

function innerOf({ schema, retired }: Words, part: keyof Schema, member?: string): Words | undefined {
  const within = (schema as Schema)[part];
  const inner = member === undefined ? within : memberOf(within, member);
  return isObject(inner) ? { schema: inner, retired } : undefined;
}

function memberOf(value: Json | undefined, member: string | undefined): Json | undefined {
  return member !== undefined && isObject(value) && Object.hasOwn(value, member) ? value[member] : undefined;
}
