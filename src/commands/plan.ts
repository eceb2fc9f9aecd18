import { rememberState } from "./remember-state.ts";
import type { Address } from "../core/address.ts";
import type { BudgetName, Window } from "../core/budget.ts";
import type { Millis } from "../core/budget.ts";
import type { ResolvedValues } from "../core/compare.ts";
import type { DesiredState } from "../core/desired.ts";
import type { Overrides } from "../core/guards.ts";
import type { Inventory } from "../core/inventory.ts";
import type { JournalEntry } from "../core/journal.ts";
import type { Scope } from "../core/kind.ts";
import type { Found } from "../core/live.ts";
import { makePlan } from "../core/make-plan.ts";
import type { Plan } from "../core/plan.ts";
import { ProblemError, type Problem } from "../core/problem.ts";
import type { Selection } from "../core/selection.ts";
import type { DigestKey } from "../core/secret.ts";
import { rememberReads } from "../engine/remember-reads.ts";
import type { Sources } from "../engine/resolve.ts";
import { kinds } from "../providers/kinds.ts";
import type { LockedStore, Store } from "../store/store.ts";
import { connect, type Connection, type Workspace } from "./connect.ts";
import type { Deps } from "./deps.ts";
import { labelOf, openState, type FileInput, type Opened } from "./load.ts";
import { makeSources, type SourceInput } from "./sources.ts";
import { readAccounts, resolveStaying } from "./read-accounts.ts";
import { scheduleOf } from "./schedule-plan.ts";

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
  const sources = opened?.sources ?? (await makeSources(input, deps, state));
  const resolved = await resolveStaying({ ...account, state, key: stored.key, reader, sources });
  // What is only deleted needs no values.
  const withheld = input.destroys === undefined ? missingSources(resolved) : [];
  const missing = withheld.filter((one) => one.severity !== "refusal");
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
    problems: [...owners, ...missing.map((one) => ({ ...one, severity: "warning" as const }))],
  });
  const { journal, key, makeKey } = stored;
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
