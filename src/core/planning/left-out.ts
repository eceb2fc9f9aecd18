import { fieldKey } from "../model/desired.ts";
import type { Plan } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";
import type { StepResult } from "../run/report.ts";

/** Somebody deleted a `sync: false` value that was there, and nobody gave another. */
export function needsAnswer(plan: Plan): boolean {
  return plan.changes.some(({ fields }) => fields.some((field) => field.unanswered));
}

/** Said again at the end of an apply: what was deleted by somebody, is asked for, and was left out all the same. */
export function tellLeftOut(plan: Plan, results: readonly StepResult[]): readonly Problem[] {
  const done = new Set(results.flatMap(({ step, status }) => (status === "done" ? [step] : [])));
  return plan.changes.flatMap(({ address, fields }) =>
    fields.flatMap(({ field, entry, where, unanswered }): readonly Problem[] => {
      const key = fieldKey(field, entry);
      const isWritten = plan.steps.some(
        (step) =>
          step.address === address && step.step === "write" && step.fields.includes(key) && done.has(step.id),
      );
      if (!unanswered || isWritten) return [];
      const message = `${key} of ${address} was deleted by somebody, and nobody gave a value: it is left out.`;
      const remedy = `Give one with --values, or at the prompt; or agree to its absence: trueup drift --accept ${address}/${key}.`;
      return [problem("warning", "value-missing", message, remedy, { where, address })];
    }),
  );
}
