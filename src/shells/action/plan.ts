import { planPull } from "../../commands/plan-pull.ts";
import type { Deps } from "../../commands/base/deps.ts";
import type { PlanInput } from "../../commands/planning/plan-input.ts";
import type { Reviewed } from "../../commands/run/apply-input.ts";
import { isPending, type Plan } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import { newestOfEach, recordsOf, type PlanRecord } from "../../core/run/plan-record.ts";
import { getPull, listOpenPulls } from "../../github/pulls.ts";
import { notReviewed } from "../../commands/run/offer.ts";
import { renderPlanJson } from "../../views/json/plan-json.ts";
import { describeOthers } from "../../views/markdown/others.ts";
import type { Job } from "./job.ts";
import type { FailureReason, Result } from "./result.ts";

/**
 * `plan`: for a pull request it is recorded, so that the merge can apply it. For the synthetic commit of a merge queue it is compared with
 * what the pull request showed, and fails the job when it is another one: the merge would stop there anyway.
 */
export async function planFor(job: Job, input: PlanInput, deps: Deps): Promise<Result> {
  const { event } = job;
  const pull: Reviewed | undefined =
    event.event === "pull-request" ? { pullRequest: event.number, head: event.head } : undefined;
  const { plan, graph, known } = await planPull({ ...input, adopt: input.adopt === true }, pull, deps);
  const others = newestOfEach(known).filter(({ pullRequest }) => pullRequest !== pull?.pullRequest);
  const queued = event.event === "merge-group" ? await judgeQueued(job, plan, known) : [];
  const failure = queued.length > 0 ? "plan-changed" : failureOfPlan(plan, job);
  return {
    shows: "plan",
    plan,
    graph,
    remarks: describeOthers(plan, await keepOpen(job, others)),
    problems: [...queued, ...plan.problems, ...plan.refusals],
    json: renderPlanJson(plan, queued),
    ...(failure && { failure }),
  };
}

/**
 * Where there is no key, as on a fork: what the change does is rehearsed on the simulator. It says nothing of what somebody changed
 * in the account meanwhile, and is recorded nowhere.
 */
export async function rehearseFor(job: Job, base: string, input: PlanInput, deps: Deps): Promise<Result> {
  const { rehearseChange } = await import("../../commands/rehearsal/rehearse-change.ts");
  const { plan, verdict, knowsBefore } = await rehearseChange(input, base, deps);
  const failure =
    verdict === "fails" || verdict === "does-not-converge" ? "failed" : failureOfPlan(plan, job);
  const remarks = [
    rehearsed,
    ...(knowsBefore ? [] : [beforeUnknown]),
    ...(verdict === "fails" || verdict === "does-not-converge" ? [`**${verdictsOf[verdict]}**`] : []),
  ];
  return {
    shows: "plan",
    plan,
    remarks,
    problems: [...plan.problems, ...plan.refusals],
    json: renderPlanJson(plan, []),
    ...(failure && { failure }),
  };
}

const rehearsed =
  "No key is at hand here, so this was rehearsed on the simulator, from the file of the base branch. What somebody changed in the account meanwhile is not in it.";
const beforeUnknown =
  "The commit of the base branch is not in this checkout, so everything counts as new: give `actions/checkout` the input `fetch-depth: 0`.";
const verdictsOf = {
  fails: "Applying it fails on the simulator.",
  "does-not-converge": "Applied on the simulator, a second plan still finds something to do.",
} as const;

/** What is wrong with a plan in a merge queue: the pull request showed another one, or none. */
async function judgeQueued(
  { github, event }: Job,
  plan: Plan,
  known: readonly PlanRecord[],
): Promise<readonly Problem[]> {
  const number = event.event === "merge-group" ? event.number : undefined;
  const pull = github && number !== undefined ? await getPull(github, number) : undefined;
  if (!pull || !isPending(plan)) return [];
  const of = { pullRequest: pull.number, head: pull.head };
  const records = recordsOf(known, of);
  return records.some(({ hash }) => hash === plan.hash) ? [] : [notReviewed({ of, records }, plan)];
}

/** Records of pull requests that are still open. Without a token, or where GitHub does not answer, there are none to tell of. */
async function keepOpen({ github }: Job, others: readonly PlanRecord[]): Promise<readonly PlanRecord[]> {
  if (!github || others.length === 0) return [];
  const open = await listOpenPulls(github).catch(() => []);
  return others.filter((one) =>
    open.some(({ number, head }) => number === one.pullRequest && head === one.head),
  );
}

function failureOfPlan(plan: Plan, { inputs }: Pick<Job, "inputs">): FailureReason | undefined {
  if (plan.problems.some(({ severity }) => severity === "error")) return "incomplete";
  if (plan.refusals.length > 0 && inputs.failOn.includes("refused")) return "guard-tripped";
  const isDestructive = plan.changes.some(({ action }) => action === "delete" || action === "replace");
  if (isDestructive && inputs.failOn.includes("destructive")) return "guard-tripped";
  return isPending(plan) && inputs.failOn.includes("changes") ? "changes" : undefined;
}
