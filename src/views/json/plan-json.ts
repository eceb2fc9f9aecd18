import { joinAnswers } from "../../core/consent/answers.ts";
import type { ResourceChange } from "../../core/model/change.ts";
import { isPending, type Plan, type Schedule, type Step } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import { hasDrift, type DriftReport } from "../../core/planning/drift.ts";
import type { Rehearsal } from "../../core/planning/rehearsal.ts";
import {
  verdictOfDrift,
  verdictOfPlan,
  verdictOfProblems,
  verdictOfRun,
  type CommandVerdict,
} from "../../core/planning/verdict.ts";
import { countChanges, type RunReport } from "../../core/run/report.ts";
import { printDocument, renderProblemsJson } from "./document.ts";

/*
 * Plans, runs and drift as documents. They hold what a person or a script can use. What only trueup does anything with stays
 * out: bodies of calls, digests, the place of each step in the schedule, the bookkeeping of rotations.
 */

/** A plan as the document of `--json`. Where there is none (an account could not be read), it holds the problems alone. */
export function renderPlanJson(
  plan: Plan | undefined,
  problems: readonly Problem[],
  rehearsal?: Rehearsal,
): string {
  if (!plan) return renderProblemsJson(problems);
  const all = [...plan.problems, ...problems];
  const own = verdictOfProblems(problems);
  return printDocument("plan", own === "done" ? verdictOfPlan(plan, rehearsal) : own, {
    ...describePlan(plan),
    problems: all,
    ...(rehearsal && { rehearsal: describeRehearsal(rehearsal) }),
  });
}

/** The report of an apply, a destroy or a rotation as the document of `--json`. `verdict`: where the shell knows better how it ended. */
export function renderRunJson(report: RunReport, verdict: CommandVerdict = verdictOfRun(report)): string {
  const { run, plan, results, problems, ungiven, took } = report;
  return printDocument("run", verdict, {
    run,
    plan: describePlan(plan),
    results,
    problems,
    took,
    ...(ungiven && { ungiven }),
  });
}

/** The report of `drift` as the document of `--json`. */
export function renderDriftJson({ formatVersion: _version, drifted, ...report }: DriftReport): string {
  const whole: DriftReport = { ...report, drifted, formatVersion: "1.0" };
  return printDocument("drift", verdictOfDrift(whole), {
    ...report,
    basis: describeBasis(report.basis),
    drifted: drifted.map((one) => ({ ...one, change: describeChange(one.change) })),
    drift: hasDrift(whole),
  });
}

function describePlan(plan: Plan) {
  const { basis, hash, changes, steps, refusals, problems, schedule, reads } = plan;
  return {
    basis: describeBasis(basis),
    hash,
    changes: changes.map(describeChange),
    steps: steps.map(describeStep),
    refusals,
    problems,
    schedule: describeSchedule(schedule),
    reads,
    counts: countChanges(plan),
    pending: isPending(plan),
    ...(refusals.length > 0 && { answers: joinAnswers(refusals) }),
  };
}

function describeBasis({ label, files, workspace, rendercadUser, inventory }: Plan["basis"]) {
  return { label, files, workspace, rendercadUser, inventory };
}

/** A change as a document shows it: without digests, and with one word of its own for a rotation. */
function describeChange(change: ResourceChange) {
  const { settled: _digests, succession, due, ...told } = change;
  return {
    ...told,
    ...(succession && { rotation: { mode: succession.mode, because: succession.because } }),
    ...(due && { continues: true }),
  };
}

/** A step as a document shows it: what it writes stands in its fields, so the body of the call stays out. */
export function describeStep(step: Step) {
  const { id, address, kind, needs } = step;
  const base = { id, address, kind, needs, step: step.step };
  switch (step.step) {
    case "write": {
      const { verb, write, fields, removed, optional, carries, takesEffectIn, mayFail } = step;
      const { method, path, budgets } = write;
      return {
        ...base,
        verb,
        call: { method, path, budgets },
        fields,
        removed,
        optional,
        ...(carries && { carries }),
        ...(takesEffectIn && { takesEffectIn }),
        ...(mayFail && { mayFail }),
      };
    }
    case "wait":
      return { ...base, for: step.for, until: step.until, timeout: step.timeout };
    case "record":
      return { ...base, verb: step.verb, fields: step.fields };
    default:
      return step satisfies never;
  }
}

function describeSchedule({ slots: _slots, order: _order, ...schedule }: Schedule) {
  return schedule;
}

function describeRehearsal({ formatVersion: _version, ...rehearsal }: Rehearsal) {
  return rehearsal;
}
