import type { Address } from "../base/address.ts";
import { valuesDeclared } from "../model/declared.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import { isObject } from "../base/json.ts";
import type { Kinds } from "../kind/kind.ts";
import { type Write, targetsOf } from "../model/write.ts";
import { type Value, variableOf } from "../model/value.ts";

/** A declared value that is taken, in the end, from an output which is shown once: the text has to arrive here. */
export type Destination = {
  readonly address: Address;
  readonly name: string;
  /** Undefined where the field itself is the value. */
  readonly entry: string | undefined;
  /** No API shows what is here, so it cannot be looked at whether the value has arrived. */
  readonly isUnseen: boolean;
};

/** All destinations, in the order of the file, by the address of the object that shows the value once. */
export function findDestinations(
  desired: ReadonlyMap<Address, Desired>,
  kinds: Kinds,
): ReadonlyMap<Address, readonly (Destination & { readonly output: string })[]> {
  const all = new Map<Address, (Destination & { readonly output: string })[]>();
  for (const one of desired.values()) {
    for (const { name, field, entry, value } of valuesDeclared(one, kinds.get(one.kind)?.fields)) {
      const source = followValue(desired, kinds, value);
      if (source.from !== "output") continue;
      const target = desired.get(source.of);
      const isShownOnce = target && kinds.get(target.kind)?.shownOnce?.includes(source.output);
      if (!isShownOnce) continue;
      const place = { address: one.address, name, entry, isUnseen: field.writeOnly === true };
      all.set(source.of, [...(all.get(source.of) ?? []), { ...place, output: source.output }]);
    }
  }
  return all;
}

/**
 * The value that another one is taken from in the end. A reference to a variable of a declared service, or of a group that is
 * linked there, leads on to that variable's own source; any other value is its own.
 */
function followValue(desired: ReadonlyMap<Address, Desired>, kinds: Kinds, value: Value): Value {
  const passed = new Set<string>();
  for (let source = value; ;) {
    const entry = source.from === "output" ? variableOf(source.output) : undefined;
    if (source.from !== "output" || entry === undefined) return source;
    const step = `${source.of} ${source.output}`;
    const declared = passed.has(step) ? undefined : declaredVariable({ desired, kinds }, source.of, entry);
    if (!declared) return source;
    passed.add(step);
    source = declared.value;
  }
}

/**
 * The addresses in the path and the body of a call, with what their variables are taken from in turn, down to the last: a
 * variable that a group lends a service is made by the group, and one that is taken from a database by the database.
 *
 *     api envVars.URL     api envVars.URL, and shared envVars.URL of the group that api is linked to
 */
export function followTargets(
  declared: { readonly desired: ReadonlyMap<Address, Desired>; readonly kinds: Kinds },
  write: Write,
): ReturnType<typeof targetsOf> {
  const seen = new Map<string, ReturnType<typeof targetsOf>[number]>();
  const add = (target: ReturnType<typeof targetsOf>[number]): void => {
    const key = `${target.address} ${target.field ?? ""}`;
    if (seen.has(key)) return;
    seen.set(key, target);
    const entry = target.field === undefined ? undefined : variableOf(target.field);
    const variable = entry === undefined ? undefined : declaredVariable(declared, target.address, entry);
    if (!variable) return;
    add({ address: variable.address, field: fieldKey(variable.field, entry) });
    const { value } = variable;
    if (value.from === "output") add({ address: value.of, field: value.output });
  };
  for (const target of targetsOf(write)) add(target);
  return [...seen.values()];
}

/**
 * The variable of a declared resource, with the address and the field that have it: its own, else that of a linked group, as
 * the running service sees them. `undefined`: neither declares one of that name.
 */
export function declaredVariable(
  declared: { readonly desired: ReadonlyMap<Address, Desired>; readonly kinds: Kinds },
  address: Address,
  entry: string,
): { readonly address: Address; readonly field: string; readonly value: Value } | undefined {
  const one = declared.desired.get(address);
  if (!one) return undefined;
  for (const holder of [one, ...linkedTo(declared, one)]) {
    const field = declared.kinds.get(holder.kind)?.variables;
    const entries = field === undefined ? undefined : (holder.spec[field] as { [entry: string]: Value });
    if (field !== undefined && isObject(entries) && Object.hasOwn(entries, entry))
      return { address: holder.address, field, value: entries[entry]! };
  }
  return undefined;
}

function linkedTo(
  { desired, kinds }: { readonly desired: ReadonlyMap<Address, Desired>; readonly kinds: Kinds },
  one: Desired,
): readonly Desired[] {
  return listLinks(one, kinds).flatMap((link) => desired.get(link) ?? []);
}

/** The addresses of the groups that a declared resource is linked to, in the order of the file. */
export function listLinks(desired: Desired, kinds: Kinds): readonly Address[] {
  const field = kinds.get(desired.kind)?.links;
  const links = field === undefined ? undefined : desired.spec[field];
  return isObject(links) ? (Object.keys(links) as Address[]) : [];
}
