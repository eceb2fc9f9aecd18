import type { Address } from "../core/base/address.ts";
import type { Approval } from "../core/planning/approval.ts";
import { problem, type Problem } from "../core/base/problem.ts";
import type { RunReport } from "../core/run/report.ts";
import { runApply } from "./apply.ts";
import type { Deps } from "./base/deps.ts";
import type { ApplyInput } from "./run/apply-input.ts";

/** What `destroy` is given: flags as for `apply`, and addresses instead of targets. */
export type DestroyInput = Omit<ApplyInput, "destroys" | "planFile" | "targets" | "excludes"> & {
  /** Or globs; none: everything the inventory owns. */
  readonly addresses: readonly string[];
};

/**
 * `destroy`: deletes what the inventory owns, in reverse order of need. What it does not own is never touched, what is
 * protected refuses the run, and data needs consent as everywhere. The number of addresses is typed, or given with `--yes
 * --allow-deletes N`, and must be right: that of now, or, after a run that ended early, that of its beginning.
 */
export async function runDestroy(input: DestroyInput, deps: Deps): Promise<RunReport> {
  const { addresses, ...rest } = input;
  const destroys = addresses.length === 0 ? ("all" as const) : addresses;
  return runApply({ ...rest, destroys, targets: [], excludes: [] }, deps, (plan, earlier) => {
    const now = plan.changes.filter(({ action }) => action === "delete").map(({ address }) => address);
    if (now.length === 0) return { word: "0", problems: [nothingLeft()] };
    const began = beganWith(earlier, destroys);
    const isLeft = began !== undefined && now.every((address) => began.includes(address));
    const goes = isLeft ? began : now;
    const isRight = input.allowDeletes === now.length || input.allowDeletes === goes.length;
    const word = String(now.length);
    return {
      word,
      goes,
      problems: input.yes && !isRight ? [wrongNumber(now.length, input.allowDeletes)] : [],
    };
  });
}

/** What the same command was to delete when it was first agreed to, in a run that ended early. */
function beganWith(
  earlier: Approval | undefined,
  destroys: DestroyInput["addresses"] | "all",
): readonly Address[] | undefined {
  const choices = earlier?.choices as { readonly destroys?: typeof destroys } | undefined;
  if (JSON.stringify(choices?.destroys) !== JSON.stringify(destroys)) return undefined;
  return earlier?.goes;
}

function nothingLeft(): Problem {
  return problem(
    "note",
    "nothing-to-destroy",
    "Nothing that is owned is left to destroy.",
    "Nothing to do: this command may be repeated.",
  );
}

function wrongNumber(count: number, allowed: number | undefined): Problem {
  const given = allowed === undefined ? "none is given" : `${allowed} is given`;
  const message = `${count} ${count === 1 ? "address" : "addresses"} would be destroyed, and with --yes the number must be given; ${given}.`;
  const remedy = `Look at the plan, then run again with --yes --allow-deletes ${count}.`;
  const answer = { flags: [`--allow-deletes ${count}`] };
  return problem("refusal", "destroy-count", message, remedy, { answer });
}
