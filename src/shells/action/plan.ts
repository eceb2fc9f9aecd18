import { planPull } from "../../commands/plan-pull.ts";
import type { Deps } from "../../commands/base/deps.ts";
import type { PlanInput } from "../../commands/planning/plan-input.ts";
import type { Reviewed } from "../../commands/run/apply-input.ts";
import { isPending, type Plan } from "../../core/model/plan.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import { listOpenPulls } from "../../github/pulls.ts";
import { renderPlanJson } from "../../views/base/json.ts";
import { describeOthers } from "../../views/markdown/others.ts";
import type { Job } from "./job.ts";
import type { FailureReason, Result } from "./result.ts";

/** `plan`: for a pull request it is recorded, so that the merge can apply it. */
export async function planFor(job: Job, input: PlanInput, deps: Deps): Promise<Result> {
  const { event } = job;
  const pull: Reviewed | undefined =
    event.event === "pull-request" ? { pullRequest: event.number, head: event.head } : undefined;
  const { plan, graph, others } = await planPull({ ...input, adopt: input.adopt === true }, pull, deps);
  const remarks = describeOthers(plan, await keepOpen(job, others));
  const failure = failureOfPlan(plan, job);
  return {
    shows: "plan",
    plan,
    graph,
    remarks,
    problems: [...plan.problems, ...plan.refusals],
    json: renderPlanJson(plan, []),
    ...(failure && { failure }),
  };
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
