import type { Address } from "../base/address.ts";
import { describeBody } from "../model/body.ts";
import type { RunBy } from "../run/journal.ts";
import { canonical } from "../base/json.ts";
import type { Plan, Step, StepId, WriteStep } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";
import { isDeliveryWait } from "../steps/draft-steps.ts";

/**
 * What somebody agreed to: kept with the state from before the first write of its run until all of it is done, so that a
 * run which ended early can be carried on with exactly that. Holds no secret, as no plan does.
 */
export type Approval<Choices = unknown> = {
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: RunBy;
  readonly plan: Plan;
  /** The flags that it was planned with: planning again without them would refuse what was agreed to. */
  readonly choices: Choices;
  /** Refusals that were answered by typing, as code and address: the same ones stand answered when the run is carried on. */
  readonly answered?: readonly Answered[];
  /** Of `destroy`: what was to go when its number was first given, so that the same words hold after a kill. */
  readonly goes?: readonly Address[];
};

export type Answered = { readonly code: string; readonly address?: string };

/** The refusals of a plan that is made anew which nobody has answered yet. */
export function leftUnanswered(
  refusals: readonly Problem[],
  answered: readonly Answered[] = [],
): readonly Problem[] {
  return refusals.filter(
    ({ code, address }) => !answered.some((one) => one.code === code && one.address === address),
  );
}

export type Approved = { readonly steps: readonly Step[]; readonly problems: readonly Problem[] };

/**
 * The steps of a new plan that the approved one has as well: the same id, the same call, and an object that nobody touched
 * in between. What only the inventory takes notice of needs no approval. The rest is reported and left for a plan of its own.
 */
export function keepApproved(now: Plan, approved: Plan): Approved {
  const before = new Map(approved.steps.map((step) => [step.id, step]));
  const made = new Set(approved.steps.flatMap((step) => (isCreation(step) ? [step.address] : [])));
  const problems: Problem[] = [];
  const left = new Map<StepId, Step>();
  for (const step of now.steps) {
    // Whoever agreed to the creation agreed to one: what an ended run made of it goes first.
    const isOwnOrphan = step.step === "write" && step.orphan === true && made.has(step.address);
    const own = isOwnOrphan ? undefined : reasonToLeave(step, before.get(step.id));
    const reason = own ?? (needsLeft(step, left) ? "unmade" : undefined);
    if (reason === undefined) continue;
    left.set(step.id, step);
    if (reason !== "unmade") problems.push(reason === "stale" ? staleStep(step) : unapprovedStep(step));
  }
  const kept = now.steps.filter((step) => !left.has(step.id));
  return {
    steps: dropIdleWaits(kept.map((step) => ({ ...step, needs: needsAround(step, left) }))),
    problems,
  };
}

function reasonToLeave(step: Step, before: Step | undefined): "unapproved" | "stale" | undefined {
  if (step.step === "wait" || (step.step === "record" && step.verb !== "adopt")) return undefined;
  if (!before || before.step !== step.step) return "unapproved";
  if (step.step !== "write" || before.step !== "write") return undefined;
  if (describeCall(step) !== describeCall(before)) return "unapproved";
  return before.precondition !== undefined && before.precondition !== step.precondition ? "stale" : undefined;
}

function isCreation(step: Step): boolean {
  return step.step === "write" && step.verb === "create";
}

function describeCall({ verb, write, removed }: WriteStep): string {
  const body = write.body === undefined ? null : describeBody(write.body);
  return canonical({ verb, method: write.method, path: write.path, body, removed: [...removed].sort() });
}

/** An object that is not made cannot be written to. An update that is left leaves the steps after it possible. */
function needsLeft(step: Step, left: ReadonlyMap<StepId, Step>): boolean {
  return step.needs.some((id) => {
    const one = left.get(id);
    return (
      one !== undefined &&
      (one.step === "wait" || (one.step === "write" && one.verb !== "update") || needsLeft(one, left))
    );
  });
}

function needsAround(step: Step, left: ReadonlyMap<StepId, Step>): readonly StepId[] {
  const needs = step.needs.flatMap((id) => {
    const one = left.get(id);
    return one ? needsAround(one, left) : [id];
  });
  return [...new Set(needs)].sort();
}

/** Nobody is left that waits for it, and it is no look whether something has arrived. */
function dropIdleWaits(steps: readonly Step[]): readonly Step[] {
  const needed = new Set(steps.flatMap((step) => step.needs));
  return steps.filter((step) => step.step !== "wait" || needed.has(step.id) || isDeliveryWait(step));
}

/** How many steps of an approved plan a new plan still has. */
export function countLeft(now: Plan, approved: Plan): number {
  return keepApproved(now, approved).steps.filter((step) => step.step === "write").length;
}

function unapprovedStep({ id, address }: Step): Problem {
  const message = `${id} is not part of the plan that was approved, and was left out.`;
  return problem(
    "warning",
    "not-approved",
    message,
    "Look at a new plan when this one is done: trueup plan.",
    { address },
  );
}

function staleStep({ id, address }: Step): Problem {
  const message = `Somebody changed what ${id} would overwrite after the plan was approved, and it was left out.`;
  return problem("error", "stale", message, "Look at a new plan, which shows their change: trueup plan.", {
    address,
  });
}
