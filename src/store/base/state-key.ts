import { problem, ProblemError } from "../../core/base/problem.ts";

/** 32 bytes as 64 hex digits; throws a `ProblemError` that names the place and never the text. */
export function checkKey(text: string, place: string): string {
  const hex = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/u.test(hex)) return hex;
  const remedy =
    "Restore it; with another key every value has to be compared anew. A new one is made with: openssl rand -hex 32.";
  throw new ProblemError([
    problem("error", "key-unreadable", `${place} does not hold 64 hex digits.`, remedy),
  ]);
}

/** The state lies where others can read it, so the key may not lie beside it. */
export function keyMissing(): ProblemError {
  const remedy =
    "Make one with: openssl rand -hex 32. Keep it as a secret of the repository and give it to every run.";
  return new ProblemError([
    problem("error", "key-missing", "State in git needs TRUEUP_STATE_KEY, and it is not set.", remedy),
  ]);
}
