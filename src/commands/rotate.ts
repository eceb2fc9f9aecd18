import { kindOf, type Address } from "../core/address.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";
import type { RunReport } from "../core/report.ts";
import { kinds } from "../providers/kinds.ts";
import { runApply, type ApplyInput } from "./apply.ts";
import type { Deps } from "./deps.ts";

export type RotateInput = Omit<ApplyInput, "rewrites" | "destroys" | "planFile" | "targets" | "excludes"> & {
  readonly addresses: readonly Address[];
};

/**
 * `rotate`: an apply of these addresses and of what takes their values, with a new value for each. What else the file would
 * change in those resources is part of the plan that is shown; the rest of the file is left for `apply`.
 */
export async function runRotate({ addresses, ...input }: RotateInput, deps: Deps): Promise<RunReport> {
  const wrong = addresses.filter((address) => !kinds.get(kindOf(address))?.succession);
  if (wrong.length > 0) throw new ProblemError(wrong.map(cannotRotate));
  return runApply({ ...input, rewrites: addresses, targets: addresses, excludes: [] }, deps);
}

function cannotRotate(address: Address): Problem {
  return problem(
    "error",
    "cannot-rotate",
    `${address} has no value that trueup makes and delivers.`,
    "Rotate rendercad/token/NAME or rendercad/webhook/NAME; other secrets are changed where they come from.",
    { address },
  );
}
