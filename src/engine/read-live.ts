import {
  byText,
  kindOf as kindNameOf,
  makeAddress,
  nameOf,
  type Address,
  type KindName,
} from "../core/address.ts";
import type { Desired, DesiredState } from "../core/desired.ts";
import { formerName } from "../core/follow-renames.ts";
import { groupBy } from "../core/group.ts";
import type { Inventory, Owned } from "../core/inventory.ts";
import type { OpenIntent } from "../core/journal.ts";
import type { Kind, Kinds, Reader, Scope, Wanted } from "../core/kind.ts";
import type { Found, Live } from "../core/live.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";

export type ReadInput = {
  readonly state: DesiredState;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly reader: Reader;
  readonly scope: Scope;
  /** Creates whose answer was lost: an object of that name is ours, not somebody else's to adopt. */
  readonly intents: readonly OpenIntent[];
};

/**
 * `live` and `gone` together say something of every declared and every owned address; `gone` only after somebody asked by
 * id or by name. `targets` are what values refer to without declaring it.
 */
export type ReadResult = {
  readonly live: ReadonlyMap<Address, Live>;
  readonly gone: ReadonlySet<Address>;
  readonly targets: ReadonlyMap<Address, Found>;
  readonly refusals: readonly Problem[];
  readonly resources: number;
};

/** Reads what the file declares and the inventory owns, completely or not at all: the first failed call fails the read. */
export async function readLive(input: ReadInput): Promise<ReadResult> {
  const listings = await listKinds(input);
  const matched = matchAll(input, listings);
  const gone = await confirmAbsent(input, matched, listings);
  const read = await Promise.all(matched.found.map((match) => readFacets(input, match)));
  const live = nameEnvironments(input, read);
  const targets = await findTargets(input, listings);
  const resources = [...listings.values()].reduce((sum, found) => sum + found.length, 0);
  return {
    live: new Map(live.map((one) => [one.address, one])),
    gone,
    targets,
    refusals: matched.refusals,
    resources,
  };
}

type Listings = ReadonlyMap<KindName, readonly Found[]>;

function wantedOf({ state, inventory }: ReadInput): Wanted {
  return { resources: state.resources, inventory };
}

async function listKinds(input: ReadInput): Promise<Listings> {
  const { state, inventory, kinds, reader, scope } = input;
  const claiming = [...kinds.values()].filter((kind) => kind.claims?.(state.resources));
  const names = new Set<KindName>([
    ...claiming.map((kind) => kind.name),
    ...state.resources.map((one) => one.kind),
    ...Object.values(inventory.resources).map((owned) => owned.kind),
  ]);
  const pairs = [...names]
    .sort(byText)
    .map(async (name) => [name, await kindOf(kinds, name).list(reader, scope, wantedOf(input))] as const);
  return new Map(await Promise.all(pairs));
}

type Match = {
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
type Matched = {
  readonly found: readonly Match[];
  readonly absent: readonly Absent[];
  readonly refusals: readonly Problem[];
};

/** Identity: the id in the inventory first, then the natural key; what another address owns is never a match. */
function matchAll(input: ReadInput, listings: Listings): Matched {
  const found: Match[] = [];
  const absent: Absent[] = [];
  const refusals: Problem[] = [];
  const { resources } = input.inventory;
  const takenIds = new Set(Object.values(resources).map((owned) => owned.id));
  const settled = new Set(
    input.intents.filter((intent) => intent.verb === "create").map((intent) => intent.address),
  );
  const declared = new Map(input.state.resources.map((desired) => [desired.address, desired]));
  for (const desired of input.state.resources) {
    const owned = resources[desired.address];
    const listing = listings.get(desired.kind) ?? [];
    const byId = owned && listing.find((one) => one.id === owned.id);
    const byName = byId ? [byId] : findNamed(input, desired, listings).filter((one) => !takenIds.has(one.id));
    const [only] = byName;
    if (byName.length > 1) refusals.push(ambiguous(input, desired, byName));
    if (only) {
      const makers = [desired.address, kindOf(input.kinds, desired.kind).carriedBy?.(desired, declared)];
      const isOurs =
        byId ||
        makers.some((maker) => maker !== undefined && settled.has(maker)) ||
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
    const claims = kindOf(kinds, name).claims?.(state.resources);
    const claimed = listing.filter((found) => claims?.(found) && !matched.has(found.id));
    return claimed.map((found) => {
      const live: Live = { address: makeAddress(name, found.name), kind: name, found, matchedBy: "name" };
      return { live, desired: undefined, owned: undefined };
    });
  });
}

/** By its name, else by the one it had; where several have it, those of the declared environment. */
function findNamed({ kinds, inventory }: ReadInput, desired: Desired, listings: Listings): readonly Found[] {
  const listing = listings.get(desired.kind) ?? [];
  const named = listing.filter((one) => one.name === desired.name);
  const former = formerName(desired, kinds);
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

function nameEnvironments({ kinds }: ReadInput, live: readonly Live[]): readonly Live[] {
  const addresses = new Map(live.map((one) => [one.found.id, one.address]));
  return live.map((one) => ({
    ...one,
    found: withEnvironment(kindOf(kinds, one.kind), one.found, addresses),
  }));
}

/** Membership is read as an id and declared as an address; an environment that is not ours stays an id. */
export function withEnvironment(kind: Kind, found: Found, addresses: ReadonlyMap<string, Address>): Found {
  if (!kind.fields["environment"]) return found;
  const { environmentId } = found;
  const environment = environmentId === undefined ? null : (addresses.get(environmentId) ?? environmentId);
  return { ...found, spec: { ...found.spec, environment } };
}

function ambiguous(input: ReadInput, desired: Desired, candidates: readonly Found[]): Problem {
  const ids = candidates.map((one) => one.id).sort(byText);
  const noun = kindOf(input.kinds, desired.kind).noun;
  return problem(
    "refusal",
    "ambiguous-name",
    `The workspace has ${candidates.length} objects of kind ${noun} named ${desired.name}: ${ids.join(", ")}.`,
    `Rename all but one in Render's dashboard, or say which one is meant: trueup state adopt ${desired.address} ID.`,
    { where: desired.where, address: desired.address },
  );
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
  const { kinds, reader, scope } = input;
  await Promise.all(
    matched.absent.map(async ({ address, kind, owned }) => {
      if (owned && (await kindOf(kinds, kind).findById(reader, owned.id))) throw incomplete(address);
    }),
  );
  const byKind = groupBy(
    matched.absent.filter((one) => one.declared),
    (one) => one.kind,
  );
  await Promise.all(
    [...byKind].map(async ([name, absent]) => {
      const present = await kindOf(kinds, name).findByName(
        reader,
        scope,
        absent.map((one) => one.name),
        wantedOf(input),
      );
      const listed = new Set(listings.get(name)?.map((found) => found.id));
      const again = absent.find((one) =>
        present.some(
          (found) => found.name === one.name && found.id !== one.owned?.id && !listed.has(found.id),
        ),
      );
      if (again) throw incomplete(again.address);
    }),
  );
  return new Set(matched.absent.map((one) => one.address));
}

function incomplete(address: Address): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `${address} is missing from a list but exists when asked for by itself, so the list was not complete.`,
      "Nothing was concluded from it and nothing was written. Run again.",
      { address },
    ),
  ]);
}

/** Facets that cost calls are read where a declared field, or an entry that we own, needs them. */
async function readFacets(input: ReadInput, match: Match): Promise<Live> {
  const { desired, owned, live } = match;
  const kind = kindOf(input.kinds, live.kind);
  if (!desired) return live;
  const specs = await Promise.all(
    [...neededFacets(kind, desired, owned)].sort(byText).map(async (facet) => {
      const read = kind.facets[facet];
      return read ? read(input.reader, live.found, input.scope) : {};
    }),
  );
  const spec = specs.reduce((all, one) => ({ ...all, ...one }), live.found.spec);
  return { ...live, found: { ...live.found, spec } };
}

export function neededFacets(kind: Kind, desired: Desired, owned: Owned | undefined): ReadonlySet<string> {
  const facets = new Set<string>();
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = desired.spec[name];
    const isEmpty =
      field.entries &&
      !field.entries.ordered &&
      typeof value === "object" &&
      value !== null &&
      Object.keys(value).length === 0;
    const isExclusive = field.exclusiveOf !== undefined && value === true;
    const isDeclared = value !== undefined && !isEmpty && field.onChange !== "none";
    const isOwned = Object.keys(owned?.fields ?? {}).some(
      (key) => key === name || key.startsWith(`${name}.`),
    );
    if (isExclusive || isDeclared || (isOwned && field.entries)) facets.add(field.facet);
  }
  return facets;
}

/** Referred to, declared nowhere: must exist in the workspace under exactly one object of that name. */
async function findTargets(input: ReadInput, listings: Listings): Promise<ReadonlyMap<Address, Found>> {
  const { kinds, reader, scope } = input;
  const problems: Problem[] = [];
  const targets = new Map<Address, Found>();
  const byKind = groupBy(input.state.targets, (target) => target.kind);
  await Promise.all(
    [...byKind].map(async ([name, wanted]) => {
      const listing =
        listings.get(name) ??
        (await kindOf(kinds, name).findByName(
          reader,
          scope,
          wanted.map((target) => target.name),
          wantedOf(input),
        ));
      for (const target of wanted) {
        const [only, ...others] = listing.filter((found) => found.name === target.name);
        if (only && others.length === 0) targets.set(target.address, only);
        else problems.push(unknownTarget(target, others.length > 0 ? "more than one object" : "nothing"));
      }
    }),
  );
  if (problems.length > 0) throw new ProblemError(problems);
  return targets;
}

function unknownTarget(target: DesiredState["targets"][number], found: string): Problem {
  return problem(
    "error",
    "unknown-target",
    `The file refers to ${target.address}, which it does not declare, and the workspace has ${found} of that name.`,
    "Declare it in the file, or correct the name.",
    { where: target.where, address: target.address },
  );
}

function kindOf(kinds: Kinds, name: KindName): Kind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no such kind: ${name}`);
  return kind;
}
