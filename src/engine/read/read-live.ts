import { findKind } from "../../core/kind/find-kind.ts";
import { byText, kindOf, type Address, type KindName } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import { groupBy } from "../../core/base/group.ts";
import { wasDeleted, type Owned } from "../../core/model/inventory.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { AddressOf } from "../../core/kind/scope.ts";
import type { Found, Live } from "../../core/model/live.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { findTargets, wantedOf } from "./find-targets.ts";
import { matchAll } from "../match/match-live.ts";
import { kindsOfLost } from "../match/match-lost.ts";
import type { Listings, Match, Matched } from "../match/matched.ts";
import type { ReadInput } from "../match/read-input.ts";

/**
 * `live` and `gone` together say something of every declared and every owned address; `gone` only after somebody asked by
 * id or by name. `targets` are what values refer to without declaring it.
 */
export type ReadResult = {
  readonly live: ReadonlyMap<Address, Live>;
  readonly gone: ReadonlySet<Address>;
  readonly targets: ReadonlyMap<Address, Found>;
  readonly refusals: readonly Problem[];
  /** How many live objects were listed of each kind, ours or not. */
  readonly counts: ReadonlyMap<KindName, number>;
};

/** Reads what the file declares and the inventory owns, completely or not at all: the first failed call fails the read. */
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
  const live = read.map((one) => ({
    ...one,
    found: withEnvironment(findKind(input.kinds, one.kind), one.found, addressOf),
  }));
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
    // A list may show for a while what a run has deleted.
    return [name, listed.filter(({ id }) => !wasDeleted(inventory, name, id))] as const;
  });
  return new Map(await Promise.all(pairs));
}

/** Membership is read as an id and declared as an address; an environment that is not ours stays an id. */
export function withEnvironment(kind: Kind, found: Found, addressOf: AddressOf): Found {
  if (!kind.fields["environment"]) return found;
  const { environmentId } = found;
  const environment = environmentId === undefined ? null : (addressOf(environmentId) ?? environmentId);
  return { ...found, spec: { ...found.spec, environment } };
}

/**
 * A list that lacks something proves nothing: each absent owned object is asked for by id, each absent declared one by
 * name, in batches. When the answer is there after all, the list was not complete, and nothing may be concluded from it.
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
            !wasDeleted(input.inventory, name, found.id),
        );
      });
      if (again) throw incomplete(again.address, isThere);
    }),
  );
  return new Set(matched.absent.map((one) => one.address));
}

/** What is owned and no list shows, while something else has its address: one that had stepped aside for it. */
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

/** Facets that cost calls are read where a declared field, or an entry that we own, needs them. */
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

/** Of what goes: which values go with it is told. */
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
