import { byText, type Address } from "../base/address.ts";
import type { Chain } from "./draft-steps.ts";
import { findCircles } from "../base/graph.ts";
import { groupBy } from "../base/group.ts";
import type { Step, StepId } from "../model/plan.ts";
import type { StepsInput } from "./steps-input.ts";

/**
 * Makes each deletion, and the export before it, wait for the resources that refer to what is deleted: until they are
 * deleted or written anew. A step that itself waits for the deletion is left out, because in a circle one has to go first.
 */
export function holdDeletions(
  input: StepsInput,
  chains: readonly Chain[],
  steps: readonly Step[],
): readonly Step[] {
  const blockers = deleteBlockers(input, chains, steps);
  if (blockers.size === 0) return steps;
  const blockersOf = (step: Step): readonly StepId[] =>
    step.step === "write" && (step.verb === "delete" || step.verb === "export")
      ? (blockers.get(step.address) ?? [])
      : [];
  const circles = findCircles(new Map(steps.map((step) => [step.id, [...step.needs, ...blockersOf(step)]])));
  const circleOf = new Map(circles.flatMap((circle) => circle.map((id) => [id, circle] as const)));
  return steps.map((step) => {
    const circle = circleOf.get(step.id);
    const held = blockersOf(step).filter((id) => circle === undefined || circleOf.get(id) !== circle);
    return held.length === 0 ? step : { ...step, needs: [...new Set([...step.needs, ...held])].sort(byText) };
  });
}

/**
 * By address, the steps after which nothing refers to it any more: those of each resource that did when it was last applied.
 * Where one of the two is replaced, only deletions count, because what stays is written anew after the replacement.
 */
function deleteBlockers(
  input: StepsInput,
  chains: readonly Chain[],
  all: readonly Step[],
): ReadonlyMap<Address, readonly StepId[]> {
  const replaced = new Set(
    input.changes.filter((change) => change.action === "replace").map((change) => change.address),
  );
  // The end of what stepped aside is in no chain.
  const stepsOf = groupBy(all, ({ address }) => address);
  const blockers = new Map<Address, StepId[]>();
  for (const { change } of chains) {
    const steps = stepsOf.get(change.address) ?? [];
    for (const target of input.inventory.resources[change.address]?.needs ?? []) {
      const isGoing = replaced.has(target) || replaced.has(change.address);
      const relevant = isGoing
        ? steps.filter((step) => step.step === "write" && step.verb === "delete")
        : steps;
      if (target !== change.address)
        blockers.set(target, [...(blockers.get(target) ?? []), ...relevant.map((step) => step.id)]);
    }
  }
  return blockers;
}

/**
 * Makes a step that takes something away wait for all that the step which gives it back (`together`) needs. So the time
 * between the two is that of the calls alone. What itself needs the first step cannot be waited for, and is left out.
 *
 * Example: `delete render/custom-domain/acme.dev` waits for the service that the domain moves to.
 */
export function pairUp(steps: readonly Step[]): readonly Step[] {
  const pairs = steps.flatMap((step) =>
    step.step === "write" && step.together !== undefined ? [{ first: step.id, second: step.together }] : [],
  );
  if (pairs.length === 0) return steps;
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const dependants = new Map<StepId, StepId[]>();
  const note = (id: StepId, need: StepId): void => {
    dependants.set(need, [...(dependants.get(need) ?? []), id]);
  };
  for (const step of steps) for (const need of step.needs) note(step.id, need);
  for (const { first, second } of pairs) {
    const after = findDependants(dependants, first);
    const own = needs.get(first) ?? [];
    const more = (needs.get(second) ?? []).filter(
      (id) => id !== first && !after.has(id) && !own.includes(id),
    );
    for (const need of more) note(first, need);
    needs.set(first, [...own, ...more].sort(byText));
  }
  return steps.map((step) => ({ ...step, needs: needs.get(step.id) ?? step.needs }));
}

/** All steps that need a step, those that need these, and so on. */
function findDependants(dependants: ReadonlyMap<StepId, readonly StepId[]>, id: StepId): ReadonlySet<StepId> {
  const found = new Set<StepId>();
  const open = [...(dependants.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(dependants.get(next) ?? []));
  }
  return found;
}
