import type { Address } from "../base/address.ts";
import type { Action, ResourceChange } from "../model/change.ts";
import type { Desired } from "../model/desired.ts";
import { expandGiven, type KnownAddresses } from "./given-addresses.ts";
import type { ValueDelivery } from "../rotation/deliveries.ts";
import { matchesAny } from "../base/glob.ts";
import { groupBy } from "../base/group.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Kinds } from "../kind/kind.ts";
import { problem, type Problem } from "../base/problem.ts";

/** The globs of `--target` and `--exclude`. `"all"`: no `--target` was given; an empty list selects nothing. */
export type Selection = { readonly targets: readonly string[] | "all"; readonly excludes: readonly string[] };

/** What a selection is made from. */
export type SelectionInput = {
  readonly selection: Selection;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly inventory: Pick<Inventory, "resources">;
  readonly kinds: Kinds;
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  readonly known: KnownAddresses;
};

/**
 * The changes that a run is about; a warning tells how many are left out.
 *
 *     selected or excluded                           what comes along
 *     a target                                       what it needs, where that has to be made first
 *     a target that is deleted or replaced           what stands in it: a disk, a domain
 *     a target whose new value is shown once         the resources that take that value
 *     excluded, and does not exist yet               what needs it stays out as well
 *     excluded, and stands in what is to be deleted  that stays as well
 *     excluded, and takes a value shown once         what gives that value stays as well
 */
export function selectChanges(
  changes: readonly ResourceChange[],
  { selection, desired, inventory, kinds, deliveries, known: { now, before } }: SelectionInput,
): { readonly changes: readonly ResourceChange[]; readonly problems: readonly Problem[] } {
  const { targets, excludes } = selection;
  if (targets === "all" && excludes.length === 0) return { changes, problems: [] };
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  // A `destroy` that is run again names addresses that are still declared and have no change any more.
  const known = { now: [...byAddress.keys(), ...now], before };
  const unmatched = [
    ...expandGiven("--target", targets === "all" ? [] : targets, known).problems,
    ...expandGiven("--exclude", excludes, known).problems,
  ];
  const takers = takersOf(changes, deliveries);
  const guests = findGuests(changes, { desired, inventory, kinds });
  const wanted =
    targets === "all"
      ? new Set(byAddress.keys())
      : withNeeds(changes, { desired, kinds }, targets, joinFollowers(takers, guests));
  const left = withGivers(withHosts(withDependants(changes, { desired, kinds }, excludes), guests), takers);
  const selected = changes.filter((change) => wanted.has(change.address) && !left.has(change.address));
  const outside = changes.filter((change) => change.action !== "keep" && !selected.includes(change)).length;
  return {
    changes: selected,
    problems: [...unmatched, ...(outside > 0 ? [partial(outside)] : [])],
  };
}

type Takers = ReadonlyMap<Address, readonly Address[]>;

/** A resource that stands in another one, its host. `isMadeAnew`: it is replaced only because its host is. */
type Guest = { readonly host: Address; readonly guest: Address; readonly isMadeAnew: boolean };

/** All resources that stand in one which is deleted or replaced. */
function findGuests(
  changes: readonly ResourceChange[],
  { desired, inventory, kinds }: Pick<SelectionInput, "desired" | "inventory" | "kinds">,
): readonly Guest[] {
  const going = new Set(
    changes.flatMap(({ action, address, due }) =>
      action === "delete" || action === "replace" || due?.formers ? [address] : [],
    ),
  );
  return changes.flatMap(({ address: guest, kind: name, action }): readonly Guest[] => {
    const kind = kinds.get(name);
    if (!kind?.partOf) return [];
    const wanted = desired.get(guest);
    const next = wanted && kind.partOf(wanted);
    const hosts = new Set([...(next ? [next] : []), ...(inventory.resources[guest]?.needs ?? [])]);
    return [...hosts]
      .filter((host) => going.has(host))
      .map((host) => ({ host, guest, isMadeAnew: host === next && action === "replace" }));
  });
}

function joinFollowers(takers: Takers, guests: readonly Guest[]): Takers {
  const byHost = groupBy(guests, ({ host }) => host);
  return new Map(
    [...takers.keys(), ...byHost.keys()].map((address) => [
      address,
      [...(takers.get(address) ?? []), ...(byHost.get(address) ?? []).map(({ guest }) => guest)],
    ]),
  );
}

/** What is left out, once hosts of excluded guests stay, and with them the guests that would only have been made anew. */
function withHosts(left: ReadonlySet<Address>, guests: readonly Guest[]): ReadonlySet<Address> {
  const hosts = guests.flatMap(({ host, guest }) => (left.has(guest) ? [host] : []));
  const staying = new Set([...left, ...hosts]);
  return new Set([
    ...staying,
    ...guests.flatMap(({ host, guest, isMadeAnew }) => (isMadeAnew && staying.has(host) ? [guest] : [])),
  ]);
}

/** By address of what is made and shows a value once, the resources that take the value: it is not made without them. */
function takersOf(
  changes: readonly ResourceChange[],
  deliveries: ReadonlyMap<Address, ValueDelivery>,
): Takers {
  const made = changes.filter(({ action }) => action === "create" || action === "replace");
  const listed = new Set(changes.map((change) => change.address));
  return new Map(
    made.map(({ address }) => {
      const destinations = deliveries.get(address)?.destinations ?? [];
      return [address, destinations.map((one) => one.address).filter((one) => listed.has(one))];
    }),
  );
}

function withGivers(left: ReadonlySet<Address>, takers: Takers): ReadonlySet<Address> {
  const givers = [...takers].filter(([, addresses]) => addresses.some((address) => left.has(address)));
  return new Set([...left, ...givers.map(([address]) => address)]);
}

/** Finds what must be made before a change: what it needs and is new, and its host, also where that is only to be adopted. */
function findMissing(
  changes: readonly ResourceChange[],
  { desired, kinds }: Pick<SelectionInput, "desired" | "kinds">,
): (change: ResourceChange, actions: readonly Action[]) => readonly Address[] {
  const actionOf = new Map(changes.map(({ address, action }) => [address, action]));
  return ({ address, kind }, actions) => {
    const wanted = desired.get(address);
    if (!wanted) return [];
    const host = kinds.get(kind)?.partOf?.(wanted);
    const made = wanted.needs.filter((need) => actions.includes(actionOf.get(need) ?? "keep"));
    return host !== undefined && actionOf.get(host) === "adopt" ? [...made, host] : made;
  };
}

function withNeeds(
  changes: readonly ResourceChange[],
  facts: Pick<SelectionInput, "desired" | "kinds">,
  targets: readonly string[],
  takers: Takers,
): ReadonlySet<Address> {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const missing = findMissing(changes, facts);
  const wanted = new Set<Address>();
  const open = [...byAddress.keys()].filter((address) => matchesAny(targets, address));
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (wanted.has(address)) continue;
    wanted.add(address);
    const change = byAddress.get(address);
    if (change) open.push(...missing(change, ["create", "replace"]));
    open.push(...(takers.get(address) ?? []));
  }
  return wanted;
}

function withDependants(
  changes: readonly ResourceChange[],
  facts: Pick<SelectionInput, "desired" | "kinds">,
  excludes: readonly string[],
): ReadonlySet<Address> {
  const left = new Set(
    changes.map((change) => change.address).filter((address) => matchesAny(excludes, address)),
  );
  const missing = findMissing(changes, facts);
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const change of changes)
      if (missing(change, ["create"]).some((need) => left.has(need))) left.add(change.address);
  }
  return left;
}

function partial(count: number): Problem {
  const what = count === 1 ? "1 change is" : `${count} changes are`;
  return problem(
    "warning",
    "partial-plan",
    `${what} left out by --target or --exclude.`,
    "Plan without them before you rely on the account being equal to the file.",
  );
}
