import type { Address } from "../base/address.ts";
import { eachDeclared } from "../model/declared.ts";
import type { Desired } from "../model/desired.ts";
import { isObject } from "../base/json.ts";
import type { Kinds } from "../kind/kind.ts";
import { type Value, variableOf } from "../model/value.ts";

/** A declared value that ends in an output which is shown once: there its text has to arrive. */
export type Destination = {
  readonly address: Address;
  readonly name: string;
  readonly entry: string | undefined;
  /** No API shows the value again, so that nobody can look whether it is there. */
  readonly isUnseen: boolean;
};

/** Every destination of each address that shows something once, by that address; in the order of the file. */
export function findDestinations(
  desired: ReadonlyMap<Address, Desired>,
  kinds: Kinds,
): ReadonlyMap<Address, readonly (Destination & { readonly output: string })[]> {
  const all = new Map<Address, (Destination & { readonly output: string })[]>();
  for (const one of desired.values()) {
    const kind = kinds.get(one.kind);
    for (const { name, field, entry, value } of kind ? eachDeclared(one, kind.fields) : []) {
      const source = field.value ? followValue(desired, kinds, value as Value) : undefined;
      if (source?.from !== "output") continue;
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
 * What a value is taken from in the end: a variable that is taken from a variable of another declared service, or of a
 * group that is linked there, leads on to that one's source.
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

/** The service's own variable, else one of its linked groups: the order in which the running service sees them. */
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

/** The addresses of what lends a declared resource its variables, in the order of the file. */
export function listLinks(desired: Desired, kinds: Kinds): readonly Address[] {
  const field = kinds.get(desired.kind)?.links;
  const links = field === undefined ? undefined : desired.spec[field];
  return isObject(links) ? (Object.keys(links) as Address[]) : [];
}
