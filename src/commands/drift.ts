import { findDrift, type DriftReport } from "../core/planning/drift.ts";
import type { Deps } from "./base/deps.ts";
import { planRun } from "./plan.ts";
import type { PlanInput } from "./planning/plan-input.ts";

/** `drift`: what happened behind the file's back. The same reads as a plan, through a client that cannot write. */
export async function runDrift(input: PlanInput, deps: Deps): Promise<DriftReport> {
  const { plan } = await planRun({ ...input, adopt: null }, deps);
  return findDrift(plan);
}
