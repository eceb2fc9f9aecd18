import { problem, ProblemError, type Problem } from "../core/base/problem.ts";
import type { Plan } from "../core/model/plan.ts";
import { graphResources, type PlanGraph } from "../core/planning/plan-graph.ts";
import { recordPlan, type PlanRecord } from "../core/run/plan-record.ts";
import type { Store } from "../store/base/store.ts";
import type { Deps } from "./base/deps.ts";
import { runBy } from "./base/lock.ts";
import { openState } from "./files/load.ts";
import { planRun } from "./plan.ts";
import type { PlanInput } from "./planning/plan-input.ts";
import type { Reviewed } from "./run/apply-input.ts";
import { tellForgottenState } from "./run/begin-run.ts";

/** A plan as a pull request shows it. */
export type PullPlan = {
  readonly plan: Plan;
  readonly graph: PlanGraph;
  /** The plans that pull requests have shown before, this one included, in no order. */
  readonly known: readonly PlanRecord[];
};

/**
 * `plan` for a pull request. The accounts are only read; the state gets the record of this plan, by which an apply after the merge
 * knows that it was shown. `pull` absent: nothing is recorded, as for a synthetic commit of a merge queue. A job that may not write the
 * state still shows its plan: that it is not recorded is a warning of it.
 */
export async function planPull(input: PlanInput, pull: Reviewed | undefined, deps: Deps): Promise<PullPlan> {
  const opened = await openState(input, deps);
  const { plan, start, account } = await planRun(input, deps, opened);
  const graph = graphResources(plan, start.state.resources, account.inventory);
  const known = await start.store.plans();
  const record = pull && recordPlan(plan, { ...pull, by: runBy(deps), at: deps.world.now() });
  const unrecorded = record ? await keepRecord(start.store, record) : [];
  const forgotten = tellForgottenState(opened, deps, "warning");
  const problems = [...plan.problems, ...unrecorded, ...(forgotten ? [forgotten] : [])];
  return { plan: { ...plan, problems }, graph, known };
}

async function keepRecord(store: Store, record: PlanRecord): Promise<readonly Problem[]> {
  try {
    await store.recordPlan(record);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const reasons = error.problems.map(({ message }) => message).join(" ");
    const message = `This plan could not be recorded, so a merge will not apply it: ${reasons}`;
    const remedy = "Give the plan job the permission `contents: write`, and TRUEUP_STATE_KEY.";
    return [problem("warning", "plan-unrecorded", message, remedy)];
  }
}
