import { isPending } from "../../core/model/plan.ts";
import { hasDrift } from "../../core/planning/drift.ts";
import { countChanges } from "../../core/run/report.ts";
import type { Result } from "./result.ts";

/**
 * What later steps of the job can read, under names with dashes and, since expressions take a dash for a minus, with
 * underscores too. What a command has nothing of is left out.
 */
export function outputsOf(
  result: Result,
  files: { readonly json: string; readonly plan?: string; readonly comment?: string },
): ReadonlyMap<string, string> {
  const plan =
    result.shows === "plan" ? result.plan : result.shows === "run" ? result.report.plan : undefined;
  const values: { readonly [name: string]: string | undefined } = {
    changes: plan && String(isPending(plan)),
    counts: plan && JSON.stringify(countChanges(plan)),
    eta: plan && String(Math.ceil(plan.schedule.end / 1_000)),
    "plan-hash": plan?.hash,
    drift: result.shows === "drift" ? String(hasDrift(result.report)) : undefined,
    json: files.json,
    "plan-file": files.plan,
    "comment-url": files.comment,
    "failure-reason": result.failure,
  };
  const known = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Map(
    known.flatMap(([name, value]) => [
      [name, value],
      [name.replaceAll("-", "_"), value],
    ]),
  );
}
