import { fieldKey } from "../model/desired.ts";
import type { Plan } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";
import type { Inventory } from "../model/inventory.ts";
import type { StepResult, Ungiven } from "../run/report.ts";

/** Whether a plan needs a `sync: false` value that was deleted from the account and is not given anew. */
export function needsAnswer(plan: Plan): boolean {
  return plan.changes.some(({ fields }) => fields.some((field) => field.unanswered));
}

/** A warning, at the end of an apply, for each deleted `sync: false` value that was asked for and not given: it is left out. */
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
      const message = `${key} of ${address} was deleted by somebody, and no new value was given: it is left out.`;
      const remedy = `Give one with --values, or at the prompt; or agree to its absence: trueup drift --accept ${address}/${key}.`;
      return [problem("warning", "value-missing", message, remedy, { where, address })];
    }),
  );
}

/**
 * The `sync: false` values that a run ended without: the plan asked for them and `inventory`, as it is after the run, has none. Those
 * that somebody deleted have a warning of their own (`tellLeftOut`).
 */
export function listUngiven(plan: Plan, inventory: Inventory): readonly Ungiven[] {
  return plan.changes.flatMap(({ address, notes, fields }): readonly Ungiven[] => {
    const owned = inventory.resources[address];
    const deleted = new Set(
      fields.flatMap((one) => (one.unanswered ? [fieldKey(one.field, one.entry)] : [])),
    );
    const keys = notes.flatMap((note) =>
      note.note === "needs-value" ? [fieldKey(note.field, note.entry)] : [],
    );
    const entries = keys.filter((key) => owned && owned.fields[key] === undefined && !deleted.has(key));
    return entries.length === 0 ? [] : [{ address, entries }];
  });
}
