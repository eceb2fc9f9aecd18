import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { Gap, Slot, Step, StepId } from "../model/plan.ts";

/**
 * How long each address is away: from the start of its deletion to the end of its creation and of the wait until it works.
 * An object that steps aside serves on until then, so it has no gap.
 */
export function findGaps(
  steps: readonly Step[],
  slots: readonly Slot[],
  duration: (step: Step) => Millis,
): readonly Gap[] {
  const starts = new Map<StepId, Millis>(slots.map(({ step, start }) => [step, start]));
  const gone = new Map<Address, Millis>();
  const back = new Map<Address, Millis>();
  const readyAt = new Map<Address, Millis>();
  for (const step of steps) {
    const start = starts.get(step.id);
    if (start === undefined) continue;
    const end = start + duration(step);
    const isOfFormer = "former" in step && step.former !== undefined;
    if (step.step === "wait" && !isOfFormer) readyAt.set(step.address, end);
    if (step.step !== "write" || isOfFormer || step.half !== undefined) continue;
    if (step.verb === "delete" && step.together !== undefined) gone.set(step.address, start);
    const made = step.verb === "create" ? [step.address, ...(step.carries ?? [])] : [];
    for (const address of made) back.set(address, end);
  }
  return [...gone].flatMap(([address, start]) => {
    const end = Math.max(back.get(address) ?? start, readyAt.get(address) ?? 0);
    return end > start ? [{ address, start, time: end - start }] : [];
  });
}
