import { runDrift } from "../../commands/drift.ts";
import { runValidate } from "../../commands/validate.ts";
import type { Deps } from "../../commands/base/deps.ts";
import type { PlanInput } from "../../commands/planning/plan-input.ts";
import { hasDrift } from "../../core/planning/drift.ts";
import { renderDriftJson } from "../../views/json/plan-json.ts";
import { renderValidationJson } from "../../views/json/validation-json.ts";
import type { Job } from "./job.ts";
import type { Result } from "./result.ts";

/** `validate`: no network, no state. */
export async function validateFor(input: PlanInput, deps: Deps): Promise<Result> {
  const validation = await runValidate(input, deps);
  return {
    shows: "problems",
    problems: validation.problems,
    json: renderValidationJson(validation),
    ...(!validation.state && { failure: "validation-failed" as const }),
  };
}

/** `drift`: fails the job where `fail-on` says so. */
export async function driftFor({ inputs }: Job, input: PlanInput, deps: Deps): Promise<Result> {
  const report = await runDrift(input, deps);
  const fails = hasDrift(report) && inputs.failOn.includes("drift");
  return {
    shows: "drift",
    report,
    problems: report.problems,
    json: renderDriftJson(report),
    ...(fails && { failure: "drift" as const }),
  };
}
