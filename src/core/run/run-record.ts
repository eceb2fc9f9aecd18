import type { JournalEntry, RunBy } from "./journal.ts";
import type { StepId } from "../model/plan.ts";
import type { StepResult } from "./report.ts";

/** What is kept of a step. `code`: that of the problem it failed with. `by`: the failed step that it needed. */
export type StepRecord = {
  readonly step: StepId;
  readonly status: StepResult["status"];
  readonly code?: string;
  readonly by?: StepId;
};

/**
 * What is kept of a run for 90 days. Times are ISO 8601 in UTC. `unfinished`: it was killed, or it is running still; then
 * `ended` is absent and only the steps that began are listed.
 */
export type RunRecord = {
  readonly version: 1;
  readonly run: string;
  readonly began: string;
  readonly ended?: string;
  readonly by?: RunBy;
  /** The commit of the repository that the file was read from. */
  readonly commit?: string;
  /** Hash of the plan. */
  readonly plan: string;
  readonly verdict: "done" | "failed" | "stopped" | "interrupted" | "unfinished";
  readonly steps: readonly StepRecord[];
};

/** The record of a run, and whether it is at work right now: it holds the lock, and its lease has not ended. */
export type ToldRun = RunRecord & { readonly isRunning: boolean };

/** The result of a step as the record keeps it. */
function recordStep(result: StepResult): StepRecord {
  switch (result.status) {
    case "done":
    case "skipped":
    case "left":
      return { step: result.step, status: result.status };
    case "failed":
    case "uncertain":
      return { step: result.step, status: result.status, code: result.problem.code };
    case "blocked":
      return { step: result.step, status: "blocked", by: result.by };
    default:
      return result satisfies never;
  }
}

/** The record of a run that has ended. `began` is milliseconds since 1970; the other facts are of its report. */
export function recordRun(
  facts: Pick<RunRecord, "run" | "plan" | "verdict" | "by" | "commit"> & {
    readonly began: number;
    readonly ended: number;
  },
  results: readonly StepResult[],
): RunRecord {
  const { began, ended, ...rest } = facts;
  return {
    version: 1,
    ...rest,
    began: timeText(began),
    ended: timeText(ended),
    steps: results.map(recordStep),
  };
}

/** The runs that a journal tells of, in order. */
export function runsOf(journal: readonly JournalEntry[]): readonly RunRecord[] {
  return journal.flatMap((entry) => (entry.entry === "run-began" ? [runOf(entry, journal)] : []));
}

function runOf(began: JournalEntry & { entry: "run-began" }, journal: readonly JournalEntry[]): RunRecord {
  const own = journal.filter((entry) => entry.run === began.run);
  const end = own.find((entry) => entry.entry === "run-ended");
  return {
    version: 1,
    run: began.run,
    began: timeText(began.at),
    ...(end && { ended: timeText(end.at) }),
    ...(began.by && { by: began.by }),
    ...(began.commit !== undefined && { commit: began.commit }),
    plan: began.plan,
    verdict: end?.entry === "run-ended" ? end.verdict : "unfinished",
    steps: stepsOf(own),
  };
}

/** The last known state of each step; one that was announced and never answered is uncertain. */
function stepsOf(journal: readonly JournalEntry[]): readonly StepRecord[] {
  const steps = new Map<StepId, StepRecord>();
  for (const entry of journal) {
    if (entry.entry === "intent") steps.set(entry.step, { step: entry.step, status: "uncertain" });
    if (entry.entry !== "outcome" && entry.entry !== "recorded") continue;
    const { step, result } = entry;
    if (result.status === "failed") steps.set(step, { step, status: "failed", code: result.code });
    else steps.set(step, { step, status: result.status === "done" ? "done" : "uncertain" });
  }
  return [...steps.values()];
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
