import type { Address } from "../../core/base/address.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import { joinAnswers } from "../../core/consent/answers.ts";
import { hasWork, type Plan } from "../../core/model/plan.ts";
import { keepApproved, leftUnanswered, type Approval } from "../../core/planning/approval.ts";
import { needsAnswer } from "../../core/planning/left-out.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import { countChanges, type Counts } from "../../core/run/report.ts";
import type { Deps } from "../base/deps.ts";
import type { Planned } from "../planning/plan-account.ts";
import { scheduleOf } from "../planning/schedule-plan.ts";
import { offerResumption, readApproval } from "./approval-file.ts";
import { describeDifference, showsSameWork } from "./plan-file.ts";
import type { ReviewedPlans, Terms } from "./terms.ts";

/**
 * What agrees to a plan: the word that is typed, or the problems with what was given beforehand. `earlier`: the approval of a
 * run that ended early. `goes`: kept with the approval of this one.
 */
export type Agreement = (
  plan: Plan,
  earlier: Approval | undefined,
) => {
  readonly word?: string;
  readonly goes?: readonly Address[];
  readonly problems?: readonly Problem[];
};

/** A plan as it is shown and asked for. */
export type Offer = {
  readonly planned: Planned;
  /** What a person types to agree to it. */
  readonly word: string;
  /** What a `destroy` deletes, kept with the approval so that a later run knows the number that was agreed to. */
  readonly goes: readonly Address[] | undefined;
};

/**
 * Turns a plan into what is offered: all of it, or what is left of the approved plan. Throws a `ProblemError` for a plan that
 * cannot be applied: with errors, with sources that are missing, or other than the one that was saved or reviewed.
 */
export async function makeOffer(
  made: Planned,
  terms: Pick<Terms, "approval" | "saved" | "reviewed">,
  agreement: Agreement,
  deps: Deps,
): Promise<Offer> {
  const { approval } = terms;
  const earlier = approval ?? (await readApproval(made.start.store).catch(() => undefined));
  const planned = approval ? keepToApproval(made, approval, deps) : tellUnfinished(made, earlier);
  requireApplicable(planned, terms);
  const { word = "", goes, problems = [] } = agreement(planned.plan, earlier);
  return { planned: withProblems(planned, problems), word, goes };
}

/** Whether the run ends here because of refusals: no person is asked in this run, or one of them is answered by no word. */
export function isRefused({ planned: { plan } }: Offer, { isAgreed }: Pick<Terms, "isAgreed">): boolean {
  return plan.refusals.length > 0 && (isAgreed || !canBeTyped(plan));
}

/** Whether everything that a plan is refused for is answered by a person who types what stands under it. */
function canBeTyped(plan: Plan): boolean {
  return hasWork(plan) && joinAnswers(plan.refusals).word !== undefined;
}

/** Whether there is nothing to write and nothing to ask. */
export function isIdle({ planned: { plan } }: Offer, { isAgreed }: Pick<Terms, "isAgreed">): boolean {
  return !hasWork(plan) && (isAgreed || !needsAnswer(plan));
}

/** Whether a plan leaves out steps because what they would change was changed by somebody else since. */
export function isStale(plan: Plan): boolean {
  return plan.problems.some((one) => one.code === "stale");
}

/** What is left of the approved plan, and nothing else. */
function keepToApproval(planned: Planned, approval: Approval, deps: Deps): Planned {
  const { start, access, plan } = planned;
  const { steps, problems } = keepApproved(plan, approval.plan);
  return {
    ...planned,
    plan: {
      ...plan,
      hash: approval.plan.hash,
      steps,
      schedule: scheduleOf(steps, deps, access.connection, start.state),
      refusals: leftUnanswered(plan.refusals, approval.answered),
      problems: [...plan.problems, ...problems],
    },
  };
}

/** A whole plan, with a note where a run before it ended early. */
function tellUnfinished(planned: Planned, earlier: Approval | undefined): Planned {
  return earlier ? withProblems(planned, offerResumption(earlier, planned.plan)) : planned;
}

/** Errors of the plan, sources that are missing, and a plan that is not the one agreed to. A stale step is left, not an error. */
function requireApplicable(
  { plan, missing }: Planned,
  { saved, reviewed, approval }: Pick<Terms, "approval" | "saved" | "reviewed">,
): void {
  const errors = plan.problems.filter((one) => one.severity === "error" && one.code !== "stale");
  if (errors.length > 0) throw new ProblemError(errors);
  if (missing.length > 0) throw new ProblemError(missing);
  if (saved && (saved.hash !== plan.hash || !showsSameWork(saved, plan)))
    throw new ProblemError([planMoved(saved, plan)]);
  // What is left of an approved plan was reviewed with it.
  if (reviewed && !approval && hasWork(plan) && !reviewed.records.some(({ hash }) => hash === plan.hash))
    throw new ProblemError([notReviewed(reviewed, plan)]);
}

function withProblems(planned: Planned, more: readonly Problem[]): Planned {
  const { plan } = planned;
  const refusals = more.filter(({ severity }) => severity === "refusal");
  const others = more.filter(({ severity }) => severity !== "refusal");
  return {
    ...planned,
    plan: {
      ...plan,
      refusals: [...plan.refusals, ...refusals],
      problems: [...plan.problems, ...others],
    },
  };
}

function planMoved(saved: Plan, now: Plan): Problem {
  const message = `The saved plan no longer fits what is live and in the file: ${describeDifference(saved, now)}.`;
  return problem("error", "plan-moved", message, "Look at a new plan and apply that one.");
}

/** The problem with a plan that is none of those which the pull request showed. */
export function notReviewed({ of, records }: ReviewedPlans, now: Plan): Problem {
  const place = `pull request ${of.pullRequest} at commit ${of.head.slice(0, 12)}`;
  const [newest] = records;
  const what = newest
    ? `This is not the plan that ${place} showed: ${describeMove(newest, now)}`
    : `No plan was recorded for ${place}`;
  const remedy = newest
    ? "Look at the new plan; then run the job again with on-stale: replan, or merge a change that takes the difference back."
    : "Give the plan job of pull requests the same state and label, and permission to write the state; or run this job with on-stale: replan.";
  return problem("error", "not-reviewed", `${what}.`, remedy);
}

/** `2 to create were shown, and 3 to create are planned now`; equal counts say so. */
function describeMove({ counts }: PlanRecord, now: Plan): string {
  const [before, after] = [describeCounts(counts), describeCounts(countChanges(now))];
  return before === after
    ? `the counts are the same (${after}), and what is done to some of them differs`
    : `it showed ${before}, and now it is ${after}`;
}

function describeCounts({ unchanged: _unchanged, ...counts }: Counts): string {
  const told = Object.entries(counts).flatMap(([action, many]) =>
    many > 0 ? [`${many} to ${verbs[action as keyof typeof verbs]}`] : [],
  );
  return told.length === 0 ? "nothing to do" : told.join(", ");
}

const verbs: { readonly [Action in Exclude<keyof Counts, "unchanged">]: string } = {
  create: "create",
  update: "update",
  drifted: "take back",
  adopt: "adopt",
  replace: "replace",
  delete: "delete",
};
