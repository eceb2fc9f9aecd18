import type { Problem } from "../../core/base/problem.ts";
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

export function writeTexts(result: Result, { inputs, event, page }: Job): Texts {
  const label = inputs.label === undefined ? "" : ` ${code(inputs.label)}`;
  const title = `trueup${label}`;
  const commit = event.event === "pull-request" ? event.head : undefined;
  const context = {
    title,
    ...(commit !== undefined && { commit }),
    ...(page !== undefined && { whole: page }),
  };
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
