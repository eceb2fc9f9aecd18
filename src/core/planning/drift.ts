import type { Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import type { Plan } from "../model/plan.ts";
import type { Problem } from "../base/problem.ts";

/**
 * What happened to a resource outside of trueup, the worst of all its fields.
 *
 * - `changed`: somebody changed it, or added it where the file is exclusive, and the file did not move.
 * - `conflict`: both moved.
 * - `converged`: somebody made it what the file asks, which may be to delete it.
 * - `gone`: somebody deleted an owned object.
 * - `pending`: only the file moved, which is no drift.
 */
export type DriftVerdict = "changed" | "conflict" | "converged" | "gone" | "pending";

type Drifted = {
  readonly address: Address;
  readonly verdict: DriftVerdict;
  /** Fields, and notes of what stays, with the verdict `outside` changed, with `both` are a conflict, with `file` are pending. */
  readonly change: ResourceChange;
};

/** What `trueup drift` found. */
export type DriftReport = {
  readonly formatVersion: "1.0";
  readonly basis: Plan["basis"];
  readonly reads: Plan["reads"];
  /** Sorted by address. */
  readonly drifted: readonly Drifted[];
  /** Addresses of which only the file moved: `plan` is for these. */
  readonly pending: readonly Address[];
  /** Addresses where only a value that the file takes from elsewhere is another one than last applied. */
  readonly renewed: readonly Address[];
  /** How many addresses neither drifted, nor are pending or renewed. */
  readonly unchanged: number;
  /** `--accept`: what was agreed to, as `ADDRESS/field.ENTRY`. */
  readonly accepted?: readonly string[];
  readonly problems: readonly Problem[];
  /** All or most of what is owned in an account is gone; `problems` says what. */
  readonly critical?: true;
};

/** The drift that a plan shows. It is made of the same reads and comparisons, and there is no way to write. */
export function findDrift(plan: Plan): DriftReport {
  const judged = plan.changes.map((change) => ({ change, drifted: judge(change) }));
  const drifted = judged.flatMap(({ drifted: one }) => (one && one.verdict !== "pending" ? [one] : []));
  const moved = judged.filter(({ drifted: one }) => one?.verdict === "pending").map(({ change }) => change);
  const pending = moved.filter((change) => !isRenewed(change)).map(({ address }) => address);
  const renewed = moved.filter(isRenewed).map(({ address }) => address);
  const gone = plan.refusals.filter((one) => one.code === "everything-gone");
  return {
    formatVersion: "1.0",
    basis: plan.basis,
    reads: plan.reads,
    drifted,
    pending,
    renewed,
    unchanged: plan.changes.length - drifted.length - moved.length,
    ...(gone.length > 0 && { critical: true as const }),
    problems: [
      ...plan.problems,
      // Nothing is written here, so what refuses an apply is only an alarm.
      ...gone.map((one) => ({ ...one, severity: "warning" as const })),
      ...plan.refusals.filter((one) => one.code === "ambiguous-name" || one.code === "wrong-workspace"),
    ],
  };
}

/** Whether the file asks what it asked, and only a variable of the environment, a file or another resource gives another value. */
function isRenewed({ fields }: ResourceChange): boolean {
  return fields.length > 0 && fields.every(({ verdict }) => verdict === "source");
}

/** Whether there is drift: exit code 5. What converged is shown, and is no alarm. */
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
