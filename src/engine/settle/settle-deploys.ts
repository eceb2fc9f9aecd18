import type { Address } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import { findKind } from "../../core/kind/find-kind.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import type { Kinds } from "../../core/kind/kind.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Live } from "../../core/model/live.ts";
import { withDone, withPending } from "../../core/run/pending.ts";
import { pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import type { World } from "../../world/world.ts";
import { lookAgain } from "../read/look-again.ts";
import { isBegun } from "./settle-begun.ts";

/**
 * A deploy whose answer was lost has begun when there is a newer one than before it; whoever started that, it has every
 * write that was done before, unless it was cancelled. One call per such deploy, none otherwise.
 */
export async function settleDeploys(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  { kinds, readers }: { readonly kinds: Kinds; readonly readers: Readers },
): Promise<Inventory> {
  const begun = await Promise.all(
    listPending(inventory).map(async ([address, { deployAfter, creation, formers }]) => {
      const found = live.get(address);
      const kind = found && findKind(kinds, found.kind);
      if (deployAfter === undefined || !kind) return [];
      const newest = await kind.deploys?.newest(readers[kind.provider], found.found.id);
      if (!isBegun(newest, deployAfter)) return [];
      return [
        [address, { ...(creation && { creation }), ...(formers && { formers }), deployed: true }] as const,
      ];
    }),
  );
  return begun.flat().reduce((all, [address, pending]) => withPending(all, address, pending), inventory);
}

/**
 * A job whose answer was lost has begun when there is a newer one that runs the same. It may migrate a database, so whoever is
 * about to write looks for it as long as a list may lag (`patient`), before another one is started.
 */
export async function settleJobs(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  {
    kinds,
    readers,
    desired,
    patient,
  }: {
    readonly kinds: Kinds;
    /** Not those that remember. */
    readonly readers: Readers;
    readonly desired: readonly Desired[];
    readonly patient: World | undefined;
  },
): Promise<Inventory> {
  const begun = await Promise.all(
    listPending(inventory).map(async ([address, { jobSent }]) => {
      const found = live.get(address);
      const wanted = desired.find((one) => one.address === address);
      const kind = found && findKind(kinds, found.kind);
      const before = wanted && kind?.deploys?.before(wanted);
      if (!jobSent || !found || !kind || !before) return [];
      const look = async (): Promise<true | undefined> =>
        (await before.hasBegun(readers[kind.provider], found.found.id, jobSent.after)) || undefined;
      const pauses = patient && pausesBetweenLooks(jobSent.at, patient.now());
      return (await (patient && pauses ? lookAgain(patient, pauses, look) : look())) ? [address] : [];
    }),
  );
  return begun.flat().reduce((all, address) => withDone(all, "job", address), inventory);
}

function listPending({ pending = {} }: Inventory): readonly (readonly [Address, Pending])[] {
  return Object.entries(pending) as [Address, Pending][];
}
