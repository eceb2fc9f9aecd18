import { problem, ProblemError, type Problem } from "../../../core/base/problem.ts";
import { renderProblemsJson } from "../../../views/json/document.ts";
import { renderProblems } from "../../../views/base/problems.ts";
import { exitCodeOfProblems, type ExitCode } from "./exit-code.ts";
import { framed } from "./frames.ts";
import { findScreen, type Shell } from "./shell.ts";

/** How a failure is told: the options of the command that failed, as far as it has them. */
export type FailureOptions = {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly logLevel?: string;
  readonly file?: readonly string[];
  readonly overlay?: readonly string[];
  readonly verbose?: boolean;
};

/** Tells why a command could not do its work, and answers with the exit code. */
export function reportFailure(error: unknown, options: FailureOptions, shell: Shell): ExitCode {
  const problems = framed(problemsOf(error), [...(options.file ?? []), ...(options.overlay ?? [])]);
  if (options.json) shell.stdout.write(renderProblemsJson(problems));
  else
    shell.stderr.write(
      renderProblems(
        problems,
        findScreen(shell.stderr, shell.env, { ...options, color: options.color ?? true }),
      ),
    );
  if (options.logLevel === "debug" && error instanceof Error && !(error instanceof ProblemError)) {
    shell.stderr.write(`${placesOf(error)}\n`);
  }
  return exitCodeOfProblems(problems);
}

/**
 * Problems are expected failures and stand for themselves; anything else is a fault of this program, told in one line
 * that cannot hold a value of the user's: values are `Secret`s, which do not print.
 */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  if (isSystemError(error)) {
    const remedy = "Check that the place is there, may be used, and has room.";
    return [problem("error", "system", `The operating system refused: ${error.message}.`, remedy)];
  }
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const remedy = "Please report it, with the command you ran; --log-level debug shows where it happened.";
  return [problem("error", "internal", `This is a fault in trueup itself. ${said}`, remedy)];
}

/** A full disk, a folder that may not be read: what Node passes on from the operating system. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "errno" in error && "syscall" in error;
}

/** The stack without its first lines, which repeat the message. */
function placesOf(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return lines.join("\n");
}
