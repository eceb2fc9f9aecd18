import type { Address } from "../../core/base/address.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Found, Live } from "../../core/model/live.ts";
import { withPending } from "../../core/run/pending.ts";

/**
 * What an ended run made to take the place of an object: by the id that its answer gave, else by the name that only it can
 * have, else among those of the same natural key that were not there before. Two of these are a person's to decide.
 */
export function findSuccessors(
  pending: Pending | undefined,
  among: {
    readonly kind: Kind;
    readonly listing: readonly Found[];
    readonly isSame: (found: Found) => boolean;
    readonly ownId: string | undefined;
  },
): readonly Found[] {
  const { kind, listing, isSame, ownId } = among;
  const { successor, besides = [] } = pending ?? {};
  if (!successor) return [];
  const active = listing.filter((one) => !one.isEnded);
  if (successor.id !== undefined) return active.filter((one) => one.id === successor.id);
  if (kind.succession?.named) return active.filter((one) => one.name === successor.name);
  return active.filter((one) => isSame(one) && one.id !== ownId && !besides.includes(one.id));
}

/** What the run that made it could not note, because it never heard the answer: which object it is. */
export function settleSuccessors(inventory: Inventory, live: ReadonlyMap<Address, Live>): Inventory {
  const pending = Object.entries(inventory.pending ?? {}) as [Address, Pending][];
  return pending.reduce((all, [address, { successor }]) => {
    const id = live.get(address)?.successor?.id;
    if (!successor || successor.id !== undefined || id === undefined) return all;
    return withPending(all, address, { ...all.pending?.[address], successor: { ...successor, id } });
  }, inventory);
}
