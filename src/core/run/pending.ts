import type { Address } from "../base/address.ts";
import type { Announced } from "./intent.ts";
import type { Former, Inventory, NewObject, Pending } from "../model/inventory.ts";

/** The code of a failed creation where the API takes only one such object, so the old one has to be deleted first. */
export const gapNeeded = "gap-needed";

/**
 * The inventory after an intent. From then on, until an outcome says otherwise, the call may have been done, and the work that
 * has to follow it not.
 *
 *     verb      what is noted as pending
 *     create    the creation, or the new object beside an old one
 *     deploy    the newest deploy before it
 *     job       the newest job before it
 *     delete    the deletion, unless it is of an object that stepped aside
 *     aside     the object that steps aside
 *     any       the deploys in which it takes effect
 */
export function withAnnounced(inventory: Inventory, intent: Announced): Inventory {
  const { at, verb, step, address, takesEffectIn = [], after = null } = intent;
  const own =
    verb === "create"
      ? withPending(inventory, address, announceCreation(inventory.pending?.[address], intent))
      : verb === "deploy"
        ? withPending(inventory, address, {
            ...inventory.pending?.[address],
            deployAfter: after,
            deployAt: at,
          })
        : verb === "job"
          ? withPending(inventory, address, { ...inventory.pending?.[address], jobSent: { after, at } })
          : verb === "delete" && !intent.former
            ? announceDeletion(inventory, address)
            : verb === "aside" && intent.former
              ? withFormer(inventory, address, intent.former)
              : inventory;
  return takesEffectIn.reduce((all, target) => {
    const before = all.pending?.[target];
    const steps = new Set([...(before?.deployFor ?? []), step]);
    return withPending(all, target, { ...before, deployFor: [...steps].sort() });
  }, own);
}

/** Notes that an owned object is about to be deleted. Nothing is noted in a rotation, which deletes one of two. */
function announceDeletion(inventory: Inventory, address: Address): Inventory {
  const before = inventory.pending?.[address];
  if (before?.successor || !inventory.resources[address]) return inventory;
  return withPending(inventory, address, { ...before, deletion: true });
}

/** The inventory once it was looked which objects are there: a deletion whose object is there was not done. */
export function settleDeletions(inventory: Inventory, isThere: (address: Address) => boolean): Inventory {
  return (Object.entries(inventory.pending ?? {}) as [Address, Pending][]).reduce(
    (all, [address, { deletion, ...rest }]) =>
      deletion && isThere(address) ? withPending(all, address, rest) : all,
    inventory,
  );
}

function announceCreation(before: Pending | undefined, intent: Announced): Pending {
  const { at, incomplete, successor, besides, protect, file, asks } = intent;
  const known = besides && besides.length > 0 ? { besides } : {};
  if (successor !== undefined) return { ...before, ...known, successor: { name: successor, at } };
  const lost = before?.creation;
  return {
    creation: { at, ...(lost && { before: lost.at }), ...(asks && { asks }) },
    ...formersOf(before),
    ...known,
    ...(protect && { protect }),
    ...(incomplete && { cancellation: true }),
    ...(file !== undefined && { file }),
  };
}

/** The inventory with the new object of a rotation, and the digests of what its answer showed. */
export function withNewObject(inventory: Inventory, address: Address, newObject: NewObject): Inventory {
  const { besides: _known, ...before } = inventory.pending?.[address] ?? {};
  return withPending(inventory, address, { ...before, successor: newObject });
}

/** Adds an object to those that stepped aside. One that is listed already gets its new name. */
function withFormer(inventory: Inventory, address: Address, former: Former): Inventory {
  const before = inventory.pending?.[address];
  const others = (before?.formers ?? []).filter(({ id }) => id !== former.id);
  return withPending(inventory, address, { ...before, formers: [...others, former] });
}

/** Takes an object off the list of those that stepped aside: it is deleted, or has its name again. */
export function withoutFormer(inventory: Inventory, address: Address, id: string | undefined): Inventory {
  const before = inventory.pending?.[address];
  if (!before?.formers?.some((former) => former.id === id)) return inventory;
  const { formers, ...rest } = before;
  const left = formers.filter((former) => former.id !== id);
  return withPending(inventory, address, left.length === 0 ? rest : { ...rest, formers: left });
}

function formersOf(pending: Pending | undefined): Pick<Pending, "formers"> {
  return pending?.formers ? { formers: pending.formers } : {};
}

/** The inventory once the new object of a rotation has taken the place of the old one, or is deleted again. */
export function withoutNewObject(inventory: Inventory, address: Address): Inventory {
  const before = inventory.pending?.[address];
  if (!before?.successor) return inventory;
  const { successor: _settled, besides: _known, ...rest } = before;
  return withPending(inventory, address, rest);
}

/** The inventory once it is known whether the value that the object showed once has arrived everywhere. */
export function withDelivery(inventory: Inventory, address: Address, isDelivered: boolean): Inventory {
  const { undelivered: _before, ...rest } = inventory.pending?.[address] ?? {};
  return withPending(inventory, address, isDelivered ? rest : { ...rest, undelivered: true });
}

/** The inventory once a call is known to be done: what its verb left pending is settled. */
export function withDone(inventory: Inventory, verb: string, address: Address): Inventory {
  const before = inventory.pending?.[address] ?? {};
  const { creation } = before;
  switch (verb) {
    case "create":
    case "record":
      return withPending(
        inventory,
        address,
        clean({
          ...before,
          creation: undefined,
          besides: undefined,
          protect: undefined,
          file: undefined,
          deployed: undefined,
          formersGone: undefined,
        }),
      );
    case "cancel":
      return withPending(inventory, address, clean({ ...before, cancellation: undefined }));
    case "job":
      return withPending(inventory, address, clean({ ...before, job: true, jobSent: undefined }));
    case "deploy":
      return withPending(inventory, address, clean({ creation, formers: before.formers }));
    default:
      return inventory;
  }
}

/** The inventory once a call is known not to be done: what its intent left pending is taken back. */
export function withFailed(
  inventory: Inventory,
  { verb, address, step }: Pick<Announced, "verb" | "address" | "step">,
  code: string,
): Inventory {
  const { deployAfter: _unsent, deployAt: _then, ...rest } = inventory.pending?.[address] ?? {};
  const { deletion: _undone, ...kept } = inventory.pending?.[address] ?? {};
  const { jobSent: _unstarted, ...jobless } = inventory.pending?.[address] ?? {};
  const made = { ...formersOf(rest), ...leftOf(rest), ...(code === gapNeeded && { alone: true as const }) };
  const own =
    verb === "create"
      ? withPending(inventory, address, made)
      : verb === "deploy"
        ? withPending(inventory, address, rest)
        : verb === "delete" || verb === "job"
          ? withPending(inventory, address, verb === "job" ? jobless : kept)
          : verb === "aside"
            ? withoutFormer(inventory, address, rest.formers?.at(-1)?.id)
            : inventory;
  return (Object.entries(own.pending ?? {}) as [Address, Pending][]).reduce((all, [target, pending]) => {
    if (!pending.deployFor?.includes(step)) return all;
    const { deployFor, ...others } = pending;
    const left = deployFor.filter((one) => one !== step);
    return withPending(all, target, left.length === 0 ? others : { ...others, deployFor: left });
  }, own);
}

/** What stays pending of a creation that was not done: the one before it, whose answer was lost, may still have been done. */
function leftOf({ creation, protect, file }: Pending): Pending {
  if (creation?.before === undefined) return {};
  return {
    creation: { at: creation.before },
    ...(protect && { protect }),
    ...(file !== undefined && { file }),
  };
}

/** The inventory after a wait that failed: a job that did not succeed has to be run again. */
export function withoutJob(inventory: Inventory, address: Address): Inventory {
  const before = inventory.pending?.[address];
  return before
    ? withPending(inventory, address, clean({ ...before, job: undefined, jobSent: undefined }))
    : inventory;
}

/** Notes what is pending for an address. An empty `pending` is taken out, so that a finished run leaves none behind. */
export function withPending(inventory: Inventory, address: Address, pending: Pending): Inventory {
  const { pending: before = {}, ...rest } = inventory;
  const { [address]: _replaced, ...others } = before;
  const after: { readonly [address: Address]: Pending } =
    Object.keys(pending).length === 0 ? others : { ...others, [address]: pending };
  return Object.keys(after).length === 0 ? rest : { ...rest, pending: after };
}

function clean(pending: { readonly [member in keyof Pending]: Pending[member] | undefined }): Pending {
  return Object.fromEntries(Object.entries(pending).filter(([, value]) => value !== undefined));
}

/** By address, one part of what earlier runs left undone: `pendingParts(inventory, "creation")`. */
export function pendingParts<Part extends keyof Pending>(
  inventory: Inventory,
  part: Part,
): Map<Address, NonNullable<Pending[Part]>> {
  const all = Object.entries(inventory.pending ?? {}) as [Address, Pending][];
  return new Map(
    all.flatMap(([address, pending]) => {
      const value = pending[part];
      return value === undefined || value === null ? [] : [[address, value]];
    }),
  );
}
