import { ProblemError, type Problem } from "../../core/problem.ts";
import { problem } from "../../core/problem.ts";

/**
 * What a thrown thing means for the user. Problems are expected failures and stand for themselves; anything else is a
 * fault of this program, told in one line. Its text may come from anywhere, and is escaped where it is shown.
 */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [
    problem(
      "error",
      "internal",
      `This is a fault in trueup itself: ${said}`,
      "Please report it, with the command you ran; --log-level debug shows where it happened.",
    ),
  ];
}
