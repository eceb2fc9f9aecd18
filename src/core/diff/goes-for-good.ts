import { byText } from "../base/address.ts";
import type { Note } from "../model/change.ts";
import { eachDeclared } from "../model/declared.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import type { Owned } from "../model/inventory.ts";
import type { LiveSpec } from "../model/live.ts";
import type { Value } from "../model/value.ts";

/**
 * Values that go with their object and that nobody can give again from the file: variables typed in the dashboard or at the
 * prompt (`sync: false`), and those that were made once. A deletion names them. Which of the declared ones they are is kept
 * in the inventory, because the block is gone when they go.
 */
export function listHandGiven(desired: Desired, table: FieldTable): readonly string[] {
  return eachDeclared(desired, table)
    .filter(({ field, value }) => field.value && isHandGiven(value as Value))
    .map(({ name, entry }) => fieldKey(name, entry))
    .sort(byText);
}

function isHandGiven({ from }: Value): boolean {
  return from === "asked" || from === "generated";
}

/** Of an object that is deleted. Fields of it that were not read are not told of. */
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
