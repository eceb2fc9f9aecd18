import type { RunReport } from "../core/run/report.ts";
import type { Deps } from "./base/deps.ts";
import { planRun } from "./plan.ts";
import { keepExports } from "./planning/keep-exports.ts";
import { agree, noteApproval } from "./run/agreement.ts";
import type { ApplyInput } from "./run/apply-input.ts";
import { beginRun } from "./run/begin-run.ts";
import { endIdle } from "./run/end-idle.ts";
import { isIdle, isRefused, makeOffer, type Agreement } from "./run/offer.ts";
import { readPlanFile } from "./run/plan-file.ts";
import { findTerms } from "./run/terms.ts";
import { writePlan } from "./run/write-plan.ts";

/**
 * `apply`, and what `destroy` and `rotate` are. Nothing is written, neither to an account nor to the inventory, before every
 * refusal is answered, every source is there and somebody agreed. Each stage hands its result to the next:
 *
 *   begin     the file is read, the state is opened, and the run has a name
 *   terms     what was agreed to before: `--yes`, a plan that was saved or reviewed, the approved plan of a run that ended early
 *   plan      as `plan` does it, made anew each time
 *   offer     the plan, or what is left of the approved one; errors end the run
 *   show      `deps.planned`
 *   refuse    a refusal that no word can answer ends the run; so does a plan without work
 *   agree     a person types the word, and values that are asked for
 *   write     under the lock, step by step; the report tells what came of it
 */
export async function runApply(
  input: ApplyInput,
  outer: Deps,
  agreement: Agreement = () => ({ word: "yes" }),
): Promise<RunReport> {
  const saved = input.planFile === undefined ? undefined : await readPlanFile(input.planFile, outer);
  const run = await beginRun(input, outer);
  const { deps, lock, report } = run;
  return lock.around(async () => {
    const terms = await findTerms(input, saved, run);
    if (terms.isLocking) await lock.take();
    const wanted = { ...input, ...terms.choices, confirmsEntries: true, isPatient: true } as const;
    const planned = await planRun(wanted, deps, run.opened);
    const offer = await makeOffer(planned, terms, agreement, deps);
    const { plan } = offer.planned;
    deps.planned(plan, terms.pullRequest);
    if (isRefused(offer, terms)) return report({ plan }, "refused", { problems: plan.refusals });
    if (isIdle(offer, terms)) return endIdle(offer, { input, terms, run });
    const agreed = await agree(offer, terms, deps);
    if (agreed.answer === "refused") return report({ plan }, "refused", { problems: plan.refusals });
    if (agreed.answer === "declined") return report({ plan }, "declined");
    const locked = await lock.take();
    const approval = noteApproval(agreed.planned.plan, { offer, terms, run });
    const keepExport = keepExports(planned.start.state, input, deps);
    return writePlan({ ...agreed, approval, locked, keepExport, run });
  });
}
