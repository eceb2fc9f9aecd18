import { Option, type Command } from "commander";
import type { Plan } from "../../../core/model/plan.ts";
import type { DriftReport } from "../../../core/planning/drift.ts";
import type { PlanGraph } from "../../../core/planning/plan-graph.ts";
import type { Rehearsal } from "../../../core/planning/rehearsal.ts";
import type { RunReport } from "../../../core/run/report.ts";
import { everywhere, type OutputFormat } from "../base/common-options.ts";

/** Formats that are documents: stdout has nothing but one of them. */
type DocumentFormat = Exclude<OutputFormat, "text">;

/** Adds `--format` to a command that tells a plan, a run or drift. */
export function addFormatOption(command: Command): Command {
  return command
    .optionsGroup(everywhere)
    .addOption(
      new Option("--format <format>", "markdown for a comment, html for a page with graph and timetable")
        .choices(["text", "markdown", "html"])
        .default("text")
        .conflicts("json"),
    );
}

/** The document that was asked for; `undefined` where text or `--json` was. */
export function documentFormat({
  format = "text",
}: {
  readonly format?: OutputFormat;
}): DocumentFormat | undefined {
  return format === "text" ? undefined : format;
}

// Each view is loaded by the command that was asked for it: the page brings what lays out graphs along.

export async function writePlanDocument(
  format: DocumentFormat,
  plan: Plan,
  extras: { readonly graph?: PlanGraph; readonly rehearsal?: Rehearsal },
): Promise<string> {
  if (format === "html")
    return (await import("../../../views/html/plan-page.ts")).renderPlanPage(plan, extras);
  const { renderPlanMarkdown } = await import("../../../views/markdown/plan.ts");
  const { summaryLimits } = await import("../../../views/markdown/fit.ts");
  return renderPlanMarkdown(plan, { title: "trueup plan", ...extras }, summaryLimits).text;
}

export async function writeRunDocument(format: DocumentFormat, report: RunReport): Promise<string> {
  if (format === "html") return (await import("../../../views/html/run-page.ts")).renderRunPage(report);
  const { renderRunMarkdown } = await import("../../../views/markdown/run.ts");
  const { summaryLimits } = await import("../../../views/markdown/fit.ts");
  return renderRunMarkdown(report, { title: "trueup apply" }, summaryLimits).text;
}

export async function writeDriftDocument(
  format: DocumentFormat,
  report: DriftReport,
  graph: PlanGraph | undefined,
): Promise<string> {
  if (format === "html")
    return (await import("../../../views/html/drift-page.ts")).renderDriftPage(report, graph);
  const { renderDriftMarkdown } = await import("../../../views/markdown/drift.ts");
  const { summaryLimits } = await import("../../../views/markdown/fit.ts");
  return renderDriftMarkdown(report, { title: "trueup drift" }, summaryLimits).text;
}
