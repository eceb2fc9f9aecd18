import { hasDrift, type DriftReport, type DriftVerdict } from "../../core/planning/drift.ts";
import { labelled } from "../base/rows.ts";
import { isFolded } from "./plan-groups.ts";
import { planRows } from "./plan-rows.ts";
import { printFindings, printHeader } from "./plan.ts";
import { printRows } from "../base/rows.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/** The report of `drift` for people: what somebody changed outside the file. What the file itself asks is only counted. */
export function renderDrift(report: DriftReport, screen: Screen): string {
  const canvas = openCanvas(screen);
  const drifted = report.drifted.map((one) => one.change);
  const blocks = [
    [printHeader(report, canvas)],
    printRows(planRows(drifted, canvas), canvas.columns),
    ...printFindings(report.problems, canvas),
    (report.accepted ?? []).map((name) => `${canvas.ink.bold("Accepted")}  ${canvas.text(name)}`),
    printSummary(report, canvas),
    printNext(report, canvas),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** What happened, for each verdict. */
export const driftWords: Readonly<Record<DriftVerdict, string>> = {
  changed: "changed outside",
  conflict: "changed in the file and outside",
  gone: "deleted outside",
  converged: "made equal to the file outside",
  pending: "changed in the file",
};

/** `critical, 2 changed outside, 30 as the file says`; begins with `none` where there is no drift. */
export function describeDrift(report: DriftReport): string {
  const verdicts: readonly DriftVerdict[] = ["changed", "conflict", "gone", "converged"];
  const counted = verdicts.map((verdict) => ({
    verdict,
    many: report.drifted.filter((one) => one.verdict === verdict).length,
  }));
  const parts = [
    ...counted.filter(({ many }) => many > 0).map(({ verdict, many }) => `${many} ${driftWords[verdict]}`),
    ...(report.pending.length > 0 ? [`${report.pending.length} changed in the file only`] : []),
    ...(report.renewed.length > 0 ? [`${report.renewed.length} with another value than last applied`] : []),
    `${report.unchanged} as the file says`,
  ];
  const all = report.critical ? ["critical", ...parts] : parts;
  return hasDrift(report) ? all.join(", ") : `none, ${parts.join(", ")}`;
}

function printSummary(report: DriftReport, canvas: Canvas): readonly string[] {
  return labelled("Drift", describeDrift(report), canvas);
}

function printNext(report: DriftReport, canvas: Canvas): readonly string[] {
  if (!hasDrift(report)) return [];
  const drifted = report.drifted.map(({ change }) => change);
  const folded = isFolded(drifted, canvas) ? "; -v lists every resource with all its fields" : "";
  const text = `trueup apply makes the accounts what the file says; or write what is right into the file${folded}`;
  return labelled("Next", text, canvas);
}
