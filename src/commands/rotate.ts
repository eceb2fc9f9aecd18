import type { RunReport } from "../core/run/report.ts";
import { runApply } from "./apply.ts";
import type { Deps } from "./base/deps.ts";
import type { ApplyInput } from "./run/apply-input.ts";

/** What `rotate` is given: flags as for `apply`, and addresses instead of targets. */
export type RotateInput = Omit<ApplyInput, "rotates" | "destroys" | "planFile" | "targets" | "excludes"> & {
  /** Or globs: of what they fit, everything that can be rotated. */
  readonly addresses: readonly string[];
};

/**
 * `rotate`: an apply of these addresses and of what takes their values, with a new value for each. What else the file would
 * change in those resources is part of the plan that is shown; the rest of the file is left for `apply`.
 */
export async function runRotate({ addresses, ...input }: RotateInput, deps: Deps): Promise<RunReport> {
  return runApply({ ...input, rotates: addresses, targets: [], excludes: [] }, deps);
}
