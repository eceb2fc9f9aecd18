import type { Plan } from "../core/model/plan.ts";
import { graphResources, type PlanGraph } from "../core/planning/plan-graph.ts";
import { recordPlan, type PlanRecord } from "../core/run/plan-record.ts";
import type { Deps } from "./base/deps.ts";
import { runBy } from "./base/lock.ts";
import { planRun } from "./plan.ts";
import type { PlanInput } from "./planning/plan-input.ts";
import type { Reviewed } from "./run/apply-input.ts";

/** A plan as a pull request shows it. */
export type PullPlan = {
  readonly plan: Plan;
  readonly graph: PlanGraph;
  /** The plans that pull requests have shown before, this one included, in no order. */
  readonly known: readonly PlanRecord[];
};

/**
 * `plan` for a pull request. The accounts are only read; the state gets the record of this plan, by which an apply after the merge
 * knows that it was shown. `pull` absent: nothing is recorded, as for a synthetic commit of a merge queue.
 */
export async function planPull(input: PlanInput, pull: Reviewed | undefined, deps: Deps): Promise<PullPlan> {
  const { plan, start, account } = await planRun(input, deps);
  const graph = graphResources(plan, start.state.resources, account.inventory);
  const known = await start.store.plans();
  if (pull)
    await start.store.recordPlan(recordPlan(plan, { ...pull, by: runBy(deps), at: deps.world.now() }));
  return { plan, graph, known };
}
