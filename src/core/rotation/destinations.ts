import type { Address } from "../base/address.ts";
import { eachDeclared } from "../model/declared.ts";
import type { Desired } from "../model/desired.ts";
import { isObject } from "../base/json.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Value } from "../model/value.ts";

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
      const source = field.value ? followValue(desired, value as Value) : undefined;
      if (source?.from !== "output") continue;
      const target = desired.get(source.of);
      const isOnce = target && kinds.get(target.kind)?.once?.includes(source.output);
      if (!isOnce) continue;
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
function followValue(desired: ReadonlyMap<Address, Desired>, value: Value): Value {
  const passed = new Set<string>();
  for (let source = value; ;) {
    if (source.from !== "output" || !source.output.startsWith("envVars.")) return source;
    const step = `${source.of} ${source.output}`;
    const entry = source.output.slice("envVars.".length);
    const declared = passed.has(step) ? undefined : declaredVariable(desired, source.of, entry);
    if (!declared) return source;
    passed.add(step);
    source = declared.value;
  }
}

/** The service's own variable, else one of its linked groups: the order in which the running service sees them. */
export function declaredVariable(
  desired: ReadonlyMap<Address, Desired>,
  address: Address,
  entry: string,
): { readonly address: Address; readonly value: Value } | undefined {
  const own = entryOf(desired.get(address), entry);
  if (own) return { address, value: own };
  for (const group of Object.keys(mapOf(desired.get(address)?.spec["groupLinks"])) as Address[]) {
    const value = entryOf(desired.get(group), entry);
    if (value) return { address: group, value };
  }
  return undefined;
}

function entryOf(desired: Desired | undefined, entry: string): Value | undefined {
  const entries = mapOf(desired?.spec["envVars"]);
  return Object.hasOwn(entries, entry) ? (entries[entry] as Value) : undefined;
}

function mapOf(value: unknown): { readonly [entry: string]: unknown } {
  return isObject(value) ? value : {};
}
