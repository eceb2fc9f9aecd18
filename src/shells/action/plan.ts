import { planPull } from "../../commands/plan-pull.ts";
import type { Deps } from "../../commands/base/deps.ts";
import type { PlanInput } from "../../commands/planning/plan-input.ts";
import type { Reviewed } from "../../commands/run/apply-input.ts";
import { isPending, type Plan } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import { newestOfEach, recordsOf, type PlanRecord } from "../../core/run/plan-record.ts";
import { getPull, listOpenPulls } from "../../github/pulls.ts";
import { notReviewed } from "../../commands/run/offer.ts";
import { renderPlanJson } from "../../views/base/json.ts";
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
