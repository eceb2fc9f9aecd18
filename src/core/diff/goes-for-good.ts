import { byText } from "../base/address.ts";
import type { Note } from "../model/change.ts";
import { valuesDeclared } from "../model/declared.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import type { Owned } from "../model/inventory.ts";
import type { LiveSpec } from "../model/live.ts";
import type { Value } from "../model/value.ts";

/**
 * Keys of the declared values that are not in the file: typed at the prompt (`sync: false`) or generated. They end with
 * their object, so a deletion names them. The inventory keeps the list, because the block is gone by then.
 */
export function listHandGiven(desired: Desired, table: FieldTable): readonly string[] {
  return valuesDeclared(desired, table)
    .filter(({ value }) => isHandGiven(value))
    .map(({ key }) => key)
    .sort(byText);
}

function isHandGiven({ from }: Value): boolean {
  return from === "asked" || from === "generated";
}

/**
 * Notes that name the values which end with a deleted object and are in no file: those that `listHandGiven` found, and those
 * that were typed in the dashboard. Fields that were not read are not told of.
 */
export function noteGoing(owned: Owned, spec: LiveSpec, table: FieldTable): readonly Note[] {
  const given = new Set(owned.handGiven);
  return Object.entries(table).flatMap(([name, field]): Note[] => {
    const live = spec[name];
    if (!field.value || !field.entries || typeof live !== "object" || live === null) return [];
    const entries = Object.keys(live).filter((entry) => {
      const key = fieldKey(name, entry);
      return given.has(key) || owned.fields[key] === undefined;
    });
    return entries.length === 0
      ? []
      : [{ note: "goes-for-good", field: name, entries: entries.sort(byText) }];
  });
}
