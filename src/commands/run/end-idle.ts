import { bindOwned } from "../../core/owners/binding.ts";
import { joinAside } from "../../core/owners/file-owners.ts";
import { listUngiven, tellLeftOut } from "../../core/planning/left-out.ts";
import type { RunReport } from "../../core/run/report.ts";
import type { LockedStore } from "../../store/base/store.ts";
import { bindingOf } from "../accounts/find-accounts.ts";
import type { Deps } from "../base/deps.ts";
import type { Planned } from "../planning/plan-account.ts";
import type { ApplyInput } from "./apply-input.ts";
import { dropApproval } from "./approval-file.ts";
import type { Run } from "./begin-run.ts";
import { isStale, type Offer } from "./offer.ts";
import { hasUnnotedGuards, keyFor, ownInventory, refuseIfMoved, withGuards } from "./own-inventory.ts";
import { mayWrite, type Terms } from "./terms.ts";

type IdleRun = { readonly input: ApplyInput; readonly terms: Terms; readonly run: Run };

/**
 * Ends a run that has nothing to write to an account. The state may still be behind: it takes what a killed run did, which
 * file each entry belongs to, and what the file says of guards; and an approved plan that is done is dropped.
 */
export async function endIdle({ planned }: Offer, { input, terms, run }: IdleRun): Promise<RunReport> {
  const { deps, lock, opened } = run;
  const { plan, start } = planned;
  if (terms.isLocking || (hasNews(planned) && mayWrite(opened.state, deps))) {
    const locked = await lock.take();
    await closeInventory(planned, locked, deps);
    const isOver = terms.approval ? !isStale(plan) : isWhole(input);
    if (terms.isLocking && isOver) await dropApproval(start.store, locked);
  }
  const ungiven = listUngiven(plan, planned.account.inventory);
  return run.report(planned, isStale(plan) ? "failed" : "done", { problems: tellLeftOut(plan, []), ungiven });
}

/** Writes the inventory, if it has anything new: of an earlier run, of the files, or of guards at the end of an apply. */
async function closeInventory(planned: Planned, locked: LockedStore, deps: Deps): Promise<void> {
  const { journal } = planned.start.remembered;
  const isNoting = !isStale(planned.plan) && hasUnnotedGuards(planned);
  const { isNew, aside } = planned.start.ownership;
  if (journal.length === 0 && !isNew && !isNoting) return;
  await refuseIfMoved(planned);
  const noted = ownInventory(planned, await keyFor(planned, locked), deps);
  const own = bindOwned(noted, bindingOf(planned.account.accounts));
  await locked.commit(joinAside(withGuards(own, planned, isNoting), aside));
}

/** The inventory does not know yet which file an entry belongs to, or what the file says of guards. */
function hasNews(planned: Planned): boolean {
  return planned.start.ownership.isNew || hasUnnotedGuards(planned);
}

/** A plan of everything that has nothing to do leaves nothing of an approved one either. */
function isWhole({ targets, excludes, destroys }: ApplyInput): boolean {
  return targets.length === 0 && excludes.length === 0 && destroys === undefined;
}
