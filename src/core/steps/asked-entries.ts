import { byText } from "../base/address.ts";
import type { FieldChange, ResourceChange } from "../model/change.ts";
import { fieldKey } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";

/**
 * Separates the entries whose value a person has to give and that live lacks: `sync: false` variables and files, and what is
 * taken from one. Each of them is a call of its own, after all the others, whether or not its value is given by now:
 *
 * - an apply with a value does the work that was looked at without it (the plan hash is the same);
 * - twenty of them without a value are twenty steps with nothing to write, never one call that writes the whole list.
 *
 * Example: changed `LEVEL`, pending `KEY_A` and `KEY_B`: `together` is [LEVEL], `alone` is [KEY_A, KEY_B].
 */
export function takeApartAsked(
  { fields, optional }: Pick<ResourceChange, "fields" | "optional">,
  table: FieldTable,
): { readonly together: readonly FieldChange[]; readonly alone: readonly FieldChange[] } {
  const isEntry = ({ field }: FieldChange): boolean => table[field]?.entries !== undefined;
  const isAlone = (change: FieldChange): boolean => change.asked === true && isEntry(change);
  const alone = [...fields.filter(isAlone), ...optional.filter(isEntry)];
  return {
    together: [...fields.filter((one) => !isAlone(one)), ...optional.filter((one) => !isEntry(one))],
    alone: alone.sort((a, b) => byText(keyOf(a), keyOf(b))),
  };
}

function keyOf({ field, entry }: FieldChange): string {
  return fieldKey(field, entry);
}
