import type { Address } from "../../core/base/address.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Live } from "../../core/model/live.ts";
import type { Plan } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import type { OwnedElsewhere, Store } from "../../store/base/store.ts";

/** A plan, and the state of its label, which knows the other labels. */
export type PartitionGuard = {
  readonly plan: Plan;
  readonly store: Store;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
};

/**
 * The plan with a refusal for each live object that it would take over, change or delete though the state of another label
 * owns it. The other labels are read only where the plan has an object that is not in this inventory.
 */
export async function guardPartitions({ plan, store, live, inventory }: PartitionGuard): Promise<Plan> {
  const foreign = plan.changes.flatMap(({ address }) => {
    const found = live.get(address);
    return found && inventory.resources[address]?.id !== found.found.id ? [found] : [];
  });
  if (foreign.length === 0) return plan;
  const elsewhere = await store.ownedElsewhere();
  const refusals = foreign.flatMap(({ address, kind, found }) => {
    const owner = findOwner(elsewhere, kind, found.id);
    return owner ? [ownedElsewhere(address, owner)] : [];
  });
  return refusals.length === 0 ? plan : { ...plan, refusals: [...plan.refusals, ...refusals] };
}

/** The entry of another label that owns a live object. */
export function findOwner(
  elsewhere: readonly OwnedElsewhere[],
  kind: string,
  id: string,
): OwnedElsewhere | undefined {
  return elsewhere.find((one) => one.kind === kind && one.id === id);
}

/** The refusal of an address whose object another label owns. */
export function ownedElsewhere(address: Address, { label, id, address: there }: OwnedElsewhere): Problem {
  const as = there === address ? "" : `, as ${there}`;
  const message = `${address} exists as ${id}, which the state of the label ${label} owns${as}; an object has one owner.`;
  const remedy = `Take the block out of this file, or let it go there first: trueup state forget ${there} --label ${label}`;
  return problem("refusal", "owned-elsewhere", message, remedy, { address });
}
