import { hasDrift, type DriftReport } from "../../core/planning/drift.ts";
import { printRows } from "../base/rows.ts";
import { openCanvas } from "../base/screen.ts";
import { describeDrift } from "../plan/drift.ts";
import { planRows } from "../plan/plan-rows.ts";
import { fence } from "./escape-markdown.ts";
import { findingLines } from "./findings.ts";
import { fitSections, type Fitted, type Limits } from "./fit.ts";

/** The report of `drift` as Markdown: what somebody changed outside the file. */
export function renderDriftMarkdown(
  report: DriftReport,
  { title, whole }: { readonly title: string; readonly whole?: string },
  limits: Limits,
): Fitted {
  const canvas = openCanvas({ columns: 100, colour: false, unicode: true });
  const rows = printRows(
    planRows(
      report.drifted.map(({ change }) => change),
      canvas,
    ),
    canvas.columns,
  );
  const [open = "", ...rest] = fence(
    rows.map((line) => line.replace(/^ {2}/u, "")),
    "diff",
  ).split("\n");
  const findings = (["refusal", "error", "warning", "note"] as const).flatMap((one) =>
    findingLines(report.problems, one),
  );
  const next = hasDrift(report)
    ? ["", "`trueup apply` makes the accounts what the file says; or write what is right into the file."]
    : [];
  const sections = [
    { worth: 100, head: [`### ${title}: ${describeDrift(report)}`, ...next], lines: [], foot: [] },
    { worth: 80, head: [open], lines: rest.slice(0, -1), foot: [rest.at(-1) ?? ""] },
    { worth: 40, head: [], lines: findings, foot: [] },
  ];
  const kept = sections.filter(
    ({ head, lines }, index) => index === 0 || (index === 1 ? rows : [...head, ...lines]).length > 0,
  );
  return fitSections(kept, limits, whole);
}
