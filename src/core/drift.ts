import type { Address } from "./address.ts";
import type { ResourceChange } from "./change.ts";
import type { Plan } from "./plan.ts";
import type { Problem } from "./problem.ts";

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
  /** Fields with the verdict `outside` changed, with `both` are a conflict, with `file` are pending. */
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
  readonly problems: readonly Problem[];
};

/** The verdicts of a plan. Pure: the same reads, the same comparison, no way to write. */
export function findDrift(plan: Plan): DriftReport {
  const judged = plan.changes.map((change) => ({ change, drifted: judge(change) }));
  const drifted = judged.flatMap(({ drifted: one }) => (one && one.verdict !== "pending" ? [one] : []));
  const pending = judged
    .filter(({ drifted: one }) => one?.verdict === "pending")
    .map(({ change }) => change.address);
  return {
    formatVersion: "1.0",
    basis: plan.basis,
    reads: plan.reads,
    drifted,
    pending,
    unchanged: plan.changes.length - drifted.length - pending.length,
    problems: [
      ...plan.problems,
      ...plan.refusals.filter((one) => one.code === "ambiguous-name" || one.code === "wrong-workspace"),
    ],
  };
}

/** Something moved that nobody asked for: exit code 5. A field that converged by itself is shown, and is no alarm. */
export function hasDrift(report: DriftReport): boolean {
  return report.drifted.some((one) => one.verdict !== "converged");
}

function judge(change: ResourceChange): Drifted | undefined {
  const verdict = verdictOf(change);
  return verdict && { address: change.address, verdict, change };
}

function verdictOf(change: ResourceChange): DriftVerdict | undefined {
  const { action, fields, outside } = change;
  if (outside === "added") return "changed";
  if (outside === "gone") return action === "forget" ? "converged" : "gone";
  if (action === "create" || action === "adopt" || action === "delete" || action === "forget")
    return "pending";
  if (fields.some((field) => field.verdict === "both")) return "conflict";
  if (fields.some((field) => field.verdict === "outside")) return "changed";
  if (fields.length > 0) return "pending";
  return change.moved ? "converged" : undefined;
}
