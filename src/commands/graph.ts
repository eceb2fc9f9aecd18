import { graphResources, graphSteps, type PlanGraph } from "../core/planning/plan-graph.ts";
import type { Deps } from "./base/deps.ts";
import { planRun } from "./plan.ts";
import type { PlanInput } from "./planning/plan-input.ts";

/** `graph`: what depends on what in the plan; by resource, or by step. Reads what a plan reads. */
export async function runGraph(
  input: PlanInput & { readonly steps: boolean },
  deps: Deps,
): Promise<PlanGraph> {
  const { plan, start, account } = await planRun(input, deps);
  return input.steps ? graphSteps(plan) : graphResources(plan, start.state.resources, account.inventory);
}
