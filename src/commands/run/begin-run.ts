import type { Plan } from "../../core/model/plan.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { RunReport, RunVerdict } from "../../core/run/report.ts";
import { Heartbeat } from "../../store/base/heartbeat.ts";
import type { Deps } from "../base/deps.ts";
import { holderOf, newRun, RunLock } from "../base/lock.ts";
import { openState, type Opened } from "../files/load.ts";
import type { ApplyInput } from "./apply-input.ts";

/** A run that may write. It has a name and an open state; its lock is taken when it is first needed. */
export type Run = {
  /** The id of the run, by which journal and records know it. */
  readonly name: string;
  /** With a world whose sleeps keep the lease of the lock alive. */
  readonly deps: Deps;
  readonly opened: Opened;
  readonly lock: RunLock;
  readonly report: Reporter;
};

/** Makes the report of a run. `more`: what came of it besides the plan and the verdict; results and problems are none else. */
export type Reporter = (
  planned: { readonly plan: Plan },
  verdict: RunVerdict,
  more?: Partial<RunReport>,
) => RunReport;

/** Opens the file and its state for a run. Takes no lock yet, because a person may want to read the plan first. */
export async function beginRun(
  input: Pick<ApplyInput, "lockTimeout"> & Parameters<typeof openState>[0],
  outer: Deps,
): Promise<Run> {
  const heartbeat = new Heartbeat(outer.world);
  const deps: Deps = { ...outer, world: heartbeat.world };
  const name = newRun(deps);
  const report = makeReporter(name, deps);
  // The state sleeps outside of the heartbeat: a beat that waits for the state must not be waited for by it.
  const opened = await openState(input, outer);
  refuseForgottenState(opened, deps);
  const holder = holderOf(name, deps);
  const lock = new RunLock({ store: opened.store, holder, heartbeat, timeout: input.lockTimeout ?? 0 });
  return { name, deps, opened, lock, report };
}

/** Reports of one run, which begins now. */
export function makeReporter(run: string, { world }: Pick<Deps, "world">): Reporter {
  const began = world.now();
  return ({ plan }, verdict, { ungiven = [], ...more } = {}) => ({
    formatVersion: "1.0",
    run,
    verdict,
    plan,
    results: [],
    problems: [],
    ...(ungiven.length > 0 && { ungiven }),
    took: world.now() - began,
    ...more,
  });
}

/**
 * A runner of GitHub Actions is thrown away after the job, and what it wrote beside the file with it. A simulator's state may go so:
 * it lies apart from every real account's, and its account goes with the job as well.
 */
function refuseForgottenState(opened: Opened, deps: Deps): void {
  const forgotten = tellForgottenState(opened, deps, "refusal");
  if (forgotten) throw new ProblemError([forgotten]);
}

/** What is wrong with a state that goes with the runner: an apply is refused for it, a plan warns that it will be. */
export function tellForgottenState(
  { state, simulator }: Opened,
  { environment }: Pick<Deps, "environment">,
  severity: "refusal" | "warning",
): Problem | undefined {
  if (environment["GITHUB_ACTIONS"] !== "true" || state.settings.state || simulator !== undefined)
    return undefined;
  const message =
    "This run is in GitHub Actions, where a state folder is lost with the runner, and the file does not say where else the state lies.";
  const remedy =
    "Paste the block into the file, give the job `permissions: {contents: write}`, and TRUEUP_STATE_KEY from a secret (openssl rand -hex 32).";
  const frame = "state:\n  backend: git\n  branch: trueup-state";
  return problem(severity, "state-not-chosen", message, remedy, { frame });
}
