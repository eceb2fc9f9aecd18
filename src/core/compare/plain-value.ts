import type { Field, JsonSchema } from "../model/field.ts";
import { isObject, sameJson, type Json } from "../base/json.ts";

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
