import { problem, ProblemError } from "../base/problem.ts";

/** By error code of the operating system (POSIX), why a file could not be written. */
const reasons: { readonly [code: string]: string } = {
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file may not grow any more",
  EROFS: "the disk is read-only",
  EIO: "the disk does not answer",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
};

/**
 * The problem of a state that could not be written; any other error is handed back as it is. No call is sent that is not
 * written down first, so the run ends there, and what was sent before stands in the journal.
 */
export function unwritten(error: unknown, place: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (reason === undefined || error instanceof ProblemError) return error;
  const message = `The state in ${place} could not be written: ${reason} (${code}).`;
  const remedy =
    "Nothing was sent that is not noted there, and nothing more is. Make room, then run again: it goes on from here.";
  return new ProblemError([problem("error", "state-not-written", message, remedy)], { cause: error });
}

/** Whether an error is that of a state which could not be written. */
export function isUnwritten(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problems.some(({ code }) => code === "state-not-written");
}
