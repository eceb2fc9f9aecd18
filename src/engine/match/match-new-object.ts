import { kindOf, type Address } from "../../core/base/address.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import type { Found, Live } from "../../core/model/live.ts";
import { withPending } from "../../core/run/pending.ts";
import type { Listings } from "./matched.ts";
import type { ReadInput } from "./read-input.ts";

/**
 * What an ended run made to take the place of an object: by the id that its answer gave, else by the name that only it can
 * have, else among those of the same natural key that were not there before. Two of these are a person's to decide.
 */
export function findNewObjects(
  pending: Pending | undefined,
  among: {
    readonly kind: Kind;
    readonly listing: readonly Found[];
    readonly isSame: (found: Found) => boolean;
    readonly ownId: string | undefined;
  },
): readonly Found[] {
  const { kind, listing, isSame, ownId } = among;
  const { successor: newObject, besides: lookalikes = [] } = pending ?? {};
  if (!newObject) return [];
  const active = listing.filter((one) => !one.isEnded);
  if (newObject.id !== undefined) return active.filter((one) => one.id === newObject.id);
  if (kind.rotation?.named) return active.filter((one) => one.name === newObject.name);
  return active.filter((one) => isSame(one) && one.id !== ownId && !lookalikes.includes(one.id));
}

/**
 * Likewise where no block says any more what it was to be. What has no name of its own at the API is of the same natural key as
 * the one whose place it was to take, unless the file had changed that key as well.
 */
export function findDropped(
  { inventory, kinds }: Pick<ReadInput, "inventory" | "kinds">,
  address: Address,
  listing: readonly Found[],
): readonly Found[] {
  const owned = inventory.resources[address];
  const own = listing.find(({ id }) => id === owned?.id);
  const kind = findKind(kinds, kindOf(address));
  const name = kind.identifies ? own?.name : owned?.name;
  const isSame = (one: Found): boolean => one.name === name;
  return findNewObjects(inventory.pending?.[address], { kind, listing, isSame, ownId: owned?.id });
}

/**
 * Kind and id of all that ended runs made to take the place of something: another block of the same natural key is not that one,
 * also where its own block is gone or has another name by now. Of what is declared and was not heard of only a look at its
 * block can tell which it is, and no two blocks have one natural key.
 */
export function listNewObjects(
  input: Pick<ReadInput, "inventory" | "kinds" | "state">,
  listings: Listings,
): readonly string[] {
  const declared = new Set(input.state.resources.map(({ address }) => address));
  const all = Object.entries(input.inventory.pending ?? {}) as [Address, Pending][];
  return all.flatMap(([address, { successor: newObject }]) => {
    const kind = kindOf(address);
    if (!newObject) return [];
    if (newObject.id !== undefined) return [`${kind} ${newObject.id}`];
    if (declared.has(address)) return [];
    return findDropped(input, address, listings.get(kind) ?? []).map(({ id }) => `${kind} ${id}`);
  });
}

/** Notes the id of a new object whose answer was lost: the run that made it could not. */
export function settleNewObjects(inventory: Inventory, live: ReadonlyMap<Address, Live>): Inventory {
  const pending = Object.entries(inventory.pending ?? {}) as [Address, Pending][];
  return pending.reduce((all, [address, { successor: newObject }]) => {
    const id = live.get(address)?.newObject?.id;
    if (!newObject || newObject.id !== undefined || id === undefined) return all;
    return withPending(all, address, { ...all.pending?.[address], successor: { ...newObject, id } });
  }, inventory);
}
