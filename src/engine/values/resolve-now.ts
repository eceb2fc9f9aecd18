import type { Address } from "../../core/base/address.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { stepFailed } from "../memory/perform-input.ts";
import { groupBy } from "../../core/base/group.ts";
import type { Resolved } from "../../core/compare/comparison.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { followTargets } from "../../core/rotation/destinations.ts";
import { type Value, variableOf } from "../../core/model/value.ts";
import { resolveValue } from "../memory/resolve.ts";
import type { Found } from "../../core/model/live.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/** What a value of the file is resolved from while a run goes on. */
export type Resolving = Pick<RunMemory, "resources" | "replacements" | "shownOnce" | "outputs"> & {
  readonly input: Pick<RunMemory["input"], "kinds" | "sources" | "desired">;
};

/** A field of a resource, or an entry of one. */
type Place = { readonly name: string; readonly entry?: string | undefined };

/** Resolves one declared value by what is known at this moment. */
export async function resolveNow(
  { input, resources, replacements, shownOnce, outputs }: Resolving,
  address: Address,
  { name, entry }: Place,
  value: Value,
): Promise<Resolved> {
  // While two are there, what refers to the object means the one that stays: the old one is deleted before the run ends.
  const found = (of: Address): Found | undefined => {
    const now = resources.found(of);
    const id = replacements.newObject(of)?.id;
    return now && id !== undefined ? { ...now, id } : now;
  };
  const { kinds, sources, desired } = input;
  const resolved = await resolveValue(
    {
      kinds,
      readerOf: (of) => outputs.of(of, resources),
      sources,
      desired,
      found,
      shownOnce: (of, output) => shownOnce.find(of, output),
    },
    { address, name, entry },
    value,
  );
  if (resolved.state === "missing") outputs.forget();
  return resolved;
}

/**
 * The value for a hole in a step's call; one that is known counts as sent. Throws a problem of the step when it is missing, or
 * should exist by now and does not.
 */
export async function resolveHole(
  memory: Resolving & Pick<RunMemory, "sent">,
  step: WriteStep,
  place: { readonly address: Address; readonly field: string },
  value: Value,
): Promise<Resolved> {
  const [name = "", ...rest] = place.field.split(".");
  const entry = rest.length > 0 ? rest.join(".") : undefined;
  const resolved = await resolveNow(memory, place.address, { name, entry }, value);
  if (resolved.state === "missing") {
    const { address } = step;
    throw new ProblemError([{ ...resolved.problem, severity: "error", address }]);
  }
  if (resolved.state === "later" && value.from !== "generated") {
    throw stepFailed(
      step.address,
      "value-not-there",
      `${place.field} of ${step.address} needs a value that does not exist yet.`,
      "Run again; if it stays, report this.",
    );
  }
  if (resolved.state === "known") memory.sent.note(place.address, place.field, resolved);
  return resolved;
}

/** Reads again the objects whose outputs the step's call uses, if this run made them or wrote to them. */
export async function refreshTargets(
  { input, reach, resources }: Pick<RunMemory, "input" | "reach" | "resources">,
  step: WriteStep,
): Promise<void> {
  for (const [address, targets] of groupBy(followTargets(input, step.write), (one) => one.address)) {
    const before = resources.found(address);
    if (!before || !resources.isChanged(address)) continue;
    const kind = reach.kind(address);
    // A value that the API shows once is in memory only, so a new read would not show it.
    if (targets.every(({ field }) => field !== undefined && kind.shownOnce?.includes(field))) continue;
    const reader = reach.readerOf(address);
    const found = await kind.findById(reader, before.id);
    if (!found) continue;
    const needsVariables = targets.some(({ field }) => variableOf(field ?? "") !== undefined);
    const facet = needsVariables && kind.variables !== undefined ? kind.facets[kind.variables] : undefined;
    const variables = await facet?.(reader, found, input.scope);
    // Lists that were not read again keep what the last read showed.
    resources.noteRead(address, { ...found, spec: { ...before.spec, ...found.spec, ...variables } });
  }
}
