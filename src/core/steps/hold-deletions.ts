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
