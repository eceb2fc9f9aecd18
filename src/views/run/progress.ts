import type { Millis } from "../../core/model/budget.ts";
import type { StepId } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { RunEvent } from "../../core/run/report.ts";
import { describeBudget, describeDuration, describeEstimate } from "../base/duration.ts";
import { printLine, truncateMiddle } from "../base/layout.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/** What is known of a run while it goes on, gathered from its events. Times are milliseconds since the start of the run. */
export type Progress = {
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  readonly running: ReadonlyMap<StepId, Millis>;
  /** When the run will probably end. */
  readonly end: Millis;
  readonly wait?: { readonly budget: string; readonly until: Millis };
};

/** The progress of a run before its first event. */
export const noProgress: Progress = { total: 0, finished: 0, failed: 0, running: new Map(), end: 0 };

/** The progress after one more event. */
export function advance(progress: Progress, event: RunEvent): Progress {
  switch (event.event) {
    case "run-began":
      return { ...noProgress, total: event.steps.length, end: event.end };
    case "step-began":
      return { ...progress, running: new Map([...progress.running, [event.step, event.at]]) };
    case "step-done":
    case "step-skipped":
      return {
        ...progress,
        running: without(progress, event.step),
        finished: progress.finished + 1,
        end: event.at + event.remaining,
      };
    case "step-failed":
      return { ...progress, running: without(progress, event.step), failed: progress.failed + 1 };
    case "budget-wait":
      return { ...progress, wait: { budget: event.budget, until: event.until } };
    case "warning":
      return progress;
    case "run-ended":
      return { ...withoutWait(progress), running: new Map() };
    default:
      return event satisfies never;
  }
}

function without(progress: Progress, step: StepId): ReadonlyMap<StepId, Millis> {
  return new Map([...progress.running].filter(([running]) => running !== step));
}

function withoutWait({ wait: _wait, ...progress }: Progress): Progress {
  return progress;
}

/** The lines that stay on the terminal: one for each step that ended. `before` is the progress before the event. */
export function renderStepEnd(before: Progress, event: RunEvent, screen: Screen): string {
  const canvas = openCanvas(screen);
  const { ink, glyphs } = canvas;
  if (event.event === "step-skipped") {
    const line = `  . ${canvas.text(event.step)}  skipped, nothing to write`;
    return `${printLine([[line, ink.dim]])}\n`;
  }
  if (event.event === "warning") return renderWarning(event.problem, screen);
  if (event.event !== "step-done" && event.event !== "step-failed") return "";
  const took = describeTook(event.at - (before.running.get(event.step) ?? event.at));
  const step = canvas.text(event.step);
  if (event.event === "step-done")
    return `${printLine([["  "], [glyphs.done, ink.green], [` ${step}`], [took, ink.dim]])}\n`;
  return `${printLine([["  "], [glyphs.failed, ink.red], [` ${step}${took}  `], [canvas.text(event.problem.message), ink.red]])}\n`;
}

function describeTook(took: Millis): string {
  return took < 1000 ? "" : `  ${describeDuration(took)}`;
}

const shownRunning = 6;

/** The lines that are drawn again with each event: the steps that run now, then the bar. None is wider than the screen. */
export function renderLive(progress: Progress, at: Millis, screen: Screen): readonly string[] {
  if (progress.total === 0) return [];
  const canvas = openCanvas(screen);
  const { ink, glyphs } = canvas;
  const spin = spinAt(at, canvas);
  const running = [...progress.running].slice(0, shownRunning).map(([step, began]) => {
    const took = describeTook(at - began);
    const name = truncateMiddle(canvas.text(step), canvas.columns - 5 - took.length, glyphs.ellipsis);
    return printLine([["  "], [spin, ink.cyan], [` ${name}`], [took, ink.dim]]);
  });
  const more = progress.running.size - shownRunning;
  const folded = more > 0 ? [ink.dim(`    and ${more} more`)] : [];
  return [...running, ...folded, ...waitLines(progress, at, canvas), barLine(progress, at, canvas)];
}

/** The lines that are drawn while the accounts are read, before there is a plan. */
export function renderReading(progress: Progress, at: Millis, screen: Screen): readonly string[] {
  const canvas = openCanvas(screen);
  return [
    printLine([["  "], [spinAt(at, canvas), canvas.ink.cyan], [" reading the account"]]),
    ...waitLines(progress, at, canvas),
  ];
}

function spinAt(at: Millis, { glyphs }: Canvas): string {
  const frames = Array.from(glyphs.spin);
  return frames[Math.floor(at / 100) % frames.length] ?? "";
}

const barWidth = 24;

function barLine(progress: Progress, at: Millis, { ink, glyphs }: Canvas): string {
  const ended = progress.finished + progress.failed;
  const filled = Math.round((ended / progress.total) * barWidth);
  const failed = progress.failed > 0 ? `   ${progress.failed} failed` : "";
  // The run waits now, perhaps longer than the plan expected, because another program uses the same limit.
  const end = Math.max(progress.end, progress.wait?.until ?? 0);
  const left = describeEstimate(Math.max(0, end - at));
  const words = `  ${ended} of ${progress.total}${failed}   ${left} left`;
  return printLine([
    ["  "],
    [glyphs.bar.repeat(filled), ink.green],
    [glyphs.rest.repeat(barWidth - filled), ink.dim],
    [words],
  ]);
}

/**
 * The line that says what the run waits for. A step that waits for a limit counts as running, so without the line
 * nothing would seem to happen.
 */
function waitLines({ wait }: Progress, at: Millis, { ink, text }: Canvas): readonly string[] {
  if (wait === undefined || wait.until <= at) return [];
  return [ink.dim(`  waiting ${describeDuration(wait.until - at)} for ${text(describeBudget(wait.budget))}`)];
}

/**
 * Whether two events tell of the same wait: each call that waits for a limit sends one, and all wait for the same
 * moment.
 */
function isSameWait(
  known: Progress["wait"],
  event: { readonly budget: string; readonly until: Millis },
): boolean {
  return known?.budget === event.budget && Math.abs(known.until - event.until) < 1000;
}

/** A warning that comes up during a run, for the terminal. */
export function renderWarning(problem: Problem, screen: Screen): string {
  const { text, ink } = openCanvas(screen);
  return `${ink.yellow("warning")}  ${text(problem.message)} ${text(problem.remedy)}\n`;
}

/**
 * The lines of an event where there is no terminal to draw on, as in a CI job: one for each thing worth knowing.
 * Empty for other events.
 */
export function renderProgressLine(before: Progress, event: RunEvent, screen: Screen): string {
  const canvas = openCanvas(screen);
  switch (event.event) {
    case "run-began":
      return `run ${canvas.text(event.run)}: ${event.steps.length} steps, ${describeEstimate(event.end)}\n`;
    case "step-done":
    case "step-failed": {
      const number = before.finished + before.failed + 1;
      const took = describeTook(event.at - (before.running.get(event.step) ?? event.at)).trim();
      const how =
        event.event === "step-done"
          ? ["done", took].join(" ").trim()
          : `FAILED: ${canvas.text(event.problem.message)}`;
      return `[${number}/${before.total}] ${canvas.text(event.step)}: ${how}\n`;
    }
    case "step-skipped":
      return `[${before.finished + before.failed + 1}/${before.total}] ${canvas.text(event.step)}: skipped, nothing to write\n`;
    case "budget-wait":
      if (isSameWait(before.wait, event)) return "";
      return `waiting ${describeDuration(event.until - event.at)} for ${canvas.text(describeBudget(event.budget))}\n`;
    case "warning":
      return renderWarning(event.problem, screen);
    case "step-began":
    case "run-ended":
      return "";
    default:
      return event satisfies never;
  }
}
