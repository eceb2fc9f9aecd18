import { byText } from "../base/address.ts";
import { valuesDeclared } from "../model/declared.ts";
import type { Desired } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import type { Owned } from "../model/inventory.ts";
import { sourceOf } from "../model/value.ts";

/** By field key, where values come from that are not in the file (`sourceOf`). */
export type SourcesByField = { readonly [fieldKey: string]: string };

/**
 * Where the declared values of a resource come from, by field key; those that stand in the file, are generated or asked for are
 * not in it. The inventory keeps it, so that another value of the same source is told from another source:
 *
 *     { "envVars.DATABASE_URL": "render/postgres/main connectionString", "envVars.KEY": "environment STRIPE_KEY" }
 */
export function listSources(desired: Desired, table: FieldTable): SourcesByField {
  const sources = valuesDeclared(desired, table).flatMap(({ key, value }) => {
    const source = sourceOf(value);
    return source === undefined ? [] : [[key, source] as const];
  });
  return Object.fromEntries(sources.sort(([a], [b]) => byText(a, b)));
}

/**
 * The member `sources` of an entry of the inventory after a write: of the fields `noted`, the sources that the file says now.
 * `desired`: absent where the block is gone.
 */
export function sourcesAfter(
  before: Owned | undefined,
  { desired, table }: { readonly desired: Desired | undefined; readonly table: FieldTable },
  noted: readonly string[],
): Pick<Owned, "sources"> {
  const declared = desired ? listSources(desired, table) : {};
  const after = new Map(Object.entries(before?.sources ?? {}));
  for (const key of noted) {
    const source = declared[key];
    if (source === undefined) after.delete(key);
    else after.set(key, source);
  }
  const sources = Object.fromEntries([...after].sort(([a], [b]) => byText(a, b)));
  return after.size === 0 ? {} : { sources };
}

/**
 * Field keys of which the inventory remembers a value, and another source than the file has, though there is nothing to write:
 * an older version noted no sources, or the file takes an equal value from elsewhere.
 */
export function findUnnotedSources(
  owned: Owned,
  declared: SourcesByField,
  changed: ReadonlySet<string>,
): readonly string[] {
  const keys = new Set([...Object.keys(owned.sources ?? {}), ...Object.keys(declared)]);
  return [...keys].filter(
    (key) => owned.fields[key] !== undefined && owned.sources?.[key] !== declared[key] && !changed.has(key),
  );
}
