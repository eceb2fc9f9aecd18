import { sameJson, type Json, type JsonObject } from "../../core/base/json.ts";

/**
 * A public value in words, without the signs of JSON:
 *
 *     { url: "ghcr.io/acme/api:1.0" }                     ghcr.io/acme/api:1.0
 *     { type: rewrite, source: /api, destination: /v2 }   rewrite /api -> /v2
 *     { source: 10.0.0.0/8, description: "office" }       10.0.0.0/8 (office)
 *     { paths: ["src/**", "lib/**"] }                     paths: src/**, lib/**
 *     []                                                  none
 */
export function describeValue(value: Json | undefined): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return describeText(value);
  if (typeof value !== "object") return String(value);
  const parts = isList(value) ? value.map(describeValue) : describeMembers(value);
  const isFlat = parts.every((part) => !part.includes(", "));
  return parts.length === 0 ? "none" : parts.join(isFlat ? ", " : "; ");
}

function isMapping(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !isList(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Quotes are needed only where a text would be invisible or its edges would be. */
function describeText(text: string): string {
  return text === "" || text.trim() !== text ? JSON.stringify(text) : text;
}

function describeMembers(value: JsonObject): readonly string[] {
  const { type, source, destination, description, url, priority: _order, ...rest } = value;
  const others = Object.entries(rest).map(([member, one]) => `${member}: ${describeValue(one)}`);
  if (typeof source === "string" && typeof destination === "string")
    return [`${typeof type === "string" ? `${type} ` : ""}${source} -> ${destination}`, ...others];
  if (typeof source === "string") {
    const remark = typeof description === "string" && description !== "" ? ` (${description})` : "";
    return [`${source}${remark}`, ...others];
  }
  if (typeof url === "string" && type === undefined) return [url, ...others];
  return Object.entries(value).map(([member, one]) => `${member}: ${describeValue(one)}`);
}

/** One line of a difference: what goes, what comes, or what is now otherwise. */
export type ValueDifference = { readonly sign: "-" | "+" | "~"; readonly text: string };

/**
 * What differs within two lists or two mappings. `undefined`: it is said better with the two values beside each other.
 *
 *     [a, b] -> [b, c]                       - a, + c
 *     { cpu: 70, memory: 80 } -> { cpu: 90, memory: 80 }    cpu: 70 -> 90
 */
export function findDifferences(
  before: Json | undefined,
  after: Json,
): readonly ValueDifference[] | undefined {
  if (before === undefined) return undefined;
  if (isList(before) && isList(after)) return compareLists(before, after);
  if (isMapping(before) && isMapping(after)) return compareMembers(before, after);
  return undefined;
}

function compareLists(
  before: readonly Json[],
  after: readonly Json[],
): readonly ValueDifference[] | undefined {
  const lacks = (list: readonly Json[], item: Json): boolean => !list.some((one) => sameJson(one, item));
  const gone = before.filter((item) => lacks(after, item));
  const come = after.filter((item) => lacks(before, item));
  // Where only the order differs, or how often an item is there, both lists have to be shown.
  if (gone.length + come.length === 0 || before.length === 0 || after.length === 0) return undefined;
  return [
    ...gone.map((item) => ({ sign: "-" as const, text: describeValue(item) })),
    ...come.map((item) => ({ sign: "+" as const, text: describeValue(item) })),
  ];
}

function compareMembers(before: JsonObject, after: JsonObject): readonly ValueDifference[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return members
    .filter((member) => !sameJson(before[member] ?? null, after[member] ?? null))
    .map((member) => ({
      sign: "~",
      text: `${member}: ${tellMember(before, member)} -> ${tellMember(after, member)}`,
    }));
}

function tellMember(value: JsonObject, member: string): string {
  return Object.hasOwn(value, member) ? describeValue(value[member]) : "not set";
}
