import { byText, kindOf, type Address, type KindName } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import { groupBy } from "../../core/base/group.ts";
import { wasDeleted, type Inventory, type Owned } from "../../core/model/inventory.ts";
import { type Kind, findKind } from "../../core/kind/kind.ts";
import type { AddressOf } from "../../core/kind/scope.ts";
import type { Found, Live } from "../../core/model/live.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { findTargets, wantedOf } from "./find-targets.ts";
import { matchAll } from "../match/match-live.ts";
import { kindsOfLost } from "../match/match-lost.ts";
import type { Listings, Match, Matched } from "../match/matched.ts";
import { findNotInFile } from "../match/not-in-file.ts";
import type { ReadInput } from "../match/read-input.ts";

/** What a read of the accounts has found. Each declared and each owned address is in `live`, in `gone`, or in a refusal. */
export type ReadResult = {
  /** The live object of each address, with the fields that the plan needs. */
  readonly live: ReadonlyMap<Address, Live>;
  /** Addresses without a live object. Each was asked for by its id or its name too: a list that lacks it is not enough. */
  readonly gone: ReadonlySet<Address>;
  /** Objects that values of the files refer to, and that the files do not declare. */
  readonly targets: ReadonlyMap<Address, Found>;
  /** Addresses for which several objects come into question, and a person has to decide. */
  readonly refusals: readonly Problem[];
  /** How many live objects of each kind were listed, those that trueup does not manage included. */
  readonly counts: ReadonlyMap<KindName, number>;
};

/**
 * Reads all that the files declare and the inventory owns, completely or not at all: it throws when one call fails, and
 * `incomplete-read` when a list lacks an object that another call shows.
 */
export async function readLive(input: ReadInput): Promise<ReadResult> {
  const listings = await listKinds(input);
  const unshown = input.young?.find(
    ({ address, id }) => !listings.get(kindOf(address))?.some((found) => found.id === id),
  );
  if (unshown) throw incomplete(unshown.address, "a run made it minutes ago");
  const matched = matchAll(input, listings);
  const gone = await confirmAbsent(input, matched, listings);
  const targets = await findTargets(input, listings);
  const others = Object.entries(input.others ?? {}) as [Address, Owned][];
  const addresses = new Map([
    ...others.map(([address, { id }]) => [id, address] as const),
    ...[...targets].map(([address, found]) => [found.id, address] as const),
    ...matched.found.map(({ live: { found, address } }) => [found.id, address] as const),
  ]);
  const addressOf = (id: string): Address | undefined => addresses.get(id);
  const read = await Promise.all(matched.found.map((match) => readFacets(input, match, addressOf)));
  const extras = findNotInFile(input, listings, matched.found);
  const live = read.map((one) => {
    const notInFile = extras.get(one.address);
    const found = withEnvironment(findKind(input.kinds, one.kind), one.found, addressOf);
    return { ...one, found, ...(notInFile && { notInFile }) };
  });
  return {
    live: new Map(live.map((one) => [one.address, one])),
    gone,
    targets,
    refusals: matched.refusals,
    counts: new Map([...listings].map(([name, found]) => [name, found.filter((one) => !one.isEnded).length])),
  };
}

async function listKinds(input: ReadInput): Promise<Listings> {
  const { state, inventory, kinds, readers, scope } = input;
  const claiming = [...kinds.values()].filter((kind) => kind.claims?.(state.resources));
  const whole = kindsOfLost(input);
  const names = new Set<KindName>([
    ...claiming.map((kind) => kind.name),
    ...state.resources.map((one) => one.kind),
    ...Object.values(inventory.resources).map((owned) => owned.kind),
    ...whole,
  ]);
  const pairs = [...names].sort(byText).map(async (name) => {
    const kind = findKind(kinds, name);
    const wanted = whole.has(name) ? { ...wantedOf(input), everything: true as const } : wantedOf(input);
    const listed = await kind.list(readers[kind.provider], scope, wanted);
    return [name, listed.filter(({ id }) => !isShownLate(inventory, kind, id))] as const;
  });
  return new Map(await Promise.all(pairs));
}

/** Puts the environment of an object into its fields as an address. The API says it as an id; one whose address is not known stays an id. */
export function withEnvironment(kind: Kind, found: Found, addressOf: AddressOf): Found {
  if (!kind.fields["environment"]) return found;
  const { environmentId } = found;
  const environment = environmentId === undefined ? null : (addressOf(environmentId) ?? environmentId);
  return { ...found, spec: { ...found.spec, environment } };
}

/**
 * Asks for each object that a list lacks by itself, since a list alone proves nothing: an owned object by its id, a declared one
 * by its name, in batches. When one of them exists after all, the list was not complete and nothing may be concluded from it.
 */
async function confirmAbsent(
  input: ReadInput,
  matched: Matched,
  listings: Listings,
): Promise<ReadonlySet<Address>> {
  const { kinds, confirming, scope } = input;
  const declared = new Map(input.state.resources.map((desired) => [desired.address, desired]));
  await Promise.all(
    [...matched.absent, ...listUnseated(input, matched, listings)].map(
      async ({ address, kind: name, owned }) => {
        const kind = findKind(kinds, name);
        if (owned && (await kind.findById(confirming[kind.provider], owned.id)))
          throw incomplete(address, isThere);
      },
    ),
  );
  const byKind = groupBy(
    matched.absent.filter((one) => one.declared),
    (one) => one.kind,
  );
  await Promise.all(
    [...byKind].map(async ([name, absent]) => {
      const kind = findKind(kinds, name);
      const isAnew = input.confirmsNew === true || absent.some(({ owned }) => owned !== undefined);
      const present = await kind.findByName(
        (isAnew ? confirming : input.readers)[kind.provider],
        scope,
        absent.map((one) => one.name),
        wantedOf(input),
      );
      const listed = new Set(listings.get(name)?.map((found) => found.id));
      const again = absent.find((one) => {
        const desired = declared.get(one.address);
        return present.some(
          (found) =>
            ((desired && kind.identifies?.(desired, found)) ?? found.name === one.name) &&
            found.id !== one.owned?.id &&
            !listed.has(found.id) &&
            !isShownLate(input.inventory, kind, found.id),
        );
      });
      if (again) throw incomplete(again.address, isThere);
    }),
  );
  return new Set(matched.absent.map((one) => one.address));
}

/** Whether a list may show for a while what a run has deleted: an object that is no more. */
function isShownLate(inventory: Inventory, { name, reusesIds }: Kind, id: string): boolean {
  return !reusesIds && wasDeleted(inventory, name, id);
}

/** Owned objects that no list shows while another object has their address: that one took their place in a replacement. */
function listUnseated({ inventory }: ReadInput, { found }: Matched, listings: Listings) {
  return found.flatMap(({ live: { address, kind, found: shown } }) => {
    const owned = inventory.resources[address];
    const isListed = listings.get(kind)?.some(({ id }) => id === owned?.id);
    return owned && owned.id !== shown.id && !isListed ? [{ address, kind, owned }] : [];
  });
}

const isThere = "exists when asked for by itself";

function incomplete(address: Address, but: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `${address} is missing from a list but ${but}: the list lags behind what was made a short while ago, or was not complete.`,
      "Nothing was concluded from it and nothing was written. Run again in a minute or two.",
      { address },
    ),
  ]);
}

/** Reads the fields of an object that need calls of their own, where a declared field or an owned entry needs them. */
async function readFacets(input: ReadInput, match: Match, addressOf: AddressOf): Promise<Live> {
  const { desired, owned, live } = match;
  const kind = findKind(input.kinds, live.kind);
  const facets = desired ? neededFacets(kind, desired, owned) : valueFacets(kind);
  if (!owned && !desired) return live;
  const specs = await Promise.all(
    [...facets].sort(byText).map(async (facet) => {
      const read = kind.facets[facet];
      return read ? read(input.readers[kind.provider], live.found, input.scope, addressOf) : {};
    }),
  );
  const spec = specs.reduce((all, one) => ({ ...all, ...one }), live.found.spec);
  return { ...live, found: { ...live.found, spec } };
}

/** Facets to read of an object that is to be deleted: the plan tells which variables go with it. */
function valueFacets({ fields }: Kind): ReadonlySet<string> {
  const lists = Object.values(fields).filter(({ entries, value }) => entries && value);
  return new Set(lists.map(({ facet }) => facet));
}

function neededFacets(kind: Kind, desired: Desired, owned: Owned | undefined): ReadonlySet<string> {
  const facets = new Set<string>();
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = desired.spec[name];
    const isEmpty =
      field.entries && typeof value === "object" && (value === null || Object.keys(value).length === 0);
    const isExclusive = field.exclusiveOf !== undefined && value === true;
    const isDeclared = value !== undefined && !isEmpty && field.onChange !== "none";
    const isOwned = Object.keys(owned?.fields ?? {}).some(
      (key) => key === name || key.startsWith(`${name}.`),
    );
    if (isExclusive || isDeclared || (isOwned && field.entries)) facets.add(field.facet);
  }
  return facets;
}
