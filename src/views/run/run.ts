import { groupBy } from "../../core/base/group.ts";
import type { RunReport, StepResult } from "../../core/run/report.ts";
import { describeDuration } from "../base/duration.ts";
import { groupProblems, printFinding, printFindingGroup } from "../base/finding.ts";
import { printLine, widthOf, wrapText } from "../base/layout.ts";
import { openCanvas, type Canvas, type Line, type Screen } from "../base/screen.ts";

type Tally = {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly uncertain: number;
  readonly blocked: number;
  readonly left: number;
};

/** The report of an apply for people. Steps that succeeded are counted; every other step is named, with what to do. */
export function renderRun(report: RunReport, screen: Screen): string {
  const canvas = openCanvas(screen);
  const ofSteps = new Set(report.results.flatMap((result) => ("problem" in result ? [result.problem] : [])));
  const lines = [
    ...printResults(report.results, canvas),
    ...groupProblems(report.problems.filter((found) => !ofSteps.has(found))).flatMap((group) =>
      printFindingGroup(group, canvas, canvas.ink.yellow),
    ),
  ];
  const head = printLine(headline(report, canvas));
  const next = wrapText(remedy(report), canvas.columns);
  const parts = [...lines, ...(lines.length > 0 ? [""] : []), head, ...(next[0] === "" ? [] : next)];
  return `${[...parts, ...printUngiven(report, canvas)].join("\n")}\n`;
}

/** The end of a report alone, for a run that found nothing to do: which `sync: false` values it ended without. Empty: none. */
export function renderUngiven(report: RunReport, screen: Screen): string {
  return printUngiven(report, openCanvas(screen))
    .map((line) => `${line}\n`)
    .join("");
}

function printUngiven({ ungiven = [] }: RunReport, canvas: Canvas): readonly string[] {
  if (ungiven.length === 0) return [];
  const { ink } = canvas;
  const values = ungiven.map(({ address, entries }) =>
    wrapText(canvas.text(`${address}: ${entries.join(", ")}`), canvas.columns - 2).map((line) => `  ${line}`),
  );
  const remedy = "Give them with --values FILE, or run apply at a terminal, which asks for them.";
  return [
    ink.bold(ink.yellow("Still without a value, because nobody gave one (sync: false)")),
    ...values.flat(),
    ...wrapText(remedy, canvas.columns),
  ];
}

function tally(results: readonly StepResult[]): Tally {
  const counts = { done: 0, skipped: 0, failed: 0, uncertain: 0, blocked: 0, left: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

function headline(report: RunReport, { ink }: Canvas): Line {
  const { done, skipped, failed, uncertain, blocked, left } = tally(report.results);
  const took = describeDuration(report.took);
  const parts = [
    [done, "done"],
    [skipped, "skipped"],
    [failed, "failed"],
    [uncertain, "uncertain"],
    [blocked, "blocked"],
    [left, "left"],
  ] as const;
  const counts = parts.flatMap(([many, words]) => (many > 0 ? [`${many} ${words}`] : [])).join(", ");
  switch (report.verdict) {
    case "done":
      return [
        ["Done", (text) => ink.bold(ink.green(text))],
        [done === 0 ? "   nothing to do" : `   ${done} ${done === 1 ? "step" : "steps"} in ${took}`],
        [skipped === 0 ? "" : `, ${skipped} skipped: there was nothing to write`],
      ];
    case "failed":
      return [
        ["Failed", (text) => ink.bold(ink.red(text))],
        [`   ${counts === "" ? "before the first step" : counts}, after ${took}`],
      ];
    case "interrupted":
      return [
        ["Interrupted", (text) => ink.bold(ink.yellow(text))],
        [`   ${counts === "" ? "before the first step" : counts}, after ${took}`],
      ];
    case "stopped":
      return [
        ["Stopped", (text) => ink.bold(ink.yellow(text))],
        [`   ${counts === "" ? "before the first step" : counts}, after ${took}`],
      ];
    case "refused":
      return [["Refused", (text) => ink.bold(ink.red(text))], ["   nothing was written"]];
    case "declined":
      return [["Not applied", ink.bold], ["   nothing was written"]];
    default:
      return report.verdict satisfies never;
  }
}

function remedy(report: RunReport): string {
  const unfinished = report.results.some(({ status }) => status !== "done" && status !== "skipped");
  if (report.verdict === "stopped")
    return "The time given is over, and nothing is lost: run apply again, and it goes on from here.";
  if (report.verdict === "interrupted") return "Nothing is lost: run apply again, and it goes on from here.";
  if (report.verdict === "failed" && unfinished)
    return "Run apply again when the cause is gone: what is done stays done, the rest is planned anew.";
  return "";
}

/** The most steps not started for one reason that are listed. Of more, the number is told. */
const mostListed = 8;

function printResults(results: readonly StepResult[], canvas: Canvas): readonly string[] {
  const groups = groupBy(results, (result) => {
    if (canvas.verbose) return result.step;
    if (result.status === "left") return "left";
    return result.status === "blocked" ? `blocked ${result.by}` : result.step;
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.length <= mostListed) return group.flatMap((result) => printResult(result, canvas));
    const why = first.status === "blocked" ? `blocked, they need: ${canvas.text(first.by)}` : "not started";
    return [printLine([[`  . ${group.length} steps`], [`  ${why}; -v lists them`, canvas.ink.dim]])];
  });
}

function printResult(result: StepResult, canvas: Canvas): readonly string[] {
  const { ink, glyphs } = canvas;
  switch (result.status) {
    case "done":
    case "skipped":
      return result.problem ? printFinding(result.problem, canvas, ink.yellow) : [];
    case "failed":
    case "uncertain":
      return [
        printLine([["  "], [glyphs.failed, ink.red], [" "], [canvas.text(result.step)]]),
        ...printFinding(result.problem, canvas, ink.red, 4),
      ];
    case "blocked":
      return besideOrBelow(canvas.text(result.step), `blocked, it needs: ${canvas.text(result.by)}`, canvas);
    case "left":
      return [printLine([["  . "], [canvas.text(result.step)], ["  not started", ink.dim]])];
    default:
      return result satisfies never;
  }
}

/** What is not cut, and not wider than the screen either: why a step did not start stands below its name where it has to. */
function besideOrBelow(step: string, why: string, { ink, columns }: Canvas): readonly string[] {
  const head: Line = [["  . "], [step]];
  const whole: Line = [...head, [`  ${why}`, ink.dim]];
  if (widthOf(whole) <= columns) return [printLine(whole)];
  return [
    printLine(head),
    ...wrapText(why, columns - 6).map((line) => printLine([["      "], [line, ink.dim]])),
  ];
}
