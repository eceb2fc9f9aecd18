import type { Address } from "../../core/base/address.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";

/** The error for a list that lacks an entry which another answer shows: nothing may be written as a whole from either. */
export function incompleteList(address: Address, key: string): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "incomplete-read",
      `${key} of ${address} is missing from a list in which it stood just before, or which was read whole: it was deleted meanwhile, or the list was not complete.`,
      "Nothing was concluded from it and nothing was written. Run again.",
      { address },
    ),
  ]);
}
