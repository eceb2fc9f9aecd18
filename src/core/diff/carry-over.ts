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
 * What takes the place of another one gets all that the file does not say from that one: a plan that was chosen in the
 * dashboard, an instance count, the environment, links to env groups. Only settings are in the plan; entries that may be secret
 * (variables, secret files, headers) are read from the former one when the creation is sent, and are nowhere else in between.
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

/** The field as the new one gets it; `undefined`: as the file has it, or as it is for whatever is new. */
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

/** What is cleared or off is so for what is new, too. An empty list can mean nobody, so it tells something. */
function isTelling(name: string, field: Field, value: SpecValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || field.same?.(null, value as never))
    return false;
  return name !== "suspended" || value === true;
}

/** How many entries the one before has, by field, that the file gives no value for. */
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

/** A generated value, and one that is asked for, are given by whatever has them. */
function isGiven(field: Field, value: SpecValue | undefined): boolean {
  if (value === undefined) return false;
  const source = field.value ? (value as Value).from : undefined;
  return source !== "asked" && source !== "generated";
}

export function removedOf(
  { fields }: { readonly fields: readonly FieldChange[] },
  name: string,
): readonly string[] {
  return fields.flatMap(({ field, entry, removed }) =>
    removed && field === name && entry !== undefined ? [entry] : [],
  );
}

function without(entries: object, names: readonly string[]): { readonly [entry: string]: SpecValue } {
  return Object.fromEntries(Object.entries(entries).filter(([entry]) => !names.includes(entry)));
}
