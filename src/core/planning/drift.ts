import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";

/**
 * What happened behind the file's back, per field or for the whole object. `changed`: somebody changed it, or added it where
 * the file is exclusive, and the file did not move. `conflict`: both moved. `converged`: somebody made it what the file
 * asks, which may be to delete it. `gone`: somebody deleted an owned object. `pending`: only the file moved, which is no
 * drift.
 */
export type DriftVerdict = "changed" | "conflict" | "converged" | "gone" | "pending";

type Drifted = {
  readonly address: Address;
  readonly verdict: DriftVerdict;
  /** Fields, and notes of what stays, with the verdict `outside` changed, with `both` are a conflict, with `file` are pending. */
  readonly change: ResourceChange;
};

export type DriftReport = {
  readonly formatVersion: "1.0";
  readonly basis: Plan["basis"];
  readonly reads: Plan["reads"];
  readonly drifted: readonly Drifted[];
  /** Addresses whose file moved and nothing else: what `plan` is for. */
  readonly pending: readonly Address[];
  readonly unchanged: number;
  /** `--accept`: what was agreed to, as `ADDRESS/field.ENTRY`. */
  readonly accepted?: readonly string[];
  readonly problems: readonly Problem[];
  /** All that is owned of an account is gone, or most of it: `problems` says which. */
  readonly critical?: true;
};

/** The verdicts of a plan. Pure: the same reads, the same comparison, no way to write. */
export function findDrift(plan: Plan): DriftReport {
  const judged = plan.changes.map((change) => ({ change, drifted: judge(change) }));
  const drifted = judged.flatMap(({ drifted: one }) => (one && one.verdict !== "pending" ? [one] : []));
  const pending = judged
    .filter(({ drifted: one }) => one?.verdict === "pending")
    .map(({ change }) => change.address);
  const gone = plan.refusals.filter((one) => one.code === "everything-gone");
  return {
    formatVersion: "1.0",
    basis: plan.basis,
    reads: plan.reads,
    drifted,
    pending,
    unchanged: plan.changes.length - drifted.length - pending.length,
    ...(gone.length > 0 && { critical: true as const }),
    problems: [
      ...plan.problems,
      // An alarm here, where nothing would be written, and no reason not to look.
      ...gone.map((one) => ({ ...one, severity: "warning" as const })),
      ...plan.refusals.filter((one) => one.code === "ambiguous-name" || one.code === "wrong-workspace"),
    ],
  };
}

/** Something moved that nobody asked for: exit code 5. A field that converged by itself is shown, and is no alarm. */
export function hasDrift(report: DriftReport): boolean {
  return report.critical === true || report.drifted.some((one) => one.verdict !== "converged");
}

function judge(change: ResourceChange): Drifted | undefined {
  const verdict = verdictOf(change);
  return verdict && { address: change.address, verdict, change };
}

function verdictOf(change: ResourceChange): DriftVerdict | undefined {
  const { action, fields, notes, outside } = change;
  if (outside === "added") return "changed";
  if (outside === "gone") return action === "forget" ? "converged" : "gone";
  if (action === "create" || action === "adopt" || action === "delete" || action === "forget")
    return "pending";
  const verdicts = [...fields, ...notes.filter((note) => note.note === "stays")].map(
    ({ verdict }) => verdict,
  );
  if (verdicts.includes("both")) return "conflict";
  if (verdicts.includes("outside") || notes.some(({ note }) => note === "secret-changed")) return "changed";
  if (fields.length > 0) return "pending";
  return change.moved ? "converged" : undefined;
}
