import { findDrift, type DriftReport } from "../core/planning/drift.ts";
import { graphAround, graphResources, type PlanGraph } from "../core/planning/plan-graph.ts";
import type { Deps } from "./base/deps.ts";
import { planRun } from "./plan.ts";
import type { PlanInput } from "./planning/plan-input.ts";

/** `drift`: what happened behind the file's back. The same reads as a plan, through a client that cannot write. */
export async function runDrift(input: PlanInput, deps: Deps): Promise<DriftReport> {
  return (await runDrawnDrift(input, deps)).report;
}

/** The report, and the graph of what drifted with what that is joined to, for who draws it as well. */
export async function runDrawnDrift(
  input: PlanInput,
  deps: Deps,
): Promise<{ readonly report: DriftReport; readonly graph: PlanGraph }> {
  const { plan, start, account } = await planRun({ ...input, adopt: null }, deps);
  const report = findDrift(plan);
  const whole = graphResources(plan, start.state.resources, account.inventory);
  return { report, graph: graphAround(whole, new Set<string>(report.drifted.map(({ address }) => address))) };
}
