import type { Address } from "../core/address.ts";
import type { DesiredState } from "../core/desired.ts";
import type { Inventory } from "../core/inventory.ts";
import { makeLedger } from "../core/ledger.ts";
import { hasWork, type Plan } from "../core/plan.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";
import type { RunReport, RunVerdict } from "../core/report.ts";
import { recordRun } from "../core/run-record.ts";
import { sameSecret, type DigestKey, type Secret } from "../core/secret.ts";
import { execute } from "../engine/execute.ts";
import { Performer } from "../engine/perform.ts";
import { kinds } from "../providers/kinds.ts";
import { Heartbeat } from "../store/heartbeat.ts";
import type { LockedStore } from "../store/store.ts";
import type { Deps } from "./deps.ts";
import { openState } from "./load.ts";
import { guardWriter, holderOf, newRun, runBy, RunLock } from "./lock.ts";
import { planRun, type PlanInput, type Planned } from "./plan.ts";
import { describeDifference, readPlanFile } from "./plan-file.ts";

export type ApplyInput = PlanInput & {
  /** A plan saved with `plan --out`: applied only if planning again gives the same work. */
  readonly planFile?: string;
  readonly yes: boolean;
  /** Milliseconds to wait for another run to give the lock back; default 0. */
  readonly lockTimeout?: number;
};

/**
 * `apply`: plans, asks, writes. Nothing is written, neither to an account nor to the inventory, before every refusal is
 * answered, every source is there and somebody agreed.
 */
export async function runApply(
  input: ApplyInput,
  outer: Deps,
  agreement: (plan: Plan) => string = () => "yes",
): Promise<RunReport> {
  const heartbeat = new Heartbeat(outer.world);
  const deps: Deps = { ...outer, world: heartbeat.world };
  const began = deps.world.now();
  const run = newRun(deps);
  const report = (planned: Planned, verdict: RunVerdict, more: Partial<RunReport> = {}): RunReport => ({
    formatVersion: "1.0",
    run,
    verdict,
    plan: planned.plan,
    results: [],
    problems: [],
    took: deps.world.now() - began,
    ...more,
  });
  const saved = input.planFile === undefined ? undefined : await readPlanFile(input.planFile, deps);
  const opened = await openState(input, deps);
  refuseForgottenState(opened.state, deps);
  const holder = holderOf(run, deps);
  const lock = new RunLock({ store: opened.store, holder, heartbeat, timeout: input.lockTimeout ?? 0 });
  return lock.around(async () => {
    // Where nobody reads the plan it is made under the lock; a person who reads does not keep the others waiting.
    if (input.yes || saved) await lock.take();
    const adopt = input.yes || saved ? input.adopt === true : null;
    let planned = await planRun({ ...input, adopt }, deps, opened);
    const errors = planned.plan.problems.filter((one) => one.severity === "error");
    if (errors.length > 0) throw new ProblemError(errors);
    if (planned.missing.length > 0) throw new ProblemError(planned.missing);
    if (saved && saved.hash !== planned.plan.hash) throw new ProblemError([planMoved(saved, planned.plan)]);
    deps.planned(planned.plan);
    if (planned.plan.refusals.length > 0)
      return report(planned, "refused", { problems: planned.plan.refusals });
    const word = agreement(planned.plan);
    if (!hasWork(planned.plan)) return report(planned, "done");
    if (!input.yes && !saved && hasWrites(planned.plan)) {
      const answer = await deps.confirm(word);
      if (answer === "no") return report(planned, "declined");
      if (answer === "unable") throw new ProblemError([cannotAsk()]);
      planned = await askValues(planned, deps);
    }
    const writer = planned.connection.openWriter();
    const locked = await lock.take();
    return writeAll({ planned, locked, writer: guardWriter(writer, locked), run, deps, report });
  });
}

/** A plan that only brings the inventory up to date asks nobody. */
function hasWrites(plan: Plan): boolean {
  return plan.steps.some(
    (step) => step.step === "write" || (step.step === "record" && step.verb === "adopt"),
  );
}

/** Hidden input for every `sync: false` variable that nobody gave a value for; skipped ones stay noted. */
async function askValues(planned: Planned, deps: Deps): Promise<Planned> {
  const answers = new Map<string, Secret>();
  for (const change of planned.plan.changes) {
    for (const note of change.notes) {
      if (note.note !== "needs-value") continue;
      const value = await deps.askValue(change.address, note.entry);
      if (value) answers.set(`${change.address} ${note.entry}`, value);
    }
  }
  if (answers.size === 0) return planned;
  const { sources } = planned;
  const asked = (address: Address, entry: string): Secret | undefined =>
    answers.get(`${address} ${entry}`) ?? sources.asked(address, entry);
  return { ...planned, sources: { ...sources, asked } };
}

type WriteInput = {
  readonly planned: Planned;
  readonly locked: LockedStore;
  readonly writer: ReturnType<Planned["connection"]["openWriter"]>;
  readonly run: string;
  readonly deps: Deps;
  readonly report: (planned: Planned, verdict: RunVerdict, more?: Partial<RunReport>) => RunReport;
};

async function writeAll(input: WriteInput): Promise<RunReport> {
  const { planned, locked, run, deps } = input;
  const { plan, scope } = planned;
  await refuseIfMoved(planned);
  const key = await keyFor(planned, locked, deps);
  const desired = new Map(planned.state.resources.map((one) => [one.address, one]));
  const lineage = planned.inventory.lineage || deps.world.randomHex(8);
  const inventory: Inventory = { ...planned.inventory, lineage, workspace: scope.ownerId, digestKey: key.id };
  const performer = new Performer({
    world: deps.world,
    reader: planned.connection.reader,
    writer: input.writer,
    kinds,
    scope,
    key,
    desired,
    found: planned.found,
    sources: planned.sources,
    readAt: planned.readAt,
    inventory,
  });
  const began = deps.world.now();
  const commit = deps.environment["GITHUB_SHA"] ?? (await deps.commit());
  const facts = { run, plan: plan.hash, by: runBy(deps), ...(commit !== undefined && { commit }) };
  await locked.append({ entry: "run-began", at: began, ...facts });
  deps.events({ event: "run-began", at: 0, run, steps: plan.steps, end: plan.schedule.end });
  const executed = await execute({
    run,
    plan,
    inventory,
    world: deps.world,
    events: deps.events,
    append: (entry) => {
      locked.keepLedger(makeLedger(planned.connection.limiter.windows(), deps.world.now()));
      return locked.append(entry);
    },
    perform: (step, announce) => performer.perform(step, announce),
  });
  const { verdict } = executed;
  const ended = deps.world.now();
  await locked.append({ entry: "run-ended", run, at: ended, verdict });
  await locked.commit(executed.inventory, recordRun({ ...facts, verdict, began, ended }, executed.results));
  return input.report(planned, verdict, { results: executed.results, problems: executed.problems });
}

/** Between reading and locking another run may have written, to its end or not: what was planned with is not what is kept. */
async function refuseIfMoved({ store, inventory, journal }: Planned): Promise<void> {
  const [stored, told] = await Promise.all([store.inventory(), store.journal()]);
  const isSame = stored === undefined || (stored.lineage === inventory.lineage && stored.serial === inventory.serial);
  if (isSame && told.length === journal.length) return;
  throw new ProblemError([
    problem("error", "state-moved", "Another run changed the state after this plan was made.", "Run again."),
  ]);
}

/** The first write makes the key; a plan before it used a passing one, whose fingerprints nobody keeps. */
async function keyFor(planned: Planned, locked: LockedStore, deps: Deps): Promise<DigestKey> {
  const key = (await planned.store.key()) ?? (await locked.makeKey(deps.world.randomHex(32)));
  return sameSecret(key.secret, planned.key.secret) ? planned.key : key;
}

function cannotAsk(): Problem {
  return problem(
    "error",
    "not-confirmed",
    "There is no terminal to confirm on, so nothing was applied.",
    "Look at the plan, then run again with --yes.",
  );
}

/** A runner of GitHub Actions is thrown away after the job, and what it wrote beside the file with it. */
function refuseForgottenState({ settings }: DesiredState, { environment }: Deps): void {
  if (environment["GITHUB_ACTIONS"] !== "true" || settings.state) return;
  const message = "This run is in GitHub Actions, where a state folder is lost with the runner, and the file does not say where else the state lies.";
  const remedy = "Paste the block into the file, give the job `permissions: {contents: write}`, and TRUEUP_STATE_KEY from a secret (openssl rand -hex 32).";
  const frame = "state:\n  backend: git\n  branch: trueup-state";
  throw new ProblemError([problem("refusal", "state-not-chosen", message, remedy, { frame })]);
}

function planMoved(saved: Plan, now: Plan): Problem {
  const message = `The saved plan no longer fits what is live and in the file: ${describeDifference(saved, now)}.`;
  return problem("error", "plan-moved", message, "Look at a new plan and apply that one.");
}
