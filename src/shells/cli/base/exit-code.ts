import type { Problem } from "../../../core/base/problem.ts";
import { verdictOfProblems, type CommandVerdict } from "../../../core/planning/verdict.ts";

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

/** The exit code of a verdict, which a document of `--json` says in a word. */
export function exitCodeOf(verdict: CommandVerdict): ExitCode {
  switch (verdict) {
    case "failed":
      return exitCodes.error;
    case "declined":
      return exitCodes.refused;
    case "done":
    case "pending":
    case "refused":
    case "stopped":
    case "drift":
    case "locked":
    case "interrupted":
      return exitCodes[verdict];
    default:
      return verdict satisfies never;
  }
}

/** The exit code of problems: of what they say first. */
export function exitCodeOfProblems(problems: readonly Problem[]): ExitCode {
  return exitCodeOf(verdictOfProblems(problems));
}
