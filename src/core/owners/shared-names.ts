import { kindOf } from "../base/address.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Desired } from "../model/desired.ts";
import type { Owned } from "../model/inventory.ts";
import type { Owners } from "./file-owners.ts";

/**
 * Names that the given files have in one environment and a file that was not given in another: `render/service api`. They get
 * the addresses that they have when all files are given, so that no run takes one for the other.
 *
 *     apply -f production.yaml -f staging.yaml    api@shop/production, api@shop/staging
 *     apply -f staging.yaml                       api@shop/staging, and the other one stays untouched
 */
export function sharedNames(
  resources: readonly Desired[],
  { own, aside, contested }: Pick<Owners, "own" | "aside" | "contested">,
  kinds: Kinds,
): ReadonlySet<string> {
  const contestedOnes = [...contested.keys()].flatMap((address) => own.resources[address] ?? []);
  const others = [...Object.values(aside.resources), ...contestedOnes];
  const shared = resources.filter(
    (one) => kinds.get(one.kind)?.perEnvironment && others.some((other) => isElsewhere(one, other, kinds)),
  );
  return new Set(shared.map(({ kind, name }) => `${kind} ${name}`));
}

/** Of that kind and name, and in an environment which is not the declared one. */
function isElsewhere({ kind, name, environment }: Desired, owned: Owned, kinds: Kinds): boolean {
  if (owned.kind !== kind || owned.name !== name || !environment) return false;
  const isInAny = owned.needs.some((need) => kinds.get(kindOf(need))?.encloses === true);
  return isInAny && !owned.needs.includes(environment);
}
