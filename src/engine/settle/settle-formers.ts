import { kindOf, type Address } from "../../core/base/address.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import { type Kinds, findKind } from "../../core/kind/kind.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Live } from "../../core/model/live.ts";
import { withPending } from "../../core/run/pending.ts";

/**
 * Finds out which objects that stepped aside for a replacement are gone, since the answer to their deletion may have been lost, and
 * answers with the inventory without them. Each is asked for by its id.
 */
export async function settleFormers(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  { kinds, readers }: { readonly kinds: Kinds; readonly readers: Readers },
): Promise<Inventory> {
  const pending = (Object.entries(inventory.pending ?? {}) as [Address, Pending][]).filter(
    ([, { formers }]) => formers !== undefined,
  );
  const settled = await Promise.all(
    pending.map(async ([address, { formers = [], ...rest }]) => {
      const found = live.get(address)?.found;
      const kind = findKind(kinds, kindOf(address));
      const reader = readers[kind.provider];
      const isThere = await Promise.all(
        formers.map(async ({ id }) => id === found?.id || (await kind.findById(reader, id)) !== undefined),
      );
      const left = formers.filter((_former, place) => isThere[place]);
      if (left.length === formers.length) return undefined;
      const kept: Pending = { ...rest, ...(left.length > 0 && { formers: left }), formersGone: true };
      return [address, kept] as const;
    }),
  );
  return settled
    .filter((one) => one !== undefined)
    .reduce((all, [address, kept]) => withPending(all, address, kept), inventory);
}

/** Notes as former what a match has displaced: a former object has its address again, and the one that had it steps aside in turn. */
export function settleDisplaced(inventory: Inventory, live: ReadonlyMap<Address, Live>): Inventory {
  return [...live.values()].reduce((all, { address, displaced }) => {
    const before = all.pending?.[address];
    const formers = before?.formers ?? [];
    if (!displaced || formers.some(({ id }) => id === displaced.id)) return all;
    const { id, name } = displaced;
    return withPending(all, address, { ...before, formers: [...formers, { id, name }] });
  }, inventory);
}
