import { isPending, type Plan } from "../../../core/model/plan.ts";
import type { Problem } from "../../../core/base/problem.ts";
import type { RunReport } from "../../../core/run/report.ts";

/** What the program's exit code says; a contract like the file and the JSON. */
export const exitCodes = {
  done: 0,
  error: 1,
  pending: 2,
  refused: 3,
  stopped: 4,
  drift: 5,
  locked: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of problems. Of several the first of these counts: stopped by hand, somebody else holds the lock, an error, a refusal, a wait that is too long. */
export function exitCodeOfProblems(problems: readonly Problem[]): ExitCode {
  if (problems.some((problem) => problem.code === "interrupted")) return exitCodes.interrupted;
  if (problems.some((problem) => problem.code === "locked" || problem.code === "lock-lost"))
    return exitCodes.locked;
  const errors = problems.filter((problem) => problem.severity === "error");
  if (errors.some((problem) => problem.code !== "wait-too-long")) return exitCodes.error;
  if (problems.some((problem) => problem.severity === "refusal")) return exitCodes.refused;
  return errors.length > 0 ? exitCodes.stopped : exitCodes.done;
}

/** Of `plan`: what its problems and refusals say, else whether changes are pending. */
export function exitCodeOfPlan(plan: Plan): ExitCode {
  const found = exitCodeOfProblems([...plan.problems, ...plan.refusals]);
  return found === exitCodes.done && isPending(plan) ? exitCodes.pending : found;
}

/** Of `apply`, `destroy` and `rotate`: what the verdict says. A run that lost the lock says so. */
export function exitCodeOfRun(report: RunReport): ExitCode {
  switch (report.verdict) {
    case "done":
      return exitCodes.done;
    case "interrupted":
      return exitCodes.interrupted;
    case "stopped":
      return exitCodes.stopped;
    case "refused":
    case "declined":
      return exitCodes.refused;
    case "failed": {
      const found = exitCodeOfProblems(report.problems);
      return found === exitCodes.locked ? found : exitCodes.error;
    }
    default:
      return report.verdict satisfies never;
  }
}
