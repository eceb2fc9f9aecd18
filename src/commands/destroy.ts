import { problem, ProblemError } from "../core/problem.ts";
import type { RunReport } from "../core/report.ts";
import { runApply, type ApplyInput } from "./apply.ts";
import type { Deps } from "./deps.ts";

export type DestroyInput = Omit<ApplyInput, "destroys" | "planFile" | "targets" | "excludes"> & {
  /** Or globs; none: everything the inventory owns. */
  readonly addresses: readonly string[];
};

/**
 * `destroy`: deletes what the inventory owns, in reverse order of need. What it does not own is never touched, what is
 * protected refuses the run. The number of addresses is typed, or given with `--yes --allow-deletes N`, and must be right.
 */
export async function runDestroy(input: DestroyInput, deps: Deps): Promise<RunReport> {
  const { addresses, ...rest } = input;
  const destroys = addresses.length === 0 ? ("all" as const) : addresses;
  return runApply({ ...rest, destroys, targets: [], excludes: [] }, deps, (plan) => {
    const count = plan.changes.filter((change) => change.action === "delete").length;
    if (!input.yes || input.allowDeletes === count) return String(count);
    const given = input.allowDeletes === undefined ? "none is given" : `${input.allowDeletes} is given`;
    const message = `${count} ${count === 1 ? "address" : "addresses"} would be destroyed, and with --yes the number must be given; ${given}.`;
    throw new ProblemError([
      problem(
        "refusal",
        "destroy-count",
        message,
        `Look at the plan, then run again with --yes --allow-deletes ${count}.`,
      ),
    ]);
  });
}
