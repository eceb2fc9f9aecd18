import type { Address } from "./address.ts";
import type { ResourceChange } from "./change.ts";
import type { Desired } from "./desired.ts";
import { expandGiven, type KnownAddresses } from "./given-addresses.ts";
import type { HandOver } from "./hand-over.ts";
import { matchesAny } from "./glob.ts";
import { problem, type Problem } from "./problem.ts";

/** `--target` and `--exclude`: globs of addresses. An empty list of targets is no change at all. */
export type Selection = { readonly targets: readonly string[] | "all"; readonly excludes: readonly string[] };

/**
 * The changes that a run is about. What a target needs follows it, when it has to be made first; what needs an excluded
 * object that does not exist yet stays out with it. The rest of the file is not looked at as a plan, and a warning says so.
 */
export function selectChanges(
  changes: readonly ResourceChange[],
  desired: ReadonlyMap<Address, Desired>,
  selection: Selection,
  handOvers: ReadonlyMap<Address, HandOver>,
  before: KnownAddresses["before"],
): { readonly changes: readonly ResourceChange[]; readonly problems: readonly Problem[] } {
  const { targets, excludes } = selection;
  if (targets === "all" && excludes.length === 0) return { changes, problems: [] };
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const known = { now: changes.map(({ address }) => address), before };
  const unmatched = [
    ...expandGiven("--target", targets === "all" ? [] : targets, known).problems,
    ...expandGiven("--exclude", excludes, known).problems,
  ];
  const takers = takersOf(changes, handOvers);
  const wanted = targets === "all" ? new Set(byAddress.keys()) : withNeeds(changes, desired, targets, takers);
  const left = withGivers(withDependants(changes, desired, excludes), takers);
  const selected = changes.filter((change) => wanted.has(change.address) && !left.has(change.address));
  const outside = changes.filter((change) => change.action !== "keep" && !selected.includes(change)).length;
  return {
    changes: selected,
    problems: [...unmatched, ...(outside > 0 ? [partial(outside)] : [])],
  };
}

type Takers = ReadonlyMap<Address, readonly Address[]>;

/** What is made and shows its value once cannot be made without those that take it. */
function takersOf(changes: readonly ResourceChange[], handOvers: ReadonlyMap<Address, HandOver>): Takers {
  const made = changes.filter(({ action }) => action === "create" || action === "replace");
  const listed = new Set(changes.map((change) => change.address));
  return new Map(
    made.map(({ address }) => {
      const destinations = handOvers.get(address)?.destinations ?? [];
      return [address, destinations.map((one) => one.address).filter((one) => listed.has(one))];
    }),
  );
}

function withGivers(left: ReadonlySet<Address>, takers: Takers): ReadonlySet<Address> {
  const givers = [...takers].filter(([, addresses]) => addresses.some((address) => left.has(address)));
  return new Set([...left, ...givers.map(([address]) => address)]);
}

function withNeeds(
  changes: readonly ResourceChange[],
  desired: ReadonlyMap<Address, Desired>,
  targets: readonly string[],
  takers: Takers,
): ReadonlySet<Address> {
  const missing = new Set(
    changes
      .filter((change) => change.action === "create" || change.action === "replace")
      .map((change) => change.address),
  );
  const wanted = new Set<Address>();
  const open = changes.map((change) => change.address).filter((address) => matchesAny(targets, address));
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (wanted.has(address)) continue;
    wanted.add(address);
    open.push(...(desired.get(address)?.needs ?? []).filter((need) => missing.has(need)));
    open.push(...(takers.get(address) ?? []));
  }
  return wanted;
}

function withDependants(
  changes: readonly ResourceChange[],
  desired: ReadonlyMap<Address, Desired>,
  excludes: readonly string[],
): ReadonlySet<Address> {
  const left = new Set(
    changes.map((change) => change.address).filter((address) => matchesAny(excludes, address)),
  );
  const missing = new Set(
    changes.filter((change) => change.action === "create").map((change) => change.address),
  );
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const change of changes) {
      const needs = desired.get(change.address)?.needs ?? [];
      if (needs.some((need) => left.has(need) && missing.has(need))) left.add(change.address);
    }
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
