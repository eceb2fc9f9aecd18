import type { Address } from "../base/address.ts";
import type { Millis } from "../model/budget.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Plan, Step, StepId } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";

/**
 * What happened to a step in a run.
 *
 * - `done`, `failed`: its call was done, or was not done. A `problem` of a done step is a warning.
 * - `skipped`: it turned out to have nothing to write, and no call was sent.
 * - `uncertain`: its call was sent, and it is not known whether it was done.
 * - `blocked`: a step that it needs, `by`, failed.
 * - `left`: the run stopped before it.
 */
export type StepResult =
  | { readonly step: StepId; readonly status: "done"; readonly problem?: Problem }
  | { readonly step: StepId; readonly status: "skipped"; readonly problem?: Problem }
  | { readonly step: StepId; readonly status: "failed" | "uncertain"; readonly problem: Problem }
  | { readonly step: StepId; readonly status: "blocked"; readonly by: StepId }
  | { readonly step: StepId; readonly status: "left" };

/**
 * How a run ended. `stopped`: on purpose and with work left, at the end of `--max-duration` or before a wait longer than
 * `--max-wait`. `interrupted`: by a signal. `refused`: the plan has refusals. `declined`: the person said no.
 */
export type RunVerdict = "done" | "failed" | "stopped" | "interrupted" | "refused" | "declined";

/** The report of an apply, which all views of it read. `took`: how long it took. */
export type RunReport = {
  readonly formatVersion: "1.0";
  /** Id of the run, as in the journal. */
  readonly run: string;
  readonly verdict: RunVerdict;
  readonly plan: Plan;
  /** One for each step of the plan, in its order. Empty where nothing was begun. */
  readonly results: readonly StepResult[];
  /** Of the run: of failed steps, and what was told on the way. The plan has its own. */
  readonly problems: readonly Problem[];
  /** `sync: false` values that the run ended without, by address. Absent: none. */
  readonly ungiven?: readonly Ungiven[];
  readonly took: Millis;
};

/** Entries of one resource, as `envVars.SENTRY_DSN`, that are `sync: false` and have no value: nobody gave one, so they were left out. */
export type Ungiven = { readonly address: Address; readonly entries: readonly string[] };

/**
 * An event of a run, as it happens. `--events` prints them, the terminal draws them. All times count from the start of the
 * run: `at` is when it happens, `end` when the schedule ends, `until` when a window opens. `remaining` is the time from
 * `at` to that end.
 */
export type RunEvent =
  | {
      readonly event: "run-began";
      readonly at: Millis;
      readonly run: string;
      readonly steps: readonly Step[];
      readonly end: Millis;
    }
  | { readonly event: "step-began"; readonly at: Millis; readonly step: StepId }
  | { readonly event: "step-done"; readonly at: Millis; readonly step: StepId; readonly remaining: Millis }
  | { readonly event: "step-skipped"; readonly at: Millis; readonly step: StepId; readonly remaining: Millis }
  | { readonly event: "step-failed"; readonly at: Millis; readonly step: StepId; readonly problem: Problem }
  | { readonly event: "budget-wait"; readonly at: Millis; readonly budget: string; readonly until: Millis }
  /** Something worth knowing, which stops nothing. */
  | { readonly event: "warning"; readonly at: Millis; readonly problem: Problem }
  | { readonly event: "run-ended"; readonly at: Millis; readonly verdict: RunVerdict };

/** How many changes of each sort a plan has. */
export type Counts = {
  readonly create: number;
  readonly update: number;
  readonly drifted: number;
  readonly adopt: number;
  readonly replace: number;
  readonly delete: number;
  readonly unchanged: number;
};

/** Whether a change is drift: an update of which the file moved in nothing, since somebody changed the live object. */
export function isDrifted(change: ResourceChange): boolean {
  return (
    change.action === "update" &&
    change.fields.length > 0 &&
    change.fields.every((field) => field.verdict === "outside")
  );
}

/** Counts the changes of a plan. An update counts either as `update` or as `drifted`; a `forget` counts as unchanged. */
export function countChanges(plan: Plan): Counts {
  const counts = { create: 0, update: 0, drifted: 0, adopt: 0, replace: 0, delete: 0, unchanged: 0 };
  for (const change of plan.changes) {
    if (change.action === "keep" || change.action === "forget") counts.unchanged += 1;
    else if (change.action !== "update") counts[change.action] += 1;
    else if (isDrifted(change)) counts.drifted += 1;
    else counts.update += 1;
  }
  return counts;
}
