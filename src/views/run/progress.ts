import type { Millis } from "../../core/model/budget.ts";
import type { StepId } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { RunEvent } from "../../core/run/report.ts";
import { describeBudget, describeDuration, describeEstimate, describeTime } from "../base/duration.ts";
import { printLine } from "../base/layout.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/** What is known of a run while it goes on, gathered from its events. Times are milliseconds since the start of the run. */
export type Progress = {
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  readonly running: ReadonlyMap<StepId, Millis>;
  /** Of steps that only wait, the longest that they do. */
  readonly timeouts: ReadonlyMap<StepId, Millis>;
  /** When the run began, in milliseconds since 1970. */
  readonly start: Millis;
  /** When the run will probably end. */
  readonly end: Millis;
  readonly wait?: { readonly budget: string; readonly until: Millis };
};

/** The progress of a run before its first event. */
export const noProgress: Progress = {
  total: 0,
  finished: 0,
  failed: 0,
  running: new Map(),
  timeouts: new Map(),
  start: 0,
  end: 0,
};

/** The progress after one more event. */
export function advance(progress: Progress, event: RunEvent): Progress {
  switch (event.event) {
    case "run-began":
      return {
        ...noProgress,
        start: progress.start,
        total: event.steps.length,
        timeouts: new Map(
          event.steps.flatMap((step) => (step.step === "wait" ? [[step.id, step.timeout]] : [])),
        ),
        end: event.end,
      };
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

/** How long a step took, where that is worth telling. */
export function describeTook(took: Millis): string {
  return took < 1000 ? "" : `  ${describeDuration(took)}`;
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

/** What is waited for and until when: `waiting 12 min for render/create (20 an hour), until 10:00:00 UTC`. */
export function describeWait(
  wait: NonNullable<Progress["wait"]>,
  at: Millis,
  start: Millis,
  { text }: Canvas,
): string {
  const budget = text(describeBudget(wait.budget));
  return `waiting ${describeDuration(wait.until - at)} for ${budget}, until ${describeTime(start + wait.until)}`;
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
      return `${describeWait(event, event.at, before.start, canvas)}\n`;
    case "warning":
      return renderWarning(event.problem, screen);
    case "step-began":
    case "run-ended":
      return "";
    default:
      return event satisfies never;
  }
}
