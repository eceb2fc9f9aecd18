import { bindOwned } from "../../core/owners/binding.ts";
import { joinAside } from "../../core/owners/file-owners.ts";
import { hasGuardsToNote, noteGuards } from "../../core/guards/guard-settings.ts";
import { withFiles, type Inventory } from "../../core/model/inventory.ts";
import { tellLeftOut } from "../../core/planning/left-out.ts";
import { makeLedger } from "../../core/schedule/ledger.ts";
import { rankSteps } from "../../core/schedule/order-steps.ts";
import { problem, ProblemError, type Problem } from "../../core/base/problem.ts";
import type { RunReport, RunVerdict } from "../../core/run/report.ts";
import { recordRun } from "../../core/run/run-record.ts";
import type { DigestKey } from "../../core/base/digest.ts";
import { sameSecret } from "../../core/base/secret.ts";
import { isUnwritten, unwritten } from "../../core/guards/unwritten.ts";
import { execute } from "../../engine/run/execute.ts";
import type { KeepExport, PerformInput } from "../../engine/memory/perform-input.ts";
import { Performer } from "../../engine/run/perform.ts";
import type { Writers } from "../../http/client.ts";
import { kinds } from "../../providers/kinds.ts";
import type { LockedStore } from "../../store/base/store.ts";
import { dropApproval, keepApproval } from "./approval-file.ts";
import type { Deps } from "../base/deps.ts";
import { bindingOf } from "../accounts/find-accounts.ts";
import { runBy } from "../base/lock.ts";
import { sealing } from "../base/sealed-file.ts";
import type { Planned } from "../planning/planned.ts";

/** A plan that may be written, and the lock that it is written under. */
export type WriteInput = {
  readonly planned: Planned;
  /** Kept before the first write; absent where a kept one is carried on. */
  readonly agreed: Parameters<typeof keepApproval>[1] | undefined;
  readonly locked: LockedStore;
  readonly writers: Writers;
  readonly keepExport: KeepExport;
  readonly run: string;
  readonly deps: Deps;
  readonly report: (planned: Planned, verdict: RunVerdict, more?: Partial<RunReport>) => RunReport;
};

/** Writes a plan step by step; keeps what was approved before the first write, and what is owned after the last. */
export async function writePlan(input: WriteInput): Promise<RunReport> {
  const { planned, locked, run, deps } = input;
  const { plan } = planned;
  await refuseIfMoved(planned);
  if (input.agreed) await keepApproval(locked, input.agreed);
  const key = await keyFor(planned, locked);
  const inventory = ownInventory(planned, key, deps);
  const ranks = rankSteps(plan);
  const performer = makePerformer(input, { key, inventory, ranks });
  const began = deps.world.now();
  const commit = deps.environment["GITHUB_SHA"] ?? (await deps.commit());
  const facts = { run, plan: plan.hash, by: runBy(deps), ...(commit !== undefined && { commit }) };
  const { files, aside } = planned.ownership;
  const accounts = bindingOf(planned.accounts);
  await locked.append({ entry: "run-began", at: began, ...facts, files, accounts });
  deps.events({ event: "run-began", at: 0, run, steps: plan.steps, end: plan.schedule.end });
  const executed = await execute({
    run,
    plan,
    ranks,
    inventory,
    world: deps.world,
    events: deps.events,
    append: (entry) => {
      locked.keepLedger(makeLedger(planned.connection.limiter.windows(), deps.world.now()));
      return locked.append(entry);
    },
    perform: (step, announce) => performer.perform(step, announce),
  });
  const left = plan.problems.filter((one) => one.code === "stale");
  const verdict = executed.verdict === "done" && left.length > 0 ? "failed" : executed.verdict;
  const ended = deps.world.now();
  const full = await tellFull(planned.store.place, async () => {
    await locked.append({ entry: "run-ended", run, at: ended, verdict });
    const own = bindOwned(executed.inventory, accounts);
    const whole = joinAside(withGuards(own, planned, verdict === "done"), aside);
    await locked.commit(whole, recordRun({ ...facts, verdict, began, ended }, executed.results));
    if (verdict === "done") await dropApproval(planned.store, locked);
  });
  const problems = [...left, ...executed.problems, ...tellLeftOut(plan, executed.results), ...full];
  return input.report(planned, full.length > 0 ? "failed" : verdict, { results: executed.results, problems });
}

function makePerformer(
  { planned, run, deps, writers, keepExport }: WriteInput,
  facts: Pick<PerformInput, "key" | "inventory" | "ranks">,
): Performer {
  const { connection, state, ownership, plan } = planned;
  return new Performer({
    ...facts,
    run,
    world: deps.world,
    readers: connection.readers,
    readerAs: connection.readerAs,
    deliveries: planned.deliveries,
    ...sealing(state.settings, deps),
    writers,
    kinds,
    scope: planned.scope,
    desired: new Map(state.resources.map((one) => [one.address, one])),
    found: planned.found,
    sources: planned.sources,
    readAt: planned.readAt,
    declaring: ownership.declaring,
    keepExport,
    steps: new Map(plan.steps.map((step) => [step.id, step])),
  });
}

/** Problems of a state that does not take its end any more. The journal has it all: the next run takes it up. */
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

function ownInventory({ inventory, ownership }: Planned, key: DigestKey, deps: Deps): Inventory {
  const lineage = inventory.lineage || deps.world.randomHex(8);
  return withFiles({ ...inventory, lineage, digestKey: key.id }, ownership.files);
}

/**
 * What a run without work leaves in the inventory: what a killed one owns that ended after its last write, which file an
 * entry belongs to from now on, and, at the end of an apply, what the file says of guards.
 */
export async function closeInventory(
  planned: Planned,
  locked: LockedStore,
  { deps, isEnd }: { readonly deps: Deps; readonly isEnd: boolean },
): Promise<void> {
  const { journal, ownership } = planned;
  const isNoting = isEnd && hasUnnotedGuards(planned);
  if (journal.length === 0 && !ownership.isNew && !isNoting) return;
  await refuseIfMoved(planned);
  const noted = ownInventory(planned, await keyFor(planned, locked), deps);
  const own = bindOwned(noted, bindingOf(planned.accounts));
  await locked.commit(joinAside(withGuards(own, planned, isNoting), ownership.aside));
}

export function hasUnnotedGuards({ inventory, state, notesGuards }: Planned): boolean {
  return notesGuards && hasGuardsToNote(inventory, state);
}

/** Noted at the end of an apply, and only there. */
function withGuards(inventory: Inventory, { state, notesGuards }: Planned, isEnd: boolean): Inventory {
  return isEnd && notesGuards ? noteGuards(inventory, state) : inventory;
}

/** Between reading and locking another run may have written, to its end or not: what was planned with is not what is kept. */
async function refuseIfMoved({ store, inventory, journal }: Planned): Promise<void> {
  const [stored, told] = await Promise.all([store.inventory(), store.journal()]);
  const isSame =
    stored === undefined || (stored.lineage === inventory.lineage && stored.serial === inventory.serial);
  if (isSame && told.length === journal.length) return;
  throw stateMoved();
}

function stateMoved(): ProblemError {
  return new ProblemError([
    problem("error", "state-moved", "Another run changed the state after this plan was made.", "Run again."),
  ]);
}

/** The first write keeps the key that was planned with: what the plan remembers of live values is compared under it. */
async function keyFor(planned: Planned, locked: LockedStore): Promise<DigestKey> {
  const kept = await planned.store.key();
  if (!kept) return planned.makeKey(locked);
  if (!sameSecret(kept.secret, planned.key.secret)) throw stateMoved();
  return kept;
}
