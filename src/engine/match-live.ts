import { findKind } from "../core/find-kind.ts";
import {
  byText,
  kindOf as kindNameOf,
  makeAddress,
  nameOf,
  type Address,
  type KindName,
} from "../core/address.ts";
import type { Desired } from "../core/desired.ts";
import { formerName } from "../core/follow-renames.ts";
import type { Owned } from "../core/inventory.ts";
import type { Found, Live } from "../core/live.ts";
import { problem, type Problem } from "../core/problem.ts";
import type { ReadInput } from "./read-live.ts";

export type Listings = ReadonlyMap<KindName, readonly Found[]>;

export type Match = {
  readonly live: Live;
  readonly desired: Desired | undefined;
  readonly owned: Owned | undefined;
};

type Absent = {
  readonly address: Address;
  readonly kind: KindName;
  readonly name: string;
  readonly owned: Owned | undefined;
  readonly declared: boolean;
};

export type Matched = {
  readonly found: readonly Match[];
  readonly absent: readonly Absent[];
  readonly refusals: readonly Problem[];
};

/** Identity: the id in the inventory first, then the natural key; what another address owns is never a match. */
export function matchAll(input: ReadInput, listings: Listings): Matched {
  const found: Match[] = [];
  const absent: Absent[] = [];
  const refusals: Problem[] = [];
  const { resources } = input.inventory;
  // Settings of the workspace are known by its id, all of them: an id is one object's within its kind.
  const taken = new Set(Object.values(resources).map((owned) => `${owned.kind} ${owned.id}`));
  const isUncertain = (address: Address): boolean => input.inventory.pending?.[address]?.creation === true;
  const declared = new Map(input.state.resources.map((desired) => [desired.address, desired]));
  for (const desired of input.state.resources) {
    const owned = resources[desired.address];
    const listing = listings.get(desired.kind) ?? [];
    const byId = owned && listing.find((one) => one.id === owned.id);
    const byName = byId
      ? [byId]
      : findNamed(input, desired, listings).filter((one) => !taken.has(`${desired.kind} ${one.id}`));
    const [only] = byName;
    if (byName.length > 1) refusals.push(ambiguous(input, desired, byName));
    if (only) {
      const makers = [desired.address, findKind(input.kinds, desired.kind).carriedBy?.(desired, declared)];
      const isOurs =
        byId ||
        makers.some((maker) => maker !== undefined && isUncertain(maker)) ||
        isDerivedFromOurs(input, desired, only);
      const matchedBy = isOurs ? "inventory" : "name";
      const live: Live = { address: desired.address, kind: desired.kind, found: only, matchedBy };
      found.push({ live, desired, owned: byId ? owned : undefined });
    } else
      absent.push({
        address: desired.address,
        kind: desired.kind,
        name: desired.name,
        owned,
        declared: true,
      });
  }
  for (const [address, owned] of Object.entries(resources) as [Address, Owned][]) {
    if (declared.has(address)) continue;
    const byId = listings.get(owned.kind)?.find((one) => one.id === owned.id);
    if (byId)
      found.push({
        live: { address, kind: owned.kind, found: byId, matchedBy: "inventory" },
        desired: undefined,
        owned,
      });
    else absent.push({ address, kind: owned.kind, name: owned.name, owned, declared: false });
  }
  return { found: [...found, ...findClaimed(input, listings, found)], absent, refusals };
}

/** What nobody declares and nobody owns, on a block that is exclusive. */
function findClaimed(
  { kinds, state }: ReadInput,
  listings: Listings,
  matches: readonly Match[],
): readonly Match[] {
  const matched = new Set(matches.map(({ live }) => live.found.id));
  return [...listings].flatMap(([name, listing]): readonly Match[] => {
    const claims = findKind(kinds, name).claims?.(state.resources);
    const claimed = listing.filter((found) => claims?.(found) && !matched.has(found.id));
    return claimed.map((found) => {
      const live: Live = { address: makeAddress(name, found.name), kind: name, found, matchedBy: "name" };
      return { live, desired: undefined, owned: undefined };
    });
  });
}

/** By its name, else by the one it had; where several have it, those of the declared environment. */
function findNamed(
  { kinds, inventory, state }: ReadInput,
  desired: Desired,
  listings: Listings,
): readonly Found[] {
  const listing = listings.get(desired.kind) ?? [];
  const named = listing.filter((one) => one.name === desired.name);
  const former = formerName(desired, kinds, state.resources);
  const candidates =
    named.length > 0 || former === undefined ? named : listing.filter((one) => one.name === former);
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

/** The twin that came with a domain of ours: nobody else's, so it is not adopted. */
function isDerivedFromOurs({ inventory }: ReadInput, desired: Desired, found: Found): boolean {
  return (
    found.derivedFrom !== undefined &&
    inventory.resources[makeAddress(desired.kind, found.derivedFrom)] !== undefined
  );
}

function ambiguous(input: ReadInput, desired: Desired, candidates: readonly Found[]): Problem {
  const ids = candidates.map((one) => one.id).sort(byText);
  const noun = findKind(input.kinds, desired.kind).noun;
  return problem(
    "refusal",
    "ambiguous-name",
    `The workspace has ${candidates.length} objects of kind ${noun} named ${desired.name}: ${ids.join(", ")}.`,
    `Rename all but one in Render's dashboard, or say which one is meant: trueup state adopt ${desired.address} ID.`,
    { where: desired.where, address: desired.address },
  );
}
