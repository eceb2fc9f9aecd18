import type { Problem } from "../../core/base/problem.ts";
import type { Marker } from "../../github/marker.ts";
import { isPending } from "../../core/model/plan.ts";
import { hasDrift } from "../../core/planning/drift.ts";
import { code } from "../../views/markdown/escape-markdown.ts";
import { renderDriftMarkdown } from "../../views/markdown/drift.ts";
import { commentLimits, summaryLimits, type Fitted, type Limits } from "../../views/markdown/fit.ts";
import { headline, renderPlanMarkdown } from "../../views/markdown/plan.ts";
import { renderProblemsMarkdown } from "../../views/markdown/problems.ts";
import { renderRunMarkdown, verdictWords } from "../../views/markdown/run.ts";
import { describeDrift } from "../../views/plan/drift.ts";
import type { Job } from "./job.ts";
import type { Result } from "./result.ts";

/** What a result says, in the lengths that it is told in. */
export type Texts = {
  /** One line, for the check run and the roll-up: `2 to create, 1 to delete`. */
  readonly line: string;
  readonly comment: Fitted;
  readonly summary: string;
  /** Whether it is worth a comment where only changes are. */
  readonly hasChanges: boolean;
};

/** What stands in every heading, and the page that has everything. */
export function titleOf({ inputs, page }: Pick<Job, "inputs" | "page">): {
  readonly title: string;
  readonly whole?: string;
} {
  const label = inputs.label === undefined ? "" : ` ${code(inputs.label)}`;
  return { title: `trueup${label}`, ...(page !== undefined && { whole: page }) };
}

/** The marker of the comment of this job's label. */
export function commentMarker(
  job: Job,
  more: Pick<Marker, "hash" | "truncated">,
): Marker & { readonly label: string } {
  const commit = commitOf(job);
  return {
    shows: "plan",
    label: job.inputs.label ?? "default",
    ...(commit !== undefined && { commit }),
    ...more,
  };
}

/** The commit that the job is about. */
export function commitOf({ event, environment }: Pick<Job, "event" | "environment">): string | undefined {
  if (event.event === "pull-request" || event.event === "merge-group") return event.head;
  const commit = event.event === "push" ? event.commit : environment["GITHUB_SHA"];
  return commit === "" ? undefined : commit;
}

export function writeTexts(result: Result, job: Job): Texts {
  const { event } = job;
  const commit = event.event === "pull-request" ? event.head : undefined;
  const context = { ...titleOf(job), ...(commit !== undefined && { commit }) };
  const write = (limits: Limits): Fitted => {
    switch (result.shows) {
      case "plan": {
        const { plan, graph, remarks } = result;
        return renderPlanMarkdown(plan, { ...context, remarks, ...(graph && { graph }) }, limits);
      }
      case "run":
        return renderRunMarkdown(result.report, context, limits);
      case "drift":
        return renderDriftMarkdown(result.report, context, limits);
      case "problems":
        return renderProblemsMarkdown(result.problems, context, limits);
      default:
        return result satisfies never;
    }
  };
  return {
    line: lineOf(result),
    comment: write(commentLimits),
    summary: write(summaryLimits).text,
    hasChanges: isWorthTelling(result),
  };
}

function lineOf(result: Result): string {
  switch (result.shows) {
    case "plan":
      return headline(result.plan);
    case "run":
      return verdictWords[result.report.verdict];
    case "drift":
      return `drift: ${describeDrift(result.report)}`;
    case "problems":
      return describeProblems(result.problems);
    default:
      return result satisfies never;
  }
}

function isWorthTelling(result: Result): boolean {
  if (result.shows === "plan") return isPending(result.plan) || result.problems.length > 0;
  if (result.shows === "drift") return hasDrift(result.report);
  return result.shows === "run" || result.problems.length > 0;
}

function describeProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error" || severity === "refusal").length;
  return errors === 0 ? "valid" : `${errors} ${errors === 1 ? "error" : "errors"}`;
}
