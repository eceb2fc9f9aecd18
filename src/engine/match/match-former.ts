import { kindOf, type Address } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import { fitsAsItStands, stepsAside } from "../../core/diff/formers.ts";
import { findKind } from "../../core/kind/kind.ts";
import type { Former, Inventory } from "../../core/model/inventory.ts";
import type { Found } from "../../core/model/live.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { adoptCommands, describeCandidates } from "./candidates.ts";
import type { ReadInput } from "./read-input.ts";

/*
 * Which object has an address while another one steps aside for it (core/steps/step-aside.ts). The inventory owns the former one until
 * it hears of the new one. A run that ended between the call and its answer leaves both: the new one has the name, the former one
 * its id in the inventory.
 */

/** What may have an address. */
export type Place = {
  /** Those of which one has it; several are a person's to decide. */
  readonly candidates: readonly Found[];
  /** A new one has it, and the inventory does not know that yet. */
  readonly isTaken: boolean;
  /** That its name is taken by somebody's object meanwhile. */
  readonly refusals: readonly Problem[];
};

/** `byId`: what the inventory owns; `free`: what has the natural key and is owned by no address. */
export function findPlace(
  input: ReadInput,
  subject: { readonly address: Address; readonly desired: Desired | undefined },
  {
    byId,
    free,
    listing,
  }: {
    readonly byId: Found | undefined;
    readonly free: readonly Found[];
    readonly listing: readonly Found[];
  },
): Place {
  const { address, desired } = subject;
  const formers = formersOf(input.inventory, address);
  const isVacated =
    byId !== undefined && (hasSteppedAside(formers, byId) || isInFormer(input, desired, byId));
  if (isVacated && free.length > 0) {
    if (isAwaited(input, address, desired)) return { candidates: free, isTaken: true, refusals: [] };
    return {
      candidates: [byId],
      isTaken: false,
      refusals: hasSteppedAside(formers, byId) ? [nameTaken(address, free, desired)] : [],
    };
  }
  if (byId) return { candidates: [byId], isTaken: false, refusals: [] };
  if (free.length > 0) return { candidates: free, isTaken: false, refusals: [] };
  // The new object is gone. The former one remains and has all its values, so it takes the address again.
  const last = listing.filter((one) => hasSteppedAside(formers, one)).slice(-1);
  return { candidates: last, isTaken: last.length > 0, refusals: [] };
}

/**
 * The object that stepped aside and that the file asks for again, as when a commit is reverted while the replacement is unfinished.
 * It still exists with all its data, so it gets its address back, and no third object is made. Not for an object in which other
 * declared objects stand (a service with a disk): those may have moved to the replacement already and would be deleted with it.
 */
export function findReturned(
  { inventory, kinds, state }: ReadInput,
  desired: Desired,
  { current, listing }: { readonly current: Found; readonly listing: readonly Found[] },
): Found | undefined {
  const kind = findKind(kinds, desired.kind);
  const formers = formersOf(inventory, desired.address);
  if (formers.length === 0 || !stepsAside(kind, desired) || fitsAsItStands(desired, kind, current) !== false)
    return undefined;
  const isHost = state.resources.some((one) => findKind(kinds, one.kind).partOf?.(one) === desired.address);
  if (isHost) return undefined;
  return listing.findLast(
    (one) =>
      one.id !== current.id &&
      !one.isEnded &&
      hasSteppedAside(formers, one) &&
      fitsAsItStands(desired, kind, one) === true,
  );
}

/** The object that is to be deleted and still has the name which the object at the address is to have: a run ended while it renamed them. */
export function findInTheWay(
  { inventory }: ReadInput,
  { address, name }: Desired,
  { current, listing }: { readonly current: Found; readonly listing: readonly Found[] },
): Found | undefined {
  const formers = formersOf(inventory, address);
  if (current.name === name) return undefined;
  return listing.find((one) => one.id !== current.id && one.name === name && hasSteppedAside(formers, one));
}

/** Kind and id of all objects that step aside, as `kind id`: no other address may adopt them. */
export function listFormers(inventory: Inventory): readonly string[] {
  const all = Object.entries(inventory.pending ?? {});
  return all.flatMap(([address, { formers = [] }]) =>
    formers.map(({ id }) => `${kindOf(address as Address)} ${id}`),
  );
}

function formersOf({ pending }: Inventory, address: Address): readonly Former[] {
  return pending?.[address]?.formers ?? [];
}

function hasSteppedAside(formers: readonly Former[], found: Found): boolean {
  return formers.some(({ id }) => id === found.id);
}

/** Whether an object belongs to one that has stepped aside: a disk is known by the name of its service, which has been renamed. */
function isInFormer(
  { inventory, kinds, state }: ReadInput,
  desired: Desired | undefined,
  found: Found,
): boolean {
  const declared = new Map(state.resources.map((one) => [one.address, one]));
  const host = desired && findKind(kinds, desired.kind).createdWith?.(desired, declared);
  if (host === undefined || found.name === desired?.name) return false;
  return formersOf(inventory, host).some(({ name }) => name === found.name);
}

/** Whether the creation of the new object was sent: then the object that has the name now is ours. */
function isAwaited(
  { inventory, kinds, state }: ReadInput,
  address: Address,
  desired: Desired | undefined,
): boolean {
  if (inventory.pending?.[address]?.creation) return true;
  const declared = new Map(state.resources.map((one) => [one.address, one]));
  const host = desired && findKind(kinds, desired.kind).createdWith?.(desired, declared);
  return host !== undefined && inventory.pending?.[host]?.creation !== undefined;
}

function nameTaken(address: Address, candidates: readonly Found[], desired: Desired | undefined): Problem {
  const message = `${address} stepped aside for its replacement, and somebody else made ${describeCandidates(candidates)} under its name meanwhile.`;
  const remedy = `Delete or rename that in the dashboard and run again, or let it be the replacement: ${adoptCommands(address, candidates)}.`;
  return problem("refusal", "ambiguous-name", message, remedy, {
    address,
    ...(desired && { where: desired.where }),
  });
}
