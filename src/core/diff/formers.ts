import type { Address } from "../base/address.ts";
import type { Json } from "../base/json.ts";
import { isIgnored } from "../compare/compare-fields.ts";
import { normalised } from "../compare/field-change.ts";
import { isSamePlain, isSayable, projected } from "../compare/compare-plain.ts";
import { applies, takeApart } from "../model/declared.ts";
import type { Desired } from "../model/desired.ts";
import type { Former, Inventory } from "../model/inventory.ts";
import type { Kind } from "../kind/kind.ts";
import type { Found } from "../model/live.ts";

/**
 * Whether a replacement can keep the old object until the new one works: the old one gives its name away (steps aside) and
 * serves on, so that nothing is away in between.
 */
export function stepsAside(kind: Kind, desired: Desired): boolean {
  return kind.rename !== undefined && kind.shownOnce === undefined && (kind.standsBeside?.(desired) ?? true);
}

/** An object of an address that has stepped aside, and its place in the list of them. */
export type Placed = Former & { readonly place: number };

/** All objects of an address that have stepped aside, in the order in which they did. */
export function formersOf({ pending }: Inventory, address: Address): readonly Placed[] {
  return (pending?.[address]?.formers ?? []).map((former, place) => ({ ...former, place }));
}

/** Whether an address has objects that stepped aside and are to be deleted, other than the one of that id. */
export function hasFormers(inventory: Inventory, address: Address, id: string | undefined): boolean {
  return formersOf(inventory, address).some((former) => former.id !== id);
}

/**
 * Whether an object is what the file asks for in all that its API cannot change: only then can it have the address without another
 * one being made. `unclear`: something of it cannot be read, and nothing else differs.
 */
export function fitsAsItStands(
  desired: Desired,
  { fields }: Pick<Kind, "fields">,
  { spec }: Pick<Found, "spec">,
): boolean | "unclear" {
  const fixed = Object.entries(fields).flatMap(([name, field]) => {
    const value = desired.spec[name];
    const isCompared = value !== undefined && !field.value && !field.entries && applies(desired, field);
    return isCompared && !isIgnored(desired, name) ? takeApart(name, field, value) : [];
  });
  const differing = fixed.filter(({ name, entry, field, value }) => {
    const shown = entry === undefined ? (spec[name] as Json | undefined) : undefined;
    const wanted = normalised(field, value as Json);
    const live = shown === undefined ? undefined : projected(wanted, normalised(field, shown));
    const isFixed = field.onChange === "replace" || field.replaces?.(wanted, live ?? null) === true;
    return isFixed && !isSamePlain(field, wanted, live);
  });
  if (differing.length === 0) return true;
  return differing.every(({ name, field }) => !isSayable(field, spec[name] as Json | undefined)) && "unclear";
}
