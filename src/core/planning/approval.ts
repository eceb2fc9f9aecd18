import type { Address } from "../base/address.ts";
import { describeBody } from "../model/write.ts";
import type { RunBy } from "../run/journal.ts";
import { canonical } from "../base/json.ts";
import type { Plan, Step, StepId, WriteStep } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";
import { isDeliveryWait } from "../steps/draft-steps.ts";

/**
 * A plan that a person agreed to. It is kept with the state from before the first write of its run until all of it is done,
 * so that a run which ended early can be carried on with exactly that. It holds no secret, as no plan does.
 */
export type Approval<Choices = unknown> = {
  /** Id of the run that began with it. */
  readonly run: string;
  /** When it was agreed to: ISO 8601 in UTC. */
  readonly at: string;
  /** Who agreed to it, and where the run began. */
  readonly by: RunBy;
  readonly plan: Plan;
  /** The flags of the plan: planning again without them would refuse what was agreed to. */
  readonly choices: Choices;
  /** Refusals that were answered by typing, as code and address: the same ones stand answered when the run is carried on. */
  readonly answered?: readonly Answered[];
  /** Of a `destroy`: what it was to delete when its number was first agreed to, so that the same word holds after a kill. */
  readonly goes?: readonly Address[];
  /** The pull request that it is applied for. */
  readonly pullRequest?: number;
};

/** A refusal that was answered. */
export type Answered = { readonly code: string; readonly address?: string };

/** The refusals of a plan made anew that have not been answered yet. */
export function leftUnanswered(
  refusals: readonly Problem[],
  answered: readonly Answered[] = [],
): readonly Problem[] {
  return refusals.filter(
    ({ code, address }) => !answered.some((one) => one.code === code && one.address === address),
  );
}

/** What an approval allows of a new plan, and a problem for each step that it does not. */
export type Approved = { readonly steps: readonly Step[]; readonly problems: readonly Problem[] };

/**
 * The steps of a new plan that are allowed by an approved one. The others are reported and left for a plan of their own.
 *
 *     the new step                                               it is
 *     has the id and the call of an approved step                kept
 *     ... but what it overwrites was changed since               left out: stale
 *     is a wait, or a note in the inventory (not an adoption)    kept
 *     is any other                                               left out: not approved
 *     needs a step that is left out, other than an update        left out, and not reported
 */
export function keepApproved(now: Plan, approved: Plan): Approved {
  const before = new Map(approved.steps.map((step) => [step.id, step]));
  const made = new Set(approved.steps.flatMap((step) => (isCreation(step) ? [step.address] : [])));
  const problems: Problem[] = [];
  const left = new Map<StepId, Step>();
  for (const step of now.steps) {
    // A creation was agreed to, and so one object: what an earlier run made for it, and lost the value of, is deleted first.
    const isOfOwnCreation = step.step === "write" && step.orphan === true && made.has(step.address);
    const own = isOfOwnCreation ? undefined : reasonToLeave(step, before.get(step.id));
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

/** Whether a step cannot be done because of one that is left out: an object that is not made cannot be written to. */
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

/** Drops waits that no step needs any more, but for those that look whether a value has arrived. */
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
