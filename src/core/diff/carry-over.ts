import type { FieldChange, ResourceChange } from "../model/change.ts";
import { applies, entriesOf, isWhole } from "../model/declared.ts";
import type { Desired, SpecValue } from "../model/desired.ts";
import type { Field } from "../model/field.ts";
import { isObject, type Json } from "../base/json.ts";
import type { Kind } from "../kind/kind.ts";
import type { Live, LiveSpec } from "../model/live.ts";
import { isOfShape, shapeOf } from "../kind/shape.ts";
import type { Value } from "../model/value.ts";

/**
 * What is asked of a new object that replaces an old one: the block, and from the old object all that the block does not
 * say, such as a plan chosen in the dashboard, an instance count, the environment, or links to env groups. The plan holds
 * settings only; entries that may be secret (variables, secret files, headers) are read from the old object when the
 * creation is sent, and are nowhere in between.
 *
 * Example: the block has `type`, `region` and one variable; live has the plan `pro` and two more variables. The new one is made
 * with the plan `pro` and three variables.
 */
export function carryOver(
  desired: Desired,
  { found }: Pick<Live, "found">,
  kind: Kind,
  change: Pick<ResourceChange, "fields">,
): Desired {
  const shape = shapeOf(kind, desired.spec);
  if (!shape) return desired;
  const taken = Object.entries(kind.fields).flatMap(
    ([name, field]): readonly (readonly [string, SpecValue])[] => {
      if (!isOfShape(field, shape) || field.onChange === "none" || kind.madeAnew?.includes(name)) return [];
      const value = takeOver(name, field, { given: desired.spec[name], live: found.spec, change });
      return value === undefined ? [] : [[name, value]];
    },
  );
  const merged: Desired = { ...desired, spec: { ...desired.spec, ...Object.fromEntries(taken) } };
  const idle = taken.filter(
    ([name]) => desired.spec[name] === undefined && !applies(merged, kind.fields[name]!),
  );
  const left = new Set(idle.map(([name]) => name));
  const useful = Object.entries(merged.spec).filter(([name]) => !left.has(name));
  return { ...merged, spec: Object.fromEntries(useful) };
}

type Sides = {
  readonly given: SpecValue | undefined;
  readonly live: LiveSpec;
  readonly change: Pick<ResourceChange, "fields">;
};

/** A field as the new object gets it; `undefined` where the file's value, or the default of a new object, is right. */
function takeOver(name: string, field: Field, { given, live, change }: Sides): SpecValue | undefined {
  const value = live[name] as SpecValue | undefined;
  if (field.value || field.valueMembers || field.entries?.ordered) return undefined;
  if (field.entries)
    return isObject(value)
      ? ({ ...without(value, removedOf(change, name)), ...(given as object) } as SpecValue)
      : undefined;
  if (given !== undefined) {
    const isPart = isObject(given) && isObject(value) && !isWhole(field, given as Json);
    return isPart ? { ...value, ...given } : undefined;
  }
  return isTelling(name, field, value) ? value : undefined;
}

/** Whether a live value has to be given to the new object. What is cleared or off is so by default; an empty list is a wish. */
function isTelling(name: string, field: Field, value: SpecValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || field.same?.(null, value as never))
    return false;
  return name !== "suspended" || value === true;
}

/** By field, how many entries the new object takes over from the old one because the file gives no value for them. */
export function countTakenOver(
  desired: Desired,
  { found }: Pick<Live, "found">,
  kind: Kind,
  change: Pick<ResourceChange, "fields">,
): { readonly [field: string]: number } {
  const counts = Object.entries(kind.fields).flatMap(
    ([name, field]): readonly (readonly [string, number])[] => {
      if (!field.entries || kind.madeAnew?.includes(name)) return [];
      const given = entriesOf(field, desired.spec[name]);
      const dropped = removedOf(change, name);
      const taken = Object.keys(entriesOf(field, found.spec[name] as SpecValue)).filter(
        (entry) => !dropped.includes(entry) && !isGiven(field, given[entry]),
      );
      return taken.length === 0 ? [] : [[name, taken.length]];
    },
  );
  return Object.fromEntries(counts);
}

/** Whether the file gives an entry its value. It does not for one that is generated or asked for: the old object has that. */
function isGiven(field: Field, value: SpecValue | undefined): boolean {
  if (value === undefined) return false;
  const source = field.value ? (value as Value).from : undefined;
  return source !== "asked" && source !== "generated";
}

/** Keys of the entries of a field that a change takes away. */
export function removedOf(
  { fields }: { readonly fields: readonly Pick<FieldChange, "field" | "entry" | "removed">[] },
  name: string,
): readonly string[] {
  return fields.flatMap(({ field, entry, removed }) =>
    removed && field === name && entry !== undefined ? [entry] : [],
  );
}

function without(entries: object, names: readonly string[]): { readonly [entry: string]: SpecValue } {
  return Object.fromEntries(Object.entries(entries).filter(([entry]) => !names.includes(entry)));
}
