import { isObject, sameJson, type Json } from "../base/json.ts";
import { sameWord } from "../base/text.ts";
import type { Field, JsonSchema } from "../model/field.ts";

/*
 * Words of an enumeration as an API shows them. Another spelling is the same word. A word that trueup does not know, such as
 * a plan of next year, cannot be compared with what the file asks; so what was last sent stands for it, as for a value that
 * no API shows.
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

/** The words that a field knows, or one entry of it. */
export function wordsOf({ schema, loose }: Field, entry?: string): Words {
  const { items } = schema as Schema;
  return { schema: entry !== undefined && items ? items : schema, retired: loose?.retired ?? [] };
}

/** A live value with each word in the spelling of the schema; a word that the schema does not know stays as it is. */
export function spellWords(words: Words, live: Json): Json {
  const { enum: known } = words.schema as Schema;
  if (known) return findWord(words, known, live) ?? live;
  return mapParts(words, live, (inner, value) => spellWords(inner, value));
}

/** A live value with what was last sent in place of each unknown word; a list loses its unknown words. */
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

/** Applies a function to each item of a list, or to each member of an object that the schema knows. */
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
