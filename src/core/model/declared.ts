import type { Desired, SpecValue } from "./desired.ts";
import type { Field, FieldTable } from "./field.ts";
import { isObject, type Json, type JsonObject } from "../base/json.ts";
import type { LiveSpec, LiveValue } from "./live.ts";

export type Declared = {
  readonly name: string;
  readonly field: Field;
  readonly entry?: string;
  readonly value: SpecValue;
};

/** Every declared field, lists of entries taken apart, in the order of the kind's table. */
export function eachDeclared(desired: Desired, table: FieldTable): readonly Declared[] {
  return Object.entries(table).flatMap(([name, field]): readonly Declared[] => {
    const value = desired.spec[name];
    if (value === undefined || !applies(desired, field)) return [];
    if (!field.entries) return takeApart(name, field, value);
    return Object.entries(entriesOf(field, value)).map(([entry, item]) => ({
      name,
      field,
      entry,
      value: item,
    }));
  });
}

/** An object some of whose members are values: the rest of it, then each such member, which no API shows again. */
export function takeApart(name: string, field: Field, value: SpecValue): readonly Declared[] {
  const { valueMembers, ...plain } = field;
  if (!valueMembers || !isObject(value)) return [{ name, field, value }];
  const members = Object.entries(value as { readonly [member: string]: SpecValue });
  const rest = members.filter(([member]) => !valueMembers.includes(member));
  return [
    { name, field: plain, value: Object.fromEntries(rest) as JsonObject },
    ...members
      .filter(([member]) => valueMembers.includes(member))
      .map(([entry, item]) => ({
        name,
        field: { ...plain, value: true, writeOnly: true } as const,
        entry,
        value: item,
      })),
  ];
}

/**
 * A list of entries by key. In an ordered one the place is part of each entry: what is declared comes first. A second item
 * of one key has a number behind it, `redirect /a(2)`: it does nothing while the first is there, and is somebody's.
 */
export function entriesOf(
  field: Field,
  value: SpecValue | LiveValue | undefined,
): { readonly [entry: string]: SpecValue } {
  if (field.entries?.ordered && Array.isArray(value)) {
    const { key } = field.entries;
    const items = keyItems(key, value as readonly JsonObject[]);
    return Object.fromEntries(items.map(([entry, item], priority) => [entry, { ...item, priority }]));
  }
  return isObject(value) ? (value as { readonly [entry: string]: SpecValue }) : {};
}

/** Each item of an ordered list with its key, in order. */
export function keyItems(
  members: readonly string[],
  items: readonly JsonObject[],
): readonly (readonly [entry: string, item: JsonObject])[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const key = members.map((member) => (item[member] ?? "") as string).join(" ");
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return [count === 1 ? key : `${key}(${count})`, item];
  });
}

/** Entries that nobody added: they came with the object. */
export function entriesCameWith({ entries }: Field, live: LiveSpec): readonly unknown[] {
  const names = entries?.cameWith === undefined ? undefined : live[entries.cameWith];
  return Array.isArray(names) ? names : [];
}

export function applies(desired: Desired, field: Field): boolean {
  return field.applies?.(desired.spec as JsonObject) ?? true;
}

/**
 * Whether an object is the file's as a whole, so that a member which the file leaves out has to go: a map of parameters. Of any
 * other object only the declared members are ours. A kind says so by a normal form that is no object any more.
 */
export function isWhole(field: Field, value: Json): boolean {
  return field.normal !== undefined && !isObject(field.normal(value));
}
