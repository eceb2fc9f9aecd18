import { joinAnswers } from "../../core/consent/answers.ts";
import { describeBody } from "../../core/model/write.ts";
import { hasDrift, type DriftReport } from "../../core/planning/drift.ts";
import { isPending, type Plan, type Step } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import type { Rehearsal } from "../../core/planning/rehearsal.ts";
import { countChanges, type RunReport } from "../../core/run/report.ts";

/**
 * The documents of `--json`. `formatVersion` follows semantic versioning: a new member is a minor step, a changed or
 * missing one a major step. Keys are sorted, so that equal input gives equal bytes.
 */

/**
 * A plan as the document of `--json`. Where there is no plan (the file has errors, an account could not be read), it
 * holds the problems alone.
 */
export function renderPlanJson(
  plan: Plan | undefined,
  problems: readonly Problem[],
  rehearsal?: Rehearsal,
): string {
  if (!plan) return printJson({ formatVersion: "1.0", problems });
  const all = [...plan.problems, ...problems];
  return printJson({ ...describePlan(plan), problems: all, ...(rehearsal && { rehearsal }) });
}

/** The report of an apply as the document of `--json`. */
export function renderRunJson(report: RunReport): string {
  return printJson({ ...report, plan: describePlan(report.plan) });
}

/** The report of `drift` as the document of `--json`. */
export function renderDriftJson(report: DriftReport): string {
  return printJson({ ...report, drift: hasDrift(report) });
}

/** A document of problems alone: what every command answers when it could not begin. */
export function renderProblemsJson(problems: readonly Problem[]): string {
  return printJson({ formatVersion: "1.0", problems });
}

function describePlan(plan: Plan) {
  return {
    ...plan,
    steps: plan.steps.map(describeStep),
    counts: countChanges(plan),
    pending: isPending(plan),
    ...(plan.refusals.length > 0 && { answers: joinAnswers(plan.refusals) }),
  };
}

/** A step as a document shows it. What it sends stands as in the plan hash, where a secret is described by its source. */
function describeStep(step: Step) {
  if (step.step !== "write" || step.write.body === undefined) return step;
  return { ...step, write: { ...step.write, body: describeBody(step.write.body) } };
}

/** A value as JSON with sorted keys, indented by two spaces, with a newline at its end. */
export function printJson(value: unknown): string {
  return `${escapeHidden(JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value))), null, 2))}\n`;
}

/** A value as JSON on one line, for NDJSON. */
export function printJsonLine(value: unknown): string {
  return `${escapeHidden(JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value)))))}\n`;
}

function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => sortKeys(item));
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}

/**
 * Characters that JSON leaves as they are and that steer a terminal or cannot be seen: DEL, C1 controls, bidi,
 * zero-width. They are escaped, because a terminal may show the document.
 */
const hidden = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeHidden(json: string): string {
  return json.replace(hidden, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
