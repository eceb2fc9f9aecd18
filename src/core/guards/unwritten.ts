import { problem, ProblemError } from "../base/problem.ts";

/** What the operating system says when a file does not take any more (POSIX): full, over a quota, over a limit, read-only, broken. */
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
 * A state that could not be written. What is not written down is not sent, so the run ends there; what was sent before
 * stands in the journal. Every other failure is handed back as it is.
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

export function isUnwritten(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problems.some(({ code }) => code === "state-not-written");
}
