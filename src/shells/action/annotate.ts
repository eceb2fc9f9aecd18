import type { Problem } from "../../core/base/problem.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import type { Annotation } from "../../github/checks.ts";
import { escapeText } from "../../views/base/escape.ts";
import { pathInCheckout, type Job } from "./job.ts";
import type { Result } from "./result.ts";

const levels = { error: "failure", refusal: "failure", warning: "warning", note: "notice" } as const;

/**
 * What stands beside the lines of the YAML: errors, refusals, warnings, and what is deleted, replaced or adopted. Each is one line of
 * text, made safe: names come from files and accounts.
 */
export function annotationsOf(result: Result, job: Pick<Job, "workspace" | "folder">): readonly Annotation[] {
  const changes =
    result.shows === "plan" ? result.plan.changes.flatMap((one) => annotateChange(one, job)) : [];
  return [...result.problems.flatMap((one) => annotateProblem(one, job)), ...changes];
}

function annotateProblem(
  { where, severity, code, message, remedy }: Problem,
  job: Pick<Job, "workspace" | "folder">,
) {
  if (!where || severity === "note") return [];
  return [
    {
      path: pathInCheckout(job, where.file),
      line: where.line,
      level: levels[severity],
      title: `trueup: ${escapeText(code)}`,
      message: escapeText(`${message} ${remedy}`),
    },
  ];
}

function annotateChange(
  { action, address, where, losesData }: ResourceChange,
  job: Pick<Job, "workspace" | "folder">,
): readonly Annotation[] {
  if (!where || (action !== "replace" && losesData !== true)) return [];
  const loss = losesData ? ", and its data is lost" : "";
  const what = action === "replace" ? "will be replaced" : "will be changed";
  return [
    {
      path: pathInCheckout(job, where.file),
      line: where.line,
      level: "notice",
      title: "trueup: destructive change",
      message: escapeText(`${address} ${what}${loss}.`),
    },
  ];
}
