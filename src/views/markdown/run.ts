import type { RunReport, RunVerdict, StepResult } from "../../core/run/report.ts";
import type { BudgetName } from "../../core/model/budget.ts";
import { describeBudget, describeDuration } from "../base/duration.ts";
import { code, sentence } from "./escape-markdown.ts";
import { findingLines } from "./findings.ts";
import { fitSections, type Fitted, type Limits, type Section } from "./fit.ts";

/** What stands beside a run where it is shown. */
export type RunContext = {
  readonly title: string;
  readonly commit?: string;
  /** Where it is watched, and what is left of the text when it is cut. */
  readonly whole?: string;
};

/** How a run ended, in words. */
export const verdictWords: Readonly<Record<RunVerdict, string>> = {
  done: "done",
  failed: "failed",
  stopped: "stopped with work left, which the next run goes on with",
  interrupted: "interrupted, which loses nothing: the next run goes on",
  refused: "refused, and nothing was written",
  declined: "not applied",
};

/** What an apply did, as Markdown: steps that succeeded are counted, every other one is named. */
export function renderRunMarkdown(report: RunReport, context: RunContext, limits: Limits): Fitted {
  const { verdict, results, problems, took } = report;
  const told = new Set(results.flatMap((one) => ("problem" in one && one.problem ? [one.problem] : [])));
  const others = problems.filter((one) => !told.has(one));
  const sections: readonly (Section | undefined)[] = [
    {
      worth: 100,
      head: [
        `### ${context.title}: ${verdictWords[verdict]}`,
        "",
        `${countResults(results)} in ${describeDuration(took)}.`,
      ],
      lines: [],
      foot: [],
    },
    stepSection(results),
    problemSection([...told, ...others]),
    { worth: 100, head: [footOf(report, context)], lines: [], foot: [] },
  ];
  return fitSections(
    sections.filter((one) => one !== undefined),
    limits,
    context.whole,
  );
}

/** How far a run is, at the border of a wave. */
type Progress = {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** What it waits for. */
  readonly budget: BudgetName;
  readonly hash: string;
};

/** A run that goes on. Nothing of it depends on the clock: how long it still takes is told by the job's page. */
export function renderProgressMarkdown(
  { done, failed, total, budget, hash }: Progress,
  { title, whole }: RunContext,
): string {
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  const watch = whole === undefined ? "" : ` [Watch it](${whole}).`;
  return [
    `### ${title}: applying, ${done} of ${total} steps done${failures}`,
    "",
    `It waits until ${sentence(describeBudget(budget))} has calls again, and then goes on.${watch}`,
    "",
    `<sub>Plan ${code(hash.slice(0, 12))}</sub>`,
    "",
  ].join("\n");
}

/** `3 done, 1 failed` */
export function countResults(results: readonly StepResult[]): string {
  const counts = new Map<StepResult["status"], number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (counts.size === 0) return "No step";
  const names: Readonly<Record<StepResult["status"], string>> = {
    done: "done",
    skipped: "skipped, since there was nothing to write",
    failed: "failed",
    uncertain: "uncertain",
    blocked: "blocked",
    left: "not started",
  };
  return [...counts].map(([status, many]) => `${many} ${names[status]}`).join(", ");
}

function stepSection(results: readonly StepResult[]): Section | undefined {
  const lines = results.flatMap((one) => {
    if (one.status === "done" || one.status === "skipped") return [];
    const why = one.status === "blocked" ? `, it needs ${code(one.by)}` : "";
    return [`- ${one.status === "left" ? "not started" : one.status}: ${code(one.step)}${why}`];
  });
  return lines.length === 0 ? undefined : { worth: 80, head: [], lines, foot: [] };
}

function problemSection(problems: RunReport["problems"]): Section | undefined {
  const lines = (["refusal", "error", "warning", "note"] as const).flatMap((one) =>
    findingLines(problems, one),
  );
  return lines.length === 0 ? undefined : { worth: 70, head: [], lines, foot: [] };
}

function footOf({ run, plan }: RunReport, { commit }: RunContext): string {
  const of = commit === undefined ? "" : ` of commit ${code(commit.slice(0, 12))}`;
  return `<sub>Run ${code(run)}, plan ${code(plan.hash.slice(0, 12))}${of}</sub>`;
}
