import type { Problem } from "../../core/base/problem.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import { isUnwritten, unwritten } from "../../core/guards/unwritten.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { StepId } from "../../core/model/plan.ts";
import { bindOwned } from "../../core/owners/binding.ts";
import { joinAside } from "../../core/owners/file-owners.ts";
import { listUngiven, tellLeftOut } from "../../core/planning/left-out.ts";
import type { RunReport } from "../../core/run/report.ts";
import { recordRun } from "../../core/run/run-record.ts";
import { makeLedger } from "../../core/schedule/ledger.ts";
import { rankSteps } from "../../core/schedule/order-steps.ts";
import type { KeepExport } from "../../engine/memory/perform-input.ts";
import { execute, type Executed } from "../../engine/run/execute.ts";
import { Performer } from "../../engine/run/perform.ts";
import type { Writers } from "../../http/client.ts";
import { kinds } from "../../providers/kinds.ts";
import type { LockedStore } from "../../store/base/store.ts";
import { bindingOf } from "../accounts/find-accounts.ts";
import { guardWriters, runBy } from "../base/lock.ts";
import { sealing } from "../base/sealed-file.ts";
import type { Planned } from "../planning/plan-account.ts";
import { dropApproval, keepApproval, type KeptApproval } from "./approval-file.ts";
import type { Run } from "./begin-run.ts";
import { keyFor, ownInventory, refuseIfMoved, withGuards } from "./own-inventory.ts";

/** A plan that may be written, and the lock that it is written under. */
export type WriteInput = {
  readonly planned: Planned;
  /** Kept before the first write; absent where a kept one is carried on. */
  readonly approval: KeptApproval | undefined;
  readonly locked: LockedStore;
  readonly writers: Writers;
  readonly keepExport: KeepExport;
  readonly run: Pick<Run, "name" | "deps" | "report">;
};

/**
 * Writes a plan step by step, and reports what came of it. Throws `state-moved`, before anything is written, when another run
 * wrote to the state since the plan was made.
 *
 *   begin     the approval is kept, and the journal gets `run-began`
 *   execute   each step: announced, sent, noted
 *   end       the journal gets `run-ended`, the inventory and the record are committed, a plan that is done is dropped
 */
export async function writePlan(input: WriteInput): Promise<RunReport> {
  const { planned, run } = input;
  const { plan } = planned;
  const begun = await beginWriting(input);
  const executed = await executePlan(input, begun);
  const stale = plan.problems.filter((one) => one.code === "stale");
  const verdict = executed.verdict === "done" && stale.length > 0 ? "failed" : executed.verdict;
  const full = await endWriting(input, begun, { ...executed, verdict });
  const problems = [
    ...stale,
    ...begun.told,
    ...executed.problems,
    ...tellLeftOut(plan, executed.results),
    ...full,
  ];
  const ungiven = listUngiven(plan, executed.inventory);
  const { results } = executed;
  return run.report(planned, full.length > 0 ? "failed" : verdict, { results, problems, ungiven });
}

/** What the first stage hands to the others. */
type Begun = {
  /** When the run was announced, in milliseconds since 1970. */
  readonly began: number;
  readonly key: DigestKey;
  readonly inventory: Inventory;
  readonly ranks: ReadonlyMap<StepId, number>;
  /** What was told while the run went on, for the report, and how it is told. */
  readonly told: readonly Problem[];
  readonly tell: (problem: Problem) => void;
  /** Who the run is of, for the journal and the record. */
  readonly facts: Omit<Parameters<typeof recordRun>[0], "verdict" | "began" | "ended">;
};

async function beginWriting({ planned, approval, locked, run }: WriteInput): Promise<Begun> {
  const { plan, start, account } = planned;
  const { name, deps } = run;
  await refuseIfMoved(planned);
  if (approval) await keepApproval(locked, approval);
  const key = await keyFor(planned, locked);
  const inventory = ownInventory(planned, key, deps);
  const ranks = rankSteps(plan);
  const began = deps.world.now();
  const commit = deps.environment["GITHUB_SHA"] ?? (await deps.commit());
  const facts = { run: name, plan: plan.hash, by: runBy(deps), ...(commit !== undefined && { commit }) };
  const { files } = start.ownership;
  const accounts = bindingOf(account.accounts);
  await locked.append({ entry: "run-began", at: began, ...facts, files, accounts });
  deps.events({ event: "run-began", at: 0, run: name, steps: plan.steps, end: plan.schedule.end });
  const told: Problem[] = [];
  const tell = (one: Problem): void => {
    told.push(one);
    deps.events({ event: "warning", at: deps.world.now() - began, problem: one });
  };
  return { began, key, inventory, ranks, facts, told, tell };
}

function executePlan(input: WriteInput, begun: Begun): Promise<Executed> {
  const { planned, locked, run } = input;
  const { world, events } = run.deps;
  const { limiter } = planned.access.connection;
  const performer = makePerformer(input, begun);
  return execute({
    run: run.name,
    plan: planned.plan,
    ranks: begun.ranks,
    inventory: begun.inventory,
    world,
    events,
    append: (entry) => {
      locked.keepLedger(makeLedger(limiter.windows(), world.now()));
      return locked.append(entry);
    },
    perform: (step, announce) => performer.perform(step, announce),
  });
}

function makePerformer(
  { planned, run, locked, writers, keepExport }: WriteInput,
  { key, inventory, ranks, tell }: Begun,
): Performer {
  const { start, access, account, values, sources, plan } = planned;
  const { readers, readerAs } = access.connection;
  return new Performer({
    run: run.name,
    world: run.deps.world,
    key,
    inventory,
    ranks,
    readers,
    readerAs,
    writers: guardWriters(writers, locked),
    ...sealing(start.state.settings, run.deps),
    kinds,
    scope: account.scope,
    desired: account.desired,
    found: account.found,
    sources,
    compared: values.resolved,
    deliveries: values.deliveries,
    readAt: start.readAt,
    declaring: start.ownership.declaring,
    keepExport,
    tell,
    steps: new Map(plan.steps.map((step) => [step.id, step])),
  });
}

/** Answers with the problem of a state that does not take the end any more: the journal has all, and the next run takes it up. */
async function endWriting(
  { planned, locked, run }: WriteInput,
  { began, facts }: Begun,
  { inventory, results, verdict }: Executed,
): Promise<readonly Problem[]> {
  const { start, account } = planned;
  const ended = run.deps.world.now();
  return tellFull(start.store.place, async () => {
    await locked.append({ entry: "run-ended", run: run.name, at: ended, verdict });
    const own = bindOwned(inventory, bindingOf(account.accounts));
    const whole = joinAside(withGuards(own, planned, verdict === "done"), start.ownership.aside);
    await locked.commit(whole, recordRun({ ...facts, verdict, began, ended }, results));
    if (verdict === "done") await dropApproval(start.store, locked);
  });
}

async function tellFull(place: string, write: () => Promise<void>): Promise<readonly Problem[]> {
  try {
    await write();
    return [];
  } catch (error) {
    const found = unwritten(error, place);
    if (!isUnwritten(found)) throw error;
    return found.problems;
  }
}
