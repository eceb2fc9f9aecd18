import type { Address } from "../core/address.ts";
import type { BudgetName, Window } from "../core/budget.ts";
import type { Millis } from "../core/budget.ts";
import type { ResolvedValues } from "../core/compare.ts";
import type { Desired, DesiredState } from "../core/desired.ts";
import type { Overrides } from "../core/guards.ts";
import { emptyInventory, type Inventory } from "../core/inventory.ts";
import { foldEntry, type JournalEntry } from "../core/journal.ts";
import type { Reader, Scope } from "../core/kind.ts";
import { runningWindows } from "../core/ledger.ts";
import type { Found } from "../core/live.ts";
import { followRenames } from "../core/follow-renames.ts";
import { makePlan } from "../core/make-plan.ts";
import { diff } from "../core/diff.ts";
import type { Plan, Step } from "../core/plan.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";
import { makeSchedule } from "../core/schedule.ts";
import type { Selection } from "../core/selection.ts";
import { makeDigestKey, type DigestKey } from "../core/secret.ts";
import { findTwoOwners } from "../engine/find-two-owners.ts";
import { readLive, type ReadResult } from "../engine/read-live.ts";
import { rememberReads } from "../engine/remember-reads.ts";
import { settleDeploys } from "../engine/settle-deploys.ts";
import { resolveAll, type Sources } from "../engine/resolve.ts";
import { kinds } from "../providers/kinds.ts";
import type { LockedStore, Store } from "../store/store.ts";
import { connect, findWorkspace, type Connection, type Workspace } from "./connect.ts";
import type { Deps } from "./deps.ts";
import { labelOf, openState, type FileInput, type Opened } from "./load.ts";
import { makeSources, type SourceInput } from "./sources.ts";

export type PlanInput = FileInput &
  SourceInput & {
    /** Missing sources are errors already now, not only at apply. */
    readonly strictValues: boolean;
    readonly allowDeletes?: number;
    readonly allowDataLoss: readonly Address[];
    /** `null` where a person will be shown the adoptions; else whether `--adopt` was given. */
    readonly adopt: boolean | null;
    /** Globs of addresses: `--target`, `--exclude`. */
    readonly targets: readonly string[];
    readonly excludes: readonly string[];
    /** `destroy`: these addresses are treated as if the file did not have them; `all`: whatever the inventory owns. */
    readonly destroys?: readonly Address[] | "all";
    /** How long the run may take, and how long one call may wait for a limit; without them it takes what it needs. */
    readonly maxDuration?: Millis;
    readonly maxWait?: Millis;
  };

/** Everything a run needs besides the plan: what was read, in memory only, because it holds secrets. */
export type Planned = {
  readonly plan: Plan;
  readonly state: DesiredState;
  readonly store: Store;
  readonly inventory: Inventory;
  /** Of earlier runs that ended before their time; its entries are in `inventory` already. */
  readonly journal: readonly JournalEntry[];
  readonly key: DigestKey;
  /** Keeps the key that this plan was made with, where there was none. */
  readonly makeKey: (locked: LockedStore) => Promise<DigestKey>;
  readonly scope: Scope;
  readonly sources: Sources;
  readonly found: ReadonlyMap<Address, Found>;
  readonly connection: Connection;
  readonly missing: readonly Problem[];
  /** When the accounts were read. */
  readonly readAt: number;
};

/** `plan`: reads the file, the state and the accounts, writes nothing. Throws a `ProblemError` with all of a stage's problems. */
export async function runPlan(input: PlanInput, deps: Deps): Promise<Plan> {
  const { plan, missing } = await planRun(input, deps);
  if (input.strictValues && missing.length > 0) throw new ProblemError(missing);
  return plan;
}

/** `opened`: by a caller who took the lock first. */
export async function planRun(input: PlanInput, deps: Deps, opened?: Opened): Promise<Planned> {
  const { state: loaded, store } = opened ?? (await openState(input, deps));
  const state = withoutDestroyed(loaded, input.destroys);
  const readAt = deps.world.now();
  const stored = await rememberState(store, deps);
  const connection = await connect(deps, state, limitsOf(input, deps, stored.windows));
  const reader = rememberReads(connection.reader);
  const account = await readAccounts({ input, deps, state, reader, stored });
  const sources = await makeSources(input, deps, state);
  const resolved = await resolveStaying({ ...account, state, key: stored.key, reader, sources });
  // What is only deleted needs no values.
  const withheld = input.destroys === undefined ? missingSources(resolved) : [];
  const { read, workspace, inventory, owners, scope, found } = account;
  const plan = makePlan({
    state,
    live: read.live,
    gone: read.gone,
    inventory,
    resolved,
    kinds,
    key: stored.key,
    scope,
    basis: basisOf(input, state, workspace, inventory),
    overrides: overridesOf(input),
    today: new Date(deps.world.now()).toISOString().slice(0, 10),
    selection: selectionOf(input),
    schedule: (steps) => scheduleOf(steps, deps, connection, state),
    reads: { resources: read.resources, calls: connection.reader.calls() },
    refusals: [...read.refusals, ...withheld.filter((one) => one.severity === "refusal")],
    problems: owners,
  });
  const { journal, key, makeKey } = stored;
  const missing = withheld.filter((one) => one.severity !== "refusal");
  return {
    plan,
    state,
    store,
    inventory,
    journal,
    key,
    makeKey,
    scope,
    sources,
    found,
    connection,
    missing,
    readAt,
  };
}

function limitsOf(
  input: PlanInput,
  deps: Deps,
  windows: ReadonlyMap<BudgetName, Window>,
): Parameters<typeof connect>[2] {
  const began = deps.world.now();
  const since = (at: Millis): Millis => at - began;
  return {
    onWait: (budget, until) =>
      deps.events({ event: "budget-wait", at: since(deps.world.now()), budget, until: since(until) }),
    windows,
    ...(input.maxDuration !== undefined && { latest: began + input.maxDuration }),
    ...(input.maxWait !== undefined && { longestWait: input.maxWait }),
  };
}

function selectionOf(input: PlanInput): Selection {
  const targets = Array.isArray(input.destroys) ? input.destroys : input.targets;
  return { targets, excludes: input.excludes };
}

type ReadAccounts = {
  readonly input: PlanInput;
  readonly deps: Deps;
  readonly state: DesiredState;
  readonly reader: Reader;
  readonly stored: { readonly inventory: Inventory };
};

/** Everything that is asked of the accounts before anything is compared. */
async function readAccounts({ input, deps, state, reader, stored }: ReadAccounts) {
  const renamed = followRenames(stored.inventory, state.resources, kinds);
  const workspace = await findWorkspace(deps, state, reader);
  refuseWrongWorkspace(renamed, workspace);
  const repository = await findRepository(input, deps, state);
  const scope: Scope = { ownerId: workspace.id, ...(repository !== undefined && { repository }) };
  const read = await readLive({ state, inventory: renamed, kinds, reader, scope });
  const inventory = await settleDeploys(renamed, read.live, { kinds, reader });
  const owners = await findTwoOwners(reader, scope, read.live);
  const desired = new Map(state.resources.map((one) => [one.address, one]));
  const found = new Map([
    ...read.targets,
    ...[...read.live.values()].map((live) => [live.address, live.found] as const),
  ]);
  return { workspace, scope, read, inventory, owners, desired, found };
}

/** Inventory with what the journal of a killed run adds. A plan without a key uses a fresh one, which only a run keeps. */
async function rememberState(
  store: Store,
  deps: Deps,
): Promise<{
  readonly inventory: Inventory;
  readonly journal: readonly JournalEntry[];
  readonly key: DigestKey;
  readonly makeKey: Planned["makeKey"];
  readonly windows: ReadonlyMap<BudgetName, Window>;
}> {
  const [stored, journal, key, ledger] = await Promise.all([
    store.inventory(),
    store.journal(),
    store.key(),
    store.ledger(),
  ]);
  // The first write gives it its lineage; until then a plan is the same text each time.
  const inventory = journal.reduce(foldEntry, stored ?? emptyInventory(""));
  const windows = runningWindows(ledger, deps.world.now());
  const fresh = deps.world.randomHex(32);
  const makeKey: Planned["makeKey"] = (locked) => locked.makeKey(fresh);
  return { inventory, journal, key: key ?? makeDigestKey(fresh), makeKey, windows };
}

/** Outputs of an object that is about to be replaced, and those that a change gives another value, come later. */
async function resolveStaying(input: {
  readonly state: DesiredState;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly read: ReadResult;
  readonly inventory: Inventory;
  readonly key: DigestKey;
  readonly found: ReadonlyMap<Address, Found>;
  readonly reader: Connection["reader"] | ReturnType<typeof rememberReads>;
  readonly sources: Sources;
}): Promise<ReadonlyMap<Address, ResolvedValues>> {
  const { state, read, inventory, key } = input;
  const first = diff({
    desired: state.resources,
    live: read.live,
    gone: read.gone,
    inventory,
    resolved: new Map(),
    kinds,
    key,
  });
  const leaving = new Set(
    first.filter((change) => change.action === "replace").map((change) => change.address),
  );
  const found = (address: Address): Found | undefined =>
    leaving.has(address) ? undefined : input.found.get(address);
  const unsettled = first.flatMap((change) =>
    (kinds.get(change.kind)?.unsettles?.(change) ?? []).map((output) => `${change.address} ${output}`),
  );
  const { desired, reader, sources } = input;
  return resolveAll({ desired, kinds, reader, sources, found, unsettled: new Set(unsettled) });
}

/** Sources that are not there: such a value can neither be compared nor sent. */
function missingSources(resolved: ReadonlyMap<Address, ResolvedValues>): readonly Problem[] {
  const values = [...resolved.values()].flatMap((ofResource) => [...ofResource.values()]);
  return values.flatMap((value) => (value.state === "missing" ? [value.problem] : []));
}

function withoutDestroyed(state: DesiredState, destroys: PlanInput["destroys"]): DesiredState {
  if (destroys === undefined) return state;
  const goes = (address: Address): boolean => destroys === "all" || destroys.includes(address);
  return {
    ...state,
    resources: state.resources.filter((one) => !goes(one.address)),
    targets: destroys === "all" ? [] : state.targets,
  };
}

/** An empty text is none, as `--repo "$UNSET"` gives. */
async function findRepository(
  input: PlanInput,
  deps: Deps,
  state: DesiredState,
): Promise<string | undefined> {
  return state.settings.repository || input.repo || (await deps.origin());
}

function overridesOf(input: PlanInput): Overrides {
  return {
    allowDataLoss: input.allowDataLoss,
    adopt: input.adopt,
    destroys: input.destroys !== undefined,
    ...(input.allowDeletes !== undefined && { allowDeletes: input.allowDeletes }),
  };
}

function basisOf(
  input: PlanInput,
  state: DesiredState,
  workspace: Workspace,
  inventory: Inventory,
): Plan["basis"] {
  return {
    label: labelOf(state, input),
    files: state.files,
    workspace,
    inventory: { lineage: inventory.lineage, serial: inventory.serial },
  };
}

/** Before anything is read: what this state owns would look as if it were gone from the other workspace. */
export function refuseWrongWorkspace(inventory: Inventory, workspace: Workspace): void {
  if (inventory.workspace === undefined || inventory.workspace === workspace.id) return;
  const message = `This state belongs to the workspace ${inventory.workspace}, and the run is against ${workspace.id}.`;
  const remedy = "Use the right key or workspace, or another --label for another workspace.";
  throw new ProblemError([problem("refusal", "wrong-workspace", message, remedy)]);
}

/** Recorded medians: POST of a service 1.9 s, PATCH 1.0 s, POST of a database 0.9 s, a deploy 0.6 s; other writes less. */
function durationOf(step: Step): number {
  if (step.step === "record") return 0;
  if (step.step === "wait") return kinds.get(step.kind)?.readiness?.typical ?? 0;
  if (step.verb === "create") return 1_900;
  return step.write.method === "PATCH" ? 1_000 : 600;
}

/** When the steps of a plan may start, with what is known of the limits by now. */
export function scheduleOf(steps: readonly Step[], deps: Deps, connection: Connection, state: DesiredState) {
  const windows = connection.limiter.windows();
  const sure = steps.filter((step) => step.step !== "write" || !step.optional);
  return makeSchedule({
    steps: sure,
    now: deps.world.now(),
    windows,
    reserve: state.settings.reserve,
    duration: durationOf,
    concurrency: 4,
  });
}
