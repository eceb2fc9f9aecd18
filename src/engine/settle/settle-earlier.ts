import { type Address, kindOf } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Inventory, Pending } from "../../core/model/inventory.ts";
import { type Kinds, findKind } from "../../core/kind/kind.ts";
import type { Readers } from "../../core/kind/reader.ts";
import type { Live } from "../../core/model/live.ts";
import { withDone, withPending } from "../../core/run/pending.ts";
import { pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import type { World } from "../../world/world.ts";
import { lookAgain } from "../read/look-again.ts";
import { isBegun } from "./settle-begun.ts";

/*
 * What earlier runs began and did not hear the end of, found out before a plan is made: deploys and jobs by whether a newer one
 * is there, objects that stepped aside by their ids. Each function answers with the inventory that knows it.
 */

type Settling = {
  readonly kinds: Kinds;
  /** Readers that do not remember answers. */
  readonly readers: Readers;
  /** The world to sleep in, for a run that writes: it looks for as long as lists may lag, so that no deploy is begun twice. Undefined for a plan. */
  readonly patient: World | undefined;
};

/**
 * Finds out whether deploys of earlier runs, whose answers were lost, have begun, and answers with the inventory that says so. A
 * deploy has begun when there is a newer one than before: no matter who started it, it brings out all that was written before,
 * unless it was cancelled. One call for each such deploy and look.
 */
export async function settleDeploys(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  { kinds, readers, patient }: Settling,
): Promise<Inventory> {
  const begun = await Promise.all(
    listPending(inventory).map(async ([address, { deployAfter: after, deployAt: at, creation, formers }]) => {
      const found = live.get(address);
      const kind = found && findKind(kinds, found.kind);
      if (after === undefined || !kind) return [];
      const look = async (): Promise<boolean> =>
        isBegun(await kind.deploys?.newest(readers[kind.provider], found.found.id), { after, at });
      if (!(await lookFor(look, at ?? 0, patient))) return [];
      return [
        [address, { ...(creation && { creation }), ...(formers && { formers }), deployed: true }] as const,
      ];
    }),
  );
  return begun.flat().reduce((all, [address, pending]) => withPending(all, address, pending), inventory);
}

/**
 * Finds out the same for one-off jobs: a job has begun when there is a newer one that runs the same command. It may migrate a
 * database, so it is looked for before another one is started.
 */
export async function settleJobs(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  { kinds, readers, patient, desired }: Settling & { readonly desired: readonly Desired[] },
): Promise<Inventory> {
  const begun = await Promise.all(
    listPending(inventory).map(async ([address, { jobSent }]) => {
      const found = live.get(address);
      const wanted = desired.find((one) => one.address === address);
      const kind = found && findKind(kinds, found.kind);
      const before = wanted && kind?.deploys?.before(wanted);
      if (!jobSent || !found || !kind || !before) return [];
      const look = (): Promise<boolean> =>
        before.hasBegun(readers[kind.provider], found.found.id, jobSent.after);
      return (await lookFor(look, jobSent.at, patient)) ? [address] : [];
    }),
  );
  return begun.flat().reduce((all, address) => withDone(all, "job", address), inventory);
}

/**
 * Finds out which objects that stepped aside for a replacement are gone, since the answer to their deletion may have been lost, and
 * answers with the inventory without them. Each is asked for by its id.
 */
export async function settleFormers(
  inventory: Inventory,
  live: ReadonlyMap<Address, Live>,
  { kinds, readers }: { readonly kinds: Kinds; readonly readers: Readers },
): Promise<Inventory> {
  const pending = listPending(inventory).filter(([, { formers }]) => formers !== undefined);
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

async function lookFor(
  look: () => Promise<boolean>,
  sentAt: Millis,
  patient: World | undefined,
): Promise<boolean> {
  if (!patient) return look();
  const pauses = pausesBetweenLooks(sentAt, patient.now());
  return (await lookAgain(patient, pauses, async () => (await look()) || undefined)) ?? false;
}

function listPending({ pending = {} }: Inventory): readonly (readonly [Address, Pending])[] {
  return Object.entries(pending) as [Address, Pending][];
}
