import type { RunRecord, StepRecord, ToldRun } from "../../core/run/run-record.ts";
import { describeDuration } from "../base/duration.ts";
import { printDocument } from "../json/document.ts";
import { printLine } from "../base/layout.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Line, type Paint, type Screen } from "../base/screen.ts";

/** The list of runs for people: who ran what and how it ended, the newest first. */
export function renderRuns(runs: readonly ToldRun[], place: string, screen: Screen): string {
  const canvas = openCanvas(screen);
  if (runs.length === 0) return `No runs in the last 90 days, in ${canvas.text(place)}\n`;
  const rows = runs.map((run): Row => ({
    indent: 2,
    label: canvas.text(run.run),
    words: () => [runLine(run, canvas)],
  }));
  return `${printRows(rows, canvas.columns).join("\n")}\n`;
}

/** The list of runs as the document of `--json`. */
export function renderRunsJson(runs: readonly ToldRun[], place: string): string {
  return printDocument("runs", "done", { place, runs: runs.map(describeRun) });
}

/** One run for people, with all that is kept of it. */
export function renderRunRecord(run: ToldRun, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { text, ink } = canvas;
  const fact = (label: string, words: Line): Row => ({ indent: 2, label, words: () => [words] });
  const facts = [
    fact("outcome", [
      describeVerdict(run, canvas),
      ...(run.ended === undefined ? [] : ([[` after ${tookOf(run)}`]] as const)),
    ]),
    fact("began", [[text(run.began)]]),
    ...(run.by ? [fact("by", [[text(`${run.by.user} on ${run.by.host}`)]])] : []),
    ...(run.by?.url === undefined ? [] : [fact("page", [[text(run.by.url)]])]),
    ...(run.commit === undefined ? [] : [fact("commit", [[text(run.commit)]])]),
    fact("plan", [[text(run.plan)]]),
  ];
  // What is done is counted; what did not end well is named.
  const told = canvas.verbose ? run.steps : run.steps.filter(({ status }) => !isFine(status));
  const steps = told.map((step) => printLine([["    "], ...stepLine(step, canvas)]));
  const lines = [
    ink.bold(text(run.run)),
    ...printRows(facts, canvas.columns),
    `  steps: ${countSteps(run)}${told.length < run.steps.length ? "; -v lists them" : ""}`,
    ...steps,
  ];
  return `${lines.join("\n")}\n`;
}

/** One run as the document of `--json`. */
export function renderRunRecordJson(run: ToldRun): string {
  return printDocument("run-record", "done", { run: describeRun(run) });
}

function describeRun({ version: _version, ...run }: ToldRun) {
  return run;
}

function runLine(run: ToldRun, canvas: Canvas): Line {
  const who = run.by ? `  ${run.by.user} on ${run.by.host}` : "";
  const commit = run.commit === undefined ? "" : `  ${run.commit.slice(0, 8)}`;
  return [
    describeVerdict(run, canvas),
    [`  ${countSteps(run)}`],
    [canvas.text(`${who}${commit}  ${run.began}`), canvas.ink.dim],
  ];
}

function describeVerdict(run: ToldRun, { ink }: Canvas): readonly [string, Paint] {
  switch (run.verdict) {
    case "done":
      return ["done", ink.green];
    case "failed":
      return ["failed", ink.red];
    case "stopped":
    case "interrupted":
      return [run.verdict, ink.yellow];
    case "unfinished":
      return run.isRunning ? ["running", ink.cyan] : ["cut off", ink.red];
    default:
      return run.verdict satisfies never;
  }
}

const statuses: readonly StepRecord["status"][] = [
  "done",
  "skipped",
  "failed",
  "uncertain",
  "blocked",
  "left",
];

function countSteps({ steps }: RunRecord): string {
  const counts = statuses.flatMap((status) => {
    const many = steps.filter((step) => step.status === status).length;
    return many === 0 ? [] : [`${many} ${status}`];
  });
  return counts.length === 0 ? "none" : counts.join(", ");
}

function stepLine({ step, status, code, by }: StepRecord, canvas: Canvas): Line {
  const { ink, glyphs, text } = canvas;
  const marks: { readonly [Status in StepRecord["status"]]: readonly [string, Paint | undefined] } = {
    done: [glyphs.done, ink.green],
    skipped: [".", undefined],
    failed: [glyphs.failed, ink.red],
    uncertain: ["?", ink.yellow],
    blocked: [".", undefined],
    left: [".", undefined],
  };
  const more = code ?? (by === undefined ? status : `${status}, it needs: ${by}`);
  return [
    marks[status],
    [` ${text(step)}`],
    ...(status === "done" ? [] : ([[`  ${text(more)}`, ink.dim]] as const)),
  ];
}

function isFine(status: StepRecord["status"]): boolean {
  return status === "done" || status === "skipped";
}

function tookOf({ began, ended = began }: RunRecord): string {
  return describeDuration(Date.parse(ended) - Date.parse(began));
}
