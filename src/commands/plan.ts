import { rememberState } from "./planning/remember-state.ts";
import type { Address } from "../core/base/address.ts";
import type { BudgetName, Window, Millis } from "../core/model/budget.ts";
import type { ResolvedValues } from "../core/compare/comparison.ts";
import type { DesiredState } from "../core/model/desired.ts";
import { findDeliveries } from "../core/rotation/deliveries.ts";
import type { Inventory } from "../core/model/inventory.ts";
import type { Readers } from "../core/kind/reader.ts";
import { tellLoosened, withStricterGuards } from "../core/guards/guard-settings.ts";
import { judgeConsents } from "../core/owners/moved.ts";
import { makePlan } from "../core/planning/make-plan.ts";
import type { Plan } from "../core/model/plan.ts";
import { ProblemError, type Problem } from "../core/base/problem.ts";
import { rememberEach } from "../engine/read/remember-reads.ts";
import { keepSecrets } from "../file/base/keep-secrets.ts";
import { kinds } from "../providers/kinds.ts";
import { connect, providersOf } from "./accounts/connect.ts";
import type { Deps } from "./base/deps.ts";
import type { Accounts } from "./accounts/find-accounts.ts";
import { guardPartitions } from "./planning/guard-partitions.ts";
import { guardRendercad } from "./planning/guard-rendercad.ts";
import { readGiven, type Given } from "./planning/given.ts";
import { guardExports } from "./planning/keep-exports.ts";
import { guardNeeded, judgeFiles, withoutNotGiven } from "./files/judge-files.ts";
import { labelOf, openState, type Opened } from "./files/load.ts";
import { makeSources, remarkLineBreaks } from "./planning/sources.ts";
import { confirmAccount, readAccounts, resolveStaying, type Account } from "./planning/read-accounts.ts";
import { scheduleOf } from "./planning/schedule-plan.ts";
import { skipRefused } from "./planning/skip-refused.ts";
import type { PlanInput } from "./planning/plan-input.ts";
import type { Planned } from "./planning/planned.ts";

/** `plan`: reads the file, the state and the accounts, writes nothing. Throws a `ProblemError` with all of a stage's problems. */
export async function runPlan(input: PlanInput, deps: Deps): Promise<Plan> {
  const { plan, missing } = await planRun(input, deps);
  if (input.strictValues && missing.length > 0) throw new ProblemError(missing);
  return plan;
}

/** `opened`: by a caller who took the lock first. */
export async function planRun(input: PlanInput, deps: Deps, opened?: Opened): Promise<Planned> {
  const { state: loaded, store } = opened ?? (await openState(input, deps));
  const readAt = deps.world.now();
  const stored = await rememberState(store, deps);
  const given = await readGiven(input, loaded, stored.inventory, store);
  const state = withNotedGuards(withoutDestroyed(loaded, given.destroys), stored.inventory);
  const { allowOlder } = given.overrides;
  const typed = [
    ...(Array.isArray(input.destroys) ? input.destroys : []),
    ...(input.rotates ?? []),
    ...input.targets,
  ];
  const judged = { ...input, allowOlder, state, loaded, typed, stored: stored.inventory };
  const ownership = await judgeFiles(judged, deps);
  const providers = providersOf(state, ownership.own);
  const connection = await connect(deps, state, limitsOf(input, deps, stored.windows), providers);
  const readers = rememberEach(connection.readers);
  const account = await readAccounts({ input, deps, state, connection, readers, ownership, key: stored.key });
  const sources = opened?.sources ?? (await makeSources(input, deps, state));
  const facts = { input, deps, state, store, readAt, stored, connection, readers, sources, given, ownership };
  const first = await planAccount(facts, account);
  if (!input.confirmsEntries) return first;
  const confirmed = await confirmAccount(account, first.plan, connection);
  return confirmed ? planAccount(facts, confirmed) : first;
}

type PlanFacts = Pick<Planned, "state" | "store" | "readAt" | "connection" | "sources" | "ownership"> & {
  readonly input: PlanInput;
  readonly deps: Deps;
  readonly stored: Awaited<ReturnType<typeof rememberState>>;
  readonly readers: Readers;
  readonly given: Given;
};

/** The plan of an account as it was read. */
async function planAccount(
  { input, deps, state, store, readAt, stored, connection, readers, sources, given, ownership }: PlanFacts,
  account: Account,
): Promise<Planned> {
  const { read, accounts, inventory, owners, found, desired } = account;
  const { overrides, selection, known } = given;
  const today = new Date(readAt).toISOString().slice(0, 10);
  const { key: digestKey } = stored;
  const deliveries = findDeliveries({ desired, live: read.live, inventory, kinds, key: digestKey });
  const facts = { state, key: digestKey, readers, sources, deliveries, overrides, today };
  const resolved = await resolveStaying({ ...account, ...facts });
  const { missing, refused, warnings } = missingSources(input, resolved);
  const self = state.settings.rendercadSelf;
  const make = async (leftOut: ReadonlySet<Address>): Promise<Plan> => {
    const made = makePlan({
      ...account,
      ...read,
      ...facts,
      resolved,
      kinds,
      leftOut,
      basis: basisOf(input, state, accounts, inventory),
      selection: withoutNotGiven(selection, ownership),
      known,
      schedule: (steps) => scheduleOf(steps, deps, connection, state),
      reads: { resources: countAll(read.counts), calls: connection.calls() },
      refusals: [...ownership.refusals, ...read.refusals, ...refused],
      problems: [
        ...stored.notes,
        ...given.problems,
        ...ownership.problems,
        ...judgeConsents(state, stored.inventory, kinds),
        ...owners,
        ...remarkLineBreaks(deps.environment, state),
        ...warnings,
      ],
    });
    const guarded = await guardRendercad({ plan: made, remembered: readers, connection, found, self });
    const kept = guardNeeded(guardExports(guarded, input, deps), ownership);
    return guardPartitions({ plan: kept, store, live: read.live, inventory });
  };
  const plan = await (input.skipRefused ? skipRefused({ desired, kinds, make }) : make(new Set()));
  const notesGuards = input.destroys === undefined;
  const made = {
    plan,
    notesGuards,
    state,
    store,
    sources,
    deliveries,
    connection,
    missing,
    ownership,
    readAt,
  };
  return { ...stored, ...account, ...made };
}

function countAll(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
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
  };
}

/** Sources that are not there: such a value can neither be compared nor sent. What is only deleted needs none. */
function missingSources(
  { destroys }: PlanInput,
  resolved: ReadonlyMap<Address, ResolvedValues>,
): {
  readonly missing: readonly Problem[];
  readonly refused: readonly Problem[];
  readonly warnings: readonly Problem[];
} {
  const values = [...resolved.values()].flatMap((ofResource) => [...ofResource.values()]);
  const withheld = values.flatMap((value) => (value.state === "missing" ? [value.problem] : []));
  const found = destroys === undefined ? withheld : [];
  const missing = found.filter(({ severity }) => severity !== "refusal");
  const warnings = missing.map((one) => ({ ...one, severity: "warning" as const }));
  return { missing, refused: found.filter(({ severity }) => severity === "refusal"), warnings };
}

function withoutDestroyed(state: DesiredState, destroys: Given["destroys"]): DesiredState {
  if (destroys === undefined) return state;
  const goes = (address: Address): boolean => destroys === "all" || destroys.includes(address);
  return {
    ...state,
    resources: state.resources.filter((one) => !goes(one.address)),
    targets: destroys === "all" ? [] : state.targets,
  };
}

/** The stricter of what the file says and what the last apply noted. */
function withNotedGuards(state: DesiredState, inventory: Inventory): DesiredState {
  const settings = withStricterGuards(state.settings, inventory);
  const problems = [...state.problems, ...tellLoosened(state, inventory)];
  return keepSecrets({ ...state, settings, problems }, inventory);
}

function basisOf(
  input: PlanInput,
  state: DesiredState,
  accounts: Accounts,
  inventory: Inventory,
): Plan["basis"] {
  return {
    label: labelOf(state, input),
    files: state.files,
    ...accounts,
    inventory: { lineage: inventory.lineage, serial: inventory.serial },
  };
}
