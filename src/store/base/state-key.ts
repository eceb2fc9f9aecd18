import { problem, ProblemError } from "../../core/base/problem.ts";

/**
 * The digest key in lower case: 32 bytes as 64 hex digits. Throws `key-unreadable` for any other text; the message names the
 * place and never repeats the text.
 */
export function checkKey(text: string, place: string): string {
  const hex = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/u.test(hex)) return hex;
  const remedy =
    "Restore it; with another key every value has to be compared anew. A new one is made with: openssl rand -hex 32.";
  throw new ProblemError([
    problem("error", "key-unreadable", `${place} does not hold 64 hex digits.`, remedy),
  ]);
}

/** The error for state in git without a key in the environment: others can read the branch, so the key may not lie there. */
export function keyMissing(): ProblemError {
  const remedy =
    "Make one with: openssl rand -hex 32. Keep it as a secret of the repository and give it to every run.";
  return new ProblemError([
    problem("error", "key-missing", "State in git needs TRUEUP_STATE_KEY, and it is not set.", remedy),
  ]);
}
