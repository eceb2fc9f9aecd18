import { findKind } from "../../core/kind/kind.ts";
import type { Address } from "../../core/base/address.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Found } from "../../core/model/live.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { Listings } from "../match/matched.ts";
import type { Wanted } from "../../core/kind/scope.ts";
import type { ReadInput } from "../match/read-input.ts";

/**
 * Finds objects that the files refer to and do not declare. An object that another file of the same state owns is found by its
 * id; any other has to be the only one of its name in the workspace. Throws `unknown-target` when there is none or several.
 */
export async function findTargets(
  input: ReadInput,
  listings: Listings,
): Promise<ReadonlyMap<Address, Found>> {
  const { kinds, readers, scope } = input;
  const problems: Problem[] = [];
  const targets = new Map<Address, Found>();
  const byKind = groupBy(input.state.targets, (target) => target.kind);
  await Promise.all(
    [...byKind].map(async ([name, wanted]) => {
      const kind = findKind(kinds, name);
      const listing =
        listings.get(name) ??
        (await kind.findByName(
          readers[kind.provider],
          scope,
          wanted.map((target) => target.name),
          wantedOf(input),
        ));
      for (const target of wanted) {
        const owned = input.others?.[target.address];
        const byId =
          listing.find((found) => found.id === owned?.id) ??
          (owned && (await kind.findById(readers[kind.provider], owned.id)));
        const named = listing.filter((found) => found.name === target.name);
        const [only, ...others] = byId ? [byId] : named;
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

/** What a kind is told about the files and the inventory, so that its list can leave out what neither needs. */
export function wantedOf({ state, inventory }: ReadInput): Wanted {
  return { resources: state.resources, inventory };
}
