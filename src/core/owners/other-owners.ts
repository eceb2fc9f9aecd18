import type { ResourceChange } from "../model/change.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";
import type { Address } from "../base/address.ts";

/** Adds a note to each change that takes effect in services which trueup does not own: their owner has to deploy them. */
export function noteOtherOwners(
  changes: readonly ResourceChange[],
  live: ReadonlyMap<Address, Live>,
  kinds: Kinds,
): readonly ResourceChange[] {
  const ours = new Set([...live.values()].map(({ found }) => found.id));
  return changes.map((change) => {
    const kind = kinds.get(change.kind);
    const found = live.get(change.address);
    const takesDeploy = change.fields.some(({ field }) => kind?.fields[field]?.deploys === true);
    if (change.action === "delete" || !takesDeploy || !kind?.redeploys || !found) return change;
    const others = kind.redeploys(found, live).filter(({ id }) => !ours.has(id));
    if (others.length === 0) return change;
    const names = others.map(({ name }) => name).sort();
    const text = `needs a deploy by its owner: ${names.join(", ")}`;
    return { ...change, notes: [...change.notes, { note: "remark", text }] };
  });
}
