import type { Address } from "../core/base/address.ts";
import { keepApproved, leftUnanswered, type Approval } from "../core/planning/approval.ts";
import type { DesiredState } from "../core/model/desired.ts";
import { needsAnswer, tellLeftOut } from "../core/planning/left-out.ts";
import { hasWork, type Plan } from "../core/model/plan.ts";
import { problem, ProblemError, type Problem } from "../core/base/problem.ts";
import type { RunReport, RunVerdict } from "../core/run/report.ts";
import { Heartbeat } from "../store/base/heartbeat.ts";
import type { LockedStore } from "../store/base/store.ts";
import {
  choicesOf,
  dropApproval,
  offerResumption,
  readApproval,
  requireApproval,
} from "./run/approval-file.ts";
import type { Deps } from "./base/deps.ts";
import { askAgreement, canBeTyped, hasWrites, noteAgreement } from "./run/agreement.ts";
import { checkFreezes, refuseWriting } from "./base/freeze.ts";
import { keepExports } from "./planning/keep-exports.ts";
import { openState, type Opened } from "./files/load.ts";
import { guardWriters, holderOf, newRun, RunLock } from "./base/lock.ts";
import { scheduleOf } from "./planning/schedule-plan.ts";
import { planRun } from "./plan.ts";
import type { Planned } from "./planning/planned.ts";
import type { PlanInput } from "./planning/plan-input.ts";
import { describeDifference, readPlanFile, showsSameWork } from "./run/plan-file.ts";
import { closeInventory, hasUnnotedGuards, writePlan } from "./run/write-plan.ts";

export type ApplyInput = PlanInput & {
  /** A plan saved with `plan --out`: applied only if planning again gives the same work. */
  readonly planFile?: string;
  readonly yes: boolean;
  /** Carries on with the approved plan of a run that ended early, and does nothing else. */
  readonly resume?: boolean;
  /** Milliseconds to wait for another run to give the lock back; default 0. */
  readonly lockTimeout?: number;
};

/**
 * What agrees to a plan: the word that is typed, or the problems with what was given beforehand. `earlier`: the approval of a
 * run that ended early. `goes`: kept with the approval of this one.
 */
export type Agreement = (
  plan: Plan,
  earlier: Approval | undefined,
) => {
  readonly word?: string;
  readonly goes?: readonly Address[];
  readonly problems?: readonly Problem[];
};

/**
 * `apply`: plans, asks, writes. Nothing is written, neither to an account nor to the inventory, before every refusal is
 * answered, every source is there and somebody agreed.
 */
export async function runApply(
  input: ApplyInput,
  outer: Deps,
  agreement: Agreement = () => ({ word: "yes" }),
): Promise<RunReport> {
  const heartbeat = new Heartbeat(outer.world);
  const deps: Deps = { ...outer, world: heartbeat.world };
  const run = newRun(deps);
  const report = makeReporter(run, deps);
  const saved = input.planFile === undefined ? undefined : await readPlanFile(input.planFile, deps);
  // The state sleeps outside of the heartbeat: a beat that waits for the state must not be waited for by it.
  const opened = await openState(input, outer);
  refuseForgottenState(opened, deps);
  const holder = holderOf(run, deps);
  const lock = new RunLock({ store: opened.store, holder, heartbeat, timeout: input.lockTimeout ?? 0 });
  return lock.around(async () => {
    const approval = input.resume ? await requireApproval(opened.store) : undefined;
    const isAgreed = input.yes || saved !== undefined || approval !== undefined;
    // Where nobody reads the plan it is made under the lock; a person who reads does not keep the others waiting. Who may
    // not write gets a plan, and a refusal if it has work: the state is not touched either.
    const isLocking = isAgreed && mayWrite(opened.state, deps);
    if (isLocking) await lock.take();
    const adopt = isAgreed ? input.adopt === true : null;
    const choices = { ...choicesOf({ ...input, adopt }), ...approval?.choices };
    const made = await planRun(
      { ...input, ...choices, confirmsEntries: true, isPatient: true },
      deps,
      opened,
    );
    const kept = approval ?? (await readApproval(opened.store).catch(() => undefined));
    let planned = approval ? resume(made, approval, deps) : offer(made, kept);
    requireApplicable(planned, saved);
    const { word = "", goes, problems = [] } = agreement(planned.plan, kept);
    planned = withProblems(planned, problems);
    deps.planned(planned.plan);
    const refused = (): RunReport => report(planned, "refused", { problems: planned.plan.refusals });
    if (planned.plan.refusals.length > 0 && (isAgreed || !canBeTyped(planned.plan))) return refused();
    if (!hasWork(planned.plan) && (isAgreed || !needsAnswer(planned.plan))) {
      const isOver = isLocking && (approval ? !isStale(planned.plan) : isWhole(input));
      if (isLocking || (hasNews(planned) && mayWrite(opened.state, deps)))
        await closeOff(planned, await lock.take(), { deps, isOver });
      const problems = tellLeftOut(planned.plan, []);
      return report(planned, isStale(planned.plan) ? "failed" : "done", { problems });
    }
    // Before anybody is asked: a read-only process and a freeze refuse here.
    const writers = planned.connection.openWriters();
    if (!isAgreed && hasWrites(planned.plan)) {
      const asked = await askAgreement(planned, word, deps);
      if (asked === "refused") return refused();
      if (asked === "declined") return report(planned, "declined");
      planned = asked;
    }
    const locked = await lock.take();
    const agreed = approval
      ? undefined
      : { ...noteAgreement(planned.plan, run, deps), choices, ...(goes && { goes }) };
    const how = { keepExport: keepExports(planned.state, input, deps), run, deps, report };
    return writePlan({ planned, agreed, locked, writers: guardWriters(writers, locked), ...how });
  });
}

/** Nothing is left to do but to note what a killed run did, what the file says of guards, and that no approved plan is left. */
async function closeOff(
  planned: Planned,
  locked: LockedStore,
  { deps, isOver }: { readonly deps: Deps; readonly isOver: boolean },
): Promise<void> {
  await closeInventory(planned, locked, { deps, isEnd: !isStale(planned.plan) });
  if (isOver) await dropApproval(planned.store, locked);
}

/** The inventory does not know yet which file an entry belongs to, or what the file says of guards. */
function hasNews(planned: Planned): boolean {
  return planned.ownership.isNew || hasUnnotedGuards(planned);
}

/** Reports of one run, which begins now. */
function makeReporter(run: string, { world }: Deps) {
  const began = world.now();
  return ({ plan }: Planned, verdict: RunVerdict, more: Partial<RunReport> = {}): RunReport => ({
    formatVersion: "1.0",
    run,
    verdict,
    plan,
    results: [],
    problems: [],
    took: world.now() - began,
    ...more,
  });
}

function mayWrite(state: DesiredState, { environment, world }: Deps): boolean {
  const { freeze = [] } = state.settings;
  checkFreezes(freeze);
  return refuseWriting(environment, freeze, world.now()) === undefined;
}

/** A plan of everything that has nothing to do leaves nothing of an approved one either. */
function isWhole({ targets, excludes, destroys }: ApplyInput): boolean {
  return targets.length === 0 && excludes.length === 0 && destroys === undefined;
}

/** Errors of the plan, sources that are missing, and a saved plan that no longer fits. A stale step is left, not an error. */
function requireApplicable({ plan, missing }: Planned, saved: Plan | undefined): void {
  const errors = plan.problems.filter((one) => one.severity === "error" && one.code !== "stale");
  if (errors.length > 0) throw new ProblemError(errors);
  if (missing.length > 0) throw new ProblemError(missing);
  if (saved && (saved.hash !== plan.hash || !showsSameWork(saved, plan)))
    throw new ProblemError([planMoved(saved, plan)]);
}

/** What is left of the approved plan, and nothing else. */
function resume(planned: Planned, approval: Approval, deps: Deps): Planned {
  const { steps, problems } = keepApproved(planned.plan, approval.plan);
  const { hash } = approval.plan;
  const schedule = scheduleOf(steps, deps, planned.connection, planned.state);
  return {
    ...planned,
    plan: {
      ...planned.plan,
      hash,
      steps,
      schedule,
      refusals: leftUnanswered(planned.plan.refusals, approval.answered),
      problems: [...planned.plan.problems, ...problems],
    },
  };
}

function offer(planned: Planned, approval: Approval | undefined): Planned {
  return approval ? withProblems(planned, offerResumption(approval, planned.plan)) : planned;
}

function withProblems(planned: Planned, more: readonly Problem[]): Planned {
  const refusals = more.filter(({ severity }) => severity === "refusal");
  const others = more.filter(({ severity }) => severity !== "refusal");
  const { plan } = planned;
  return {
    ...planned,
    plan: {
      ...plan,
      refusals: [...plan.refusals, ...refusals],
      problems: [...plan.problems, ...others],
    },
  };
}

function isStale(plan: Plan): boolean {
  return plan.problems.some((one) => one.code === "stale");
}

/**
 * A runner of GitHub Actions is thrown away after the job, and what it wrote beside the file with it. A simulator's state may go so:
 * it lies apart from every real account's, and its account goes with the job as well.
 */
function refuseForgottenState({ state, simulator }: Opened, { environment }: Deps): void {
  if (environment["GITHUB_ACTIONS"] !== "true" || state.settings.state || simulator !== undefined) return;
  const message =
    "This run is in GitHub Actions, where a state folder is lost with the runner, and the file does not say where else the state lies.";
  const remedy =
    "Paste the block into the file, give the job `permissions: {contents: write}`, and TRUEUP_STATE_KEY from a secret (openssl rand -hex 32).";
  const frame = "state:\n  backend: git\n  branch: trueup-state";
  throw new ProblemError([problem("refusal", "state-not-chosen", message, remedy, { frame })]);
}

function planMoved(saved: Plan, now: Plan): Problem {
  const message = `The saved plan no longer fits what is live and in the file: ${describeDifference(saved, now)}.`;
  return problem("error", "plan-moved", message, "Look at a new plan and apply that one.");
}
