import { kindOf as kindNameOf, makeAddress, nameOf, type Address } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import { formerName } from "../../core/owners/follow-renames.ts";
import type { Owned } from "../../core/model/inventory.ts";
import type { Found, Live } from "../../core/model/live.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import { adoptCommands, describeCandidates } from "./candidates.ts";
import { matchLost } from "./match-lost.ts";
import { joinMatched, type Listings, type Match, type Matched } from "./matched.ts";
import { findInTheWay, findPlace, findReturned, listFormers } from "./match-former.ts";
import { findDropped, findNewObjects, listNewObjects } from "./match-new-object.ts";
import type { ReadInput } from "./read-input.ts";

/**
 * Decides which live object each declared or owned address means: first by the id in the inventory, then by the natural key (the
 * name, for most kinds). An object that another address owns is never a match.
 */
export function matchAll(input: ReadInput, listings: Listings): Matched {
  const { resources } = input.inventory;
  // Settings of the workspace all have the workspace's id, so an id means one object only together with its kind.
  const owned = [...Object.values(resources), ...Object.values(input.others ?? {})];
  const taken = new Set([
    ...owned.map(({ kind, id }) => `${kind} ${id}`),
    ...listFormers(input.inventory),
    ...listNewObjects(input, listings),
  ]);
  const declared = new Map(input.state.resources.map((desired) => [desired.address, desired]));
  const dropped = (Object.entries(resources) as [Address, Owned][]).filter(
    ([address]) => !declared.has(address),
  );
  const known = joinMatched([
    ...input.state.resources.map((desired) => matchDeclared(input, desired, { listings, taken, declared })),
    ...dropped.map(([address, one]) => matchDropped(input, { listings, taken }, address, one)),
  ]);
  const matched = known.found.map(({ live }) => `${live.kind} ${live.found.id}`);
  const all = joinMatched([known, matchLost(input, listings, new Set([...taken, ...matched]))]);
  return { ...all, found: [...all.found, ...findClaimed(input, listings, all.found)] };
}

function matchDeclared(
  input: ReadInput,
  desired: Desired,
  among: {
    readonly listings: Listings;
    /** What any address owns, as kind and id. */
    readonly taken: ReadonlySet<string>;
    readonly declared: ReadonlyMap<Address, Desired>;
  },
): Matched {
  const { listings, taken, declared } = among;
  const { address, kind, name } = desired;
  const owned = input.inventory.resources[address];
  const listing = listings.get(kind) ?? [];
  const byId = owned && listing.find((one) => one.id === owned.id);
  const free = findNamed(input, desired, listings).filter((one) => !taken.has(`${kind} ${one.id}`));
  const place = findPlace(input, { address, desired }, { byId, free, listing });
  const byName = place.candidates;
  const newObjects = newObjectsOf(input, desired, listing, byId?.id);
  // The former object is gone, and the run ended before it noted that. The object that takes its place is there.
  const [only = newObjects[0]] = byName;
  const refusals = [byName, newObjects].flatMap((candidates) =>
    candidates.length > 1 ? [ambiguous(input, desired, candidates)] : [],
  );
  refusals.push(...place.refusals);
  if (only && only === byId && place.refusals.length === 0)
    refusals.push(...refuseTakenName(input, desired, { own: only, free }));
  if (!only) return { found: [], absent: [{ address, kind, name, owned, declared: true }], refusals };
  const isUncertain = (maker: Address | undefined): boolean =>
    maker !== undefined && input.inventory.pending?.[maker]?.creation !== undefined;
  const isOurs =
    byId ||
    place.isTaken ||
    newObjects.includes(only) ||
    isUncertain(address) ||
    isUncertain(findKind(input.kinds, kind).createdWith?.(desired, declared)) ||
    isDerivedFromOurs(input, desired, only);
  const matchedBy = isOurs ? "inventory" : "name";
  const [newObject] = newObjects.filter((one) => one.id !== only.id);
  const returned = isOurs ? findReturned(input, desired, { current: only, listing }) : undefined;
  if (returned) {
    const live: Live = { address, kind, found: returned, matchedBy: "inventory", displaced: only };
    return { found: [{ live: { ...live, tookPlace: true }, desired, owned }], absent: [], refusals };
  }
  const isTaken = place.isTaken || (owned !== undefined && newObjects.includes(only));
  const displaced = isOurs ? findInTheWay(input, desired, { current: only, listing }) : undefined;
  const beside = {
    ...(newObject && { newObject }),
    ...(isTaken && { tookPlace: true as const }),
    ...(displaced && { displaced }),
  };
  const live: Live = { address, kind, found: only, matchedBy, ...beside };
  return { found: [{ live, desired, owned: byId ? owned : undefined }], absent: [], refusals };
}

function matchDropped(
  input: ReadInput,
  { listings, taken }: { readonly listings: Listings; readonly taken: ReadonlySet<string> },
  address: Address,
  owned: Owned,
): Matched {
  const { kind, name, id } = owned;
  const listing = listings.get(kind) ?? [];
  const free = listing.filter((one) => one.name === name && !taken.has(`${kind} ${one.id}`));
  const own = listing.find((one) => one.id === id);
  // An object whose creation was not answered is looked for by its name only when another one stepped aside for it.
  const isReplaced = input.inventory.pending?.[address]?.formers !== undefined;
  const place = isReplaced
    ? findPlace(input, { address, desired: undefined }, { byId: own, free: own ? free : [], listing })
    : undefined;
  const byId = place ? place.candidates[0] : own;
  const [newObject] = findDropped(input, address, listing);
  const only = byId ?? newObject;
  const beside = byId && newObject ? { newObject } : {};
  if (!only) return { found: [], absent: [{ address, kind, name, owned, declared: false }], refusals: [] };
  const tookPlace = place?.isTaken ? { tookPlace: true as const } : {};
  const live: Live = { address, kind, found: only, matchedBy: "inventory", ...beside, ...tookPlace };
  return { found: [{ live, desired: undefined, owned }], absent: [], refusals: [] };
}

function newObjectsOf(
  { inventory, kinds }: ReadInput,
  desired: Desired,
  listing: readonly Found[],
  ownId: string | undefined,
): readonly Found[] {
  const kind = findKind(kinds, desired.kind);
  const isSame = (one: Found): boolean => isDeclared(kind, desired, one);
  return findNewObjects(inventory.pending?.[desired.address], { kind, listing, isSame, ownId });
}

/** Whether a live object has the natural key of a declared one: what the kind says identifies it, else the name. */
export function isDeclared(kind: Kind, desired: Desired, found: Found): boolean {
  return kind.identifies?.(desired, found) ?? found.name === desired.name;
}

/** Live objects that no file declares and no inventory owns, but that a declared block with `exclusive` claims: they are to be deleted. */
function findClaimed(
  { kinds, state, others = {} }: ReadInput,
  listings: Listings,
  matches: readonly Match[],
): readonly Match[] {
  const ids = [...matches.map(({ live }) => live.found.id), ...Object.values(others).map(({ id }) => id)];
  const matched = new Set(ids);
  return [...listings].flatMap(([name, listing]): readonly Match[] => {
    const claims = findKind(kinds, name).claims?.(state.resources);
    const claimed = listing.filter((found) => claims?.(found) && !matched.has(found.id));
    return claimed.map((found) => {
      const live: Live = { address: makeAddress(name, found.name), kind: name, found, matchedBy: "name" };
      return { live, desired: undefined, owned: undefined };
    });
  });
}

/** Objects of the declared name, else of the name before (`renamedFrom`). Of several, those in the declared environment. */
function findNamed(
  { kinds, inventory, state }: ReadInput,
  desired: Desired,
  listings: Listings,
): readonly Found[] {
  const listing = listings.get(desired.kind) ?? [];
  const kind = findKind(kinds, desired.kind);
  const { besides: lookalikes = [] } = inventory.pending?.[desired.address] ?? {};
  const named = listing.filter(
    (one) => !one.isEnded && isDeclared(kind, desired, one) && !lookalikes.includes(one.id),
  );
  const former = formerName(desired, kinds, state.resources);
  // An object of a name that another block has is that block's.
  const isFree = !state.resources.some((one) => one.kind === desired.kind && one.name === former);
  const candidates =
    named.length > 0 || former === undefined || !isFree
      ? named
      : listing.filter((one) => one.name === former);
  const { environment } = desired;
  if (!environment) return candidates;
  const within = listings
    .get(kindNameOf(environment))
    ?.find((one) => one.id === inventory.resources[environment]?.id || one.name === nameOf(environment));
  const inside = candidates.filter((one) => within && one.environmentId === within.id);
  // An address that carries its environment means the object there and no other.
  const isQualified = desired.address !== makeAddress(desired.kind, desired.name);
  return inside.length > 0 || isQualified ? inside : candidates;
}

/** Whether Render made the object along with one of ours: `www.example.com` comes with `example.com`. It needs no adoption. */
function isDerivedFromOurs({ inventory }: ReadInput, desired: Desired, found: Found): boolean {
  return (
    found.derivedFrom !== undefined &&
    inventory.resources[makeAddress(desired.kind, found.derivedFrom)] !== undefined
  );
}

/** The refusal of a rename in place to a name that somebody else's object has: most lists of Render would then show two of it. */
function refuseTakenName(
  { kinds }: ReadInput,
  desired: Desired,
  { own, free }: { readonly own: Found; readonly free: readonly Found[] },
): readonly Problem[] {
  const { address, name, where } = desired;
  const kind = findKind(kinds, desired.kind);
  const others = free.filter((one) => one.id !== own.id && one.name === name);
  if (!kind.rename || own.name === name || others.length === 0) return [];
  const message = `${kind.noun} ${own.name} (${own.id}) is to be renamed to ${name}, and ${describeCandidates(others)} has that name and is not ours.`;
  const remedy =
    "Choose another name, or rename or delete that one in the dashboard: two of one name cannot be told apart.";
  return [problem("refusal", "name-taken", message, remedy, { where, address })];
}

function ambiguous(input: ReadInput, desired: Desired, candidates: readonly Found[]): Problem {
  const { address, where } = desired;
  const noun = findKind(input.kinds, desired.kind).noun;
  const pending = input.inventory.pending?.[address];
  const lost =
    pending?.creation || pending?.successor
      ? " One of them may be ours: an answer to its creation was lost."
      : "";
  const message = `There are ${candidates.length} objects of kind ${noun} named ${desired.name}: ${describeCandidates(candidates)}.${lost}`;
  const remedy = `Say which one is meant: ${adoptCommands(address, candidates)}. Or rename or delete all but one in the dashboard.`;
  return problem("refusal", "ambiguous-name", message, remedy, { where, address });
}
