import type { Problem } from "../../core/base/problem.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { DriftReport } from "../../core/planning/drift.ts";
import type { PlanGraph } from "../../core/planning/plan-graph.ts";
import type { RunReport } from "../../core/run/report.ts";

/** Why a job fails, as the output `failure-reason` says it. */
export type FailureReason =
  | "apply-failed"
  | "plan-changed"
  | "state-locked"
  | "rate-limited"
  | "incomplete"
  | "guard-tripped"
  | "drift"
  | "changes"
  | "validation-failed"
  | "failed";

/** What came of the command, before it is told anywhere. `text`: the document of `--json`. */
export type Result = {
  readonly json: string;
  readonly problems: readonly Problem[];
  readonly failure?: FailureReason;
} & (
  | {
      readonly shows: "plan";
      readonly plan: Plan;
      readonly graph?: PlanGraph;
      readonly remarks: readonly string[];
    }
  | { readonly shows: "run"; readonly report: RunReport }
  | { readonly shows: "drift"; readonly report: DriftReport }
  | { readonly shows: "problems" }
);
