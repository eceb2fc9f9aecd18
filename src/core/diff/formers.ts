import type { Address } from "../base/address.ts";
import type { Desired } from "../model/desired.ts";
import type { Former, Inventory } from "../model/inventory.ts";
import type { Kind } from "../kind/kind.ts";

/** Whether the one whose place is taken can give its name away and serve on, so that nothing is away in between. */
export function stepsAside(kind: Kind, desired: Desired): boolean {
  return kind.rename !== undefined && kind.once === undefined && (kind.standsBeside?.(desired) ?? true);
}

/** One of the formers of an address, and its place among them. */
export type Placed = Former & { readonly place: number };

export function formersOf({ pending }: Inventory, address: Address): readonly Placed[] {
  return (pending?.[address]?.formers ?? []).map((former, place) => ({ ...former, place }));
}

/** Those that are to be deleted while the object of that id stays. */
export function hasFormers(inventory: Inventory, address: Address, id: string | undefined): boolean {
  return formersOf(inventory, address).some((former) => former.id !== id);
}
