import type { Address } from "../core/address.ts";
import { findKind } from "../core/find-kind.ts";
import type { Inventory, Pending } from "../core/inventory.ts";
import type { Kinds, Readers } from "../core/kind.ts";
import type { Live } from "../core/live.ts";
import { withPending } from "../core/pending.ts";

/**
 * A deploy whose answer was lost has begun when there is a newer one than before it; whoever started that, it has every
 * write that was done before. One call per such deploy, none otherwise.
 */
export async function settleDeploys(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  { kinds, readers }: { readonly kinds: Kinds; readonly readers: Readers },
): Promise<Inventory> {
  const sent = (Object.entries(inventory.pending ?? {}) as [Address, Pending][]).filter(
    ([, pending]) => pending.deployAfter !== undefined,
  );
  const begun = await Promise.all(
    sent.map(async ([address, { deployAfter, creation, formers }]) => {
      const found = live.get(address);
      const kind = found && findKind(kinds, found.kind);
      const newest = found && kind && (await kind.deploys?.newest(readers[kind.provider], found.found.id));
      if (newest === undefined || newest.id === deployAfter) return [];
      return [
        [address, { ...(creation && { creation }), ...(formers && { formers }), deployed: true }] as const,
      ];
    }),
  );
  return begun.flat().reduce((all, [address, pending]) => withPending(all, address, pending), inventory);
}
