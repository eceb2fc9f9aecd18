import type { Problem } from "../base/problem.ts";
import { isPending, type Plan } from "../model/plan.ts";
import type { RunReport } from "../run/report.ts";
import { hasDrift, type DriftReport } from "./drift.ts";
import type { Rehearsal } from "./rehearsal.ts";

/**
 * How a command ended, in one word: what its exit code says, and the `verdict` of every document of `--json`.
 *
 *     done          0    nothing to do, or all of it done
 *     failed        1    an error
 *     pending       2    `plan`: changes are pending
 *     refused       3    the plan is refused, and nothing was written
 *     declined      3    a person said no
 *     stopped       4    on purpose and with work left, or before a wait that is too long
 *     drift         5    `drift`: somebody changed something
 *     locked        6    another run holds the state
 *     interrupted   130  by a signal
 */
export type CommandVerdict =
  | "done"
  | "failed"
  | "pending"
  | "refused"
  | "declined"
  | "stopped"
  | "drift"
  | "locked"
  | "interrupted";

/** The verdict of problems. Of several the first of these counts: stopped by hand, somebody else holds the lock, an error, a refusal, a wait that is too long. */
export function verdictOfProblems(problems: readonly Problem[]): CommandVerdict {
  if (problems.some((problem) => problem.code === "interrupted")) return "interrupted";
  if (problems.some((problem) => problem.code === "locked" || problem.code === "lock-lost")) return "locked";
  const errors = problems.filter((problem) => problem.severity === "error");
  if (errors.some((problem) => problem.code !== "wait-too-long")) return "failed";
  if (problems.some((problem) => problem.severity === "refusal")) return "refused";
  return errors.length > 0 ? "stopped" : "done";
}

/** Of `plan`: a rehearsal that goes wrong, what problems and refusals say, else whether changes are pending. */
export function verdictOfPlan(plan: Plan, rehearsal?: Rehearsal): CommandVerdict {
  if (rehearsal && isBad(rehearsal)) return "failed";
  const found = verdictOfProblems([...plan.problems, ...plan.refusals]);
  return found === "done" && isPending(plan) ? "pending" : found;
}

function isBad({ verdict, crashes }: Rehearsal): boolean {
  return verdict === "fails" || verdict === "does-not-converge" || (crashes?.wrong.length ?? 0) > 0;
}

/** Of `apply`, `destroy` and `rotate`: what the report says. A run that lost the lock says so. */
export function verdictOfRun({ verdict, problems }: RunReport): CommandVerdict {
  return verdict === "failed" && verdictOfProblems(problems) === "locked" ? "locked" : verdict;
}

/** Of `drift`: what problems say, else whether there is any. */
export function verdictOfDrift(report: DriftReport): CommandVerdict {
  const found = verdictOfProblems(report.problems);
  return found === "done" && hasDrift(report) ? "drift" : found;
}
