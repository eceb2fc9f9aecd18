import { byText } from "../base/address.ts";
import type { Step, StepId } from "../model/plan.ts";

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
