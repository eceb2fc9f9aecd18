import { byText, makeAddress } from "../../core/base/address.ts";
import { groupBy } from "../../core/base/group.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import type { AccountObject } from "../../engine/read/read-account.ts";
import type { Addressed } from "./export-outputs.ts";

/** What has no name at its API gets one that says what it is. */
export function nameObject({ kind, found }: AccountObject): AccountObject {
  return { kind, found: { ...found, name: kind.suggestName?.(found) ?? found.name } };
}

/**
 * Sorted by kind and name. What a file cannot tell apart is left out and told: two services of one name, or two databases
 * of one name in one environment.
 */
export function giveAddresses(
  objects: readonly AccountObject[],
  tell: (problem: Problem) => void,
): readonly Addressed[] {
  const own = objects.filter(({ found }) => found.derivedFrom === undefined);
  const environments = new Map(
    own.filter(({ kind }) => kind.encloses).map(({ found }) => [found.id, found.name]),
  );
  const groups = [...groupBy(own, ({ kind, found }) => makeAddress(kind.name, found.name))];
  const addressed = groups.flatMap(([address, alike]): readonly Addressed[] => {
    const [first] = alike;
    if (!first || alike.length === 1) return first ? [{ ...first, address }] : [];
    const inside = groupBy(alike, ({ found }) => environments.get(found.environmentId ?? ""));
    const told = [...inside].filter(([, same]) => !first.kind.perEnvironment || same.length > 1);
    if (told.length > 0)
      tell(
        leftOut(
          first,
          told.flatMap(([, same]) => same),
        ),
      );
    return [...inside].flatMap(([environment, same]) => {
      const name = environment === undefined ? first.found.name : `${first.found.name}@${environment}`;
      return told.some(([one]) => one === environment)
        ? []
        : same.map((one) => ({ ...one, address: makeAddress(one.kind.name, name) }));
    });
  });
  return addressed.sort((a, b) => byText(a.address, b.address));
}

function leftOut({ kind, found }: AccountObject, alike: readonly AccountObject[]): Problem {
  const ids = alike.map((one) => one.found.id).sort(byText);
  const message = `There are ${ids.length} objects of kind ${kind.noun} named ${found.name} that a file cannot tell apart: ${ids.join(", ")}. They were left out.`;
  return problem(
    "warning",
    "ambiguous-name",
    message,
    "Rename or delete all but one in the dashboard, then export again.",
  );
}
