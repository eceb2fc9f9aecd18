import { findDrift, type DriftReport } from "../core/drift.ts";
import type { Deps } from "./deps.ts";
import { planRun, type PlanInput } from "./plan.ts";

/** `drift`: what happened behind the file's back. The same reads as a plan, through a client that cannot write. */
export async function runDrift(input: PlanInput, deps: Deps): Promise<DriftReport> {
  const { plan } = await planRun({ ...input, adopt: null }, deps);
  return findDrift(plan);
}
