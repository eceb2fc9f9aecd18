import { fieldKey, type Desired, type SpecValue } from "./desired.ts";
import type { Field, FieldTable } from "./field.ts";
import { isObject, type Json, type JsonObject } from "../base/json.ts";
import type { LiveSpec, LiveValue } from "./live.ts";
import type { Value } from "./value.ts";

/** One declared field, or one entry of a declared list: `envVars` with the entry `PORT`. `field` is from the kind's table. */
export type Declared = {
  readonly name: string;
  readonly field: Field;
  readonly entry?: string;
  readonly value: SpecValue;
};

/** Every declared field that means anything in this block, in the order of the kind's table; a list gives one for each entry. */
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

/** One declared field or entry whose text may come from elsewhere. `key` is its field key: `envVars.PORT`. */
export type DeclaredValue = Omit<Declared, "value"> & { readonly key: string; readonly value: Value };

/** Those of `eachDeclared` that are values, in the same order. None of a kind that has no table (`undefined`). */
export function valuesDeclared(desired: Desired, table: FieldTable | undefined): readonly DeclaredValue[] {
  return eachDeclared(desired, table ?? {}).flatMap((one) => {
    const value = valueIn(one);
    return value ? [{ ...one, key: fieldKey(one.name, one.entry), value }] : [];
  });
}

/**
 * The value of a declared field or entry that is taken from somewhere: itself, or the address in an item. `undefined`: all of it
 * stands in the file.
 */
export function valueIn({ field, value }: Pick<Declared, "field" | "value">): Value | undefined {
  if (field.value) return value as Value;
  const member =
    field.addressMember !== undefined && isObject(value)
      ? (value as JsonObject)[field.addressMember]
      : undefined;
  return isObject(member) ? (member as unknown as Value) : undefined;
}

/** The keys of all fields and entries that the file declares of a resource: `plan`, `envVars.KEY`. */
export function keysDeclared(desired: Desired, table: FieldTable): readonly string[] {
  return eachDeclared(desired, table).map(({ name, entry }) => fieldKey(name, entry));
}

/**
 * A declared object that has `valueMembers`, in parts: first what is left without them, then each of them as an entry of
 * its own, because it holds a `Value` that no API shows again. Any other value is one part, itself.
 */
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
 * The entries of a list, by their keys; an absent list has none. In an ordered list each entry gets its place as
 * `priority`, so that another order shows as a difference. A second item of the same key gets a number behind it,
 * `redirect /a(2)`: it has no effect while the first one is there, but it is in the list and must not get lost.
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

/** Each item of an ordered list with its key, in order; `members` are those that the key is made of. */
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

/** Names of live entries that came with the object, so that no person added them (`entries.cameWith` of the field). */
export function entriesCameWith({ entries }: Field, live: LiveSpec): readonly unknown[] {
  const names = entries?.cameWith === undefined ? undefined : live[entries.cameWith];
  return Array.isArray(names) ? names : [];
}

/** Whether a field means anything in this block: a start command does nothing for an image. Without a rule it does. */
export function applies(desired: Desired, field: Field): boolean {
  return field.applies?.(desired.spec as JsonObject) ?? true;
}

/**
 * Whether the file decides about an object as a whole, so that a live member which the file leaves out has to go: a map of
 * parameters. Of any other object only the members that the file names are managed. A kind says "as a whole" by a normal
 * form that is no object any more.
 */
export function isWhole(field: Field, value: Json): boolean {
  return field.normal !== undefined && !isObject(field.normal(value));
}
