import type { DesiredState } from "../../core/model/desired.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Approval } from "../../core/planning/approval.ts";
import { recordsOf, type PlanRecord } from "../../core/run/plan-record.ts";
import type { Deps } from "../base/deps.ts";
import { checkFreezes, refuseWriting } from "../base/freeze.ts";
import type { ApplyInput, Reviewed } from "./apply-input.ts";
import { choicesOf, requireApproval, type Choices } from "./approval-file.ts";
import type { Run } from "./begin-run.ts";

/** Records of the plans that a pull request showed, newest first; none where no plan was recorded for that commit. */
export type ReviewedPlans = { readonly of: Reviewed; readonly records: readonly PlanRecord[] };

/** What was agreed to before the plan is made. */
export type Terms = {
  /** The plan that was saved with `plan --out`. The new one must do the same. */
  readonly saved: Plan | undefined;
  /** The plans that were recorded for the commit of a pull request that was merged. The new one must be one of these. */
  readonly reviewed: ReviewedPlans | undefined;
  /** The approved plan of a run that ended early, which is carried on (`--resume`). */
  readonly approval: Approval | undefined;
  /** The pull request that this is applied for. */
  readonly pullRequest: number | undefined;
  /** No person is asked: `--yes` was given, or one of the two above. */
  readonly isAgreed: boolean;
  /**
   * Whether the plan is made under the lock. Where no person reads it first, it is. A person who reads must not keep other runs
   * waiting; and who may not write gets a plan, and leaves the state as it is.
   */
  readonly isLocking: boolean;
  /** What the plan may do: the flags of this run, or those of the run that is carried on. */
  readonly choices: Choices;
};

/** Throws `nothing-to-resume` when no run ended early. */
export async function findTerms(
  input: ApplyInput,
  saved: Plan | undefined,
  { opened, deps }: Pick<Run, "opened" | "deps">,
): Promise<Terms> {
  const approval = input.resume ? await requireApproval(opened.store) : undefined;
  const { reviewed: of } = input;
  const reviewed = of && { of, records: recordsOf(await opened.store.plans(), of) };
  const isAgreed = input.yes || saved !== undefined || approval !== undefined;
  // Adoptions are a refusal where no person will see them in the plan.
  const adopt = isAgreed ? input.adopt === true : null;
  return {
    saved,
    reviewed,
    approval,
    pullRequest: input.pullRequest ?? approval?.pullRequest,
    isAgreed,
    isLocking: isAgreed && mayWrite(opened.state, deps),
    choices: { ...choicesOf({ ...input, adopt }), ...approval?.choices },
  };
}

/** Whether this process may write now: it is not a read-only one, and no freeze of the file is on. */
export function mayWrite(state: DesiredState, { environment, world }: Deps): boolean {
  const { freeze = [] } = state.settings;
  checkFreezes(freeze);
  return refuseWriting(environment, freeze, world.now()) === undefined;
}
