import type { Account } from "./read-accounts.ts";
import { judgeConsents } from "../../core/owners/moved.ts";
import { remarkValues } from "./remark-sources.ts";
import { remarkLineBreaks } from "./sources.ts";
import type { Address } from "../../core/base/address.ts";
import type { Plan } from "../../core/model/plan.ts";
import { makePlan } from "../../core/planning/make-plan.ts";
import { kinds } from "../../providers/kinds.ts";
import type { Deps } from "../base/deps.ts";
import { guardNeeded, withoutNotGiven } from "../files/judge-files.ts";
import { labelOf } from "../files/load.ts";
import {
  dayOf,
  findMissing,
  findValues,
  type Ground,
  type MissingValues,
  type Values,
} from "./find-values.ts";
import { guardPartitions } from "./guard-partitions.ts";
import { guardRendercad } from "./guard-rendercad.ts";
import { guardExports } from "./keep-exports.ts";
import { scheduleOf } from "./schedule-plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import { findLeftOut } from "../../core/planning/skip-refused.ts";

/**
 * A plan with all that it was made from. It stays in memory and is never written, because it holds secrets: a run resolves
 * its values from the same sources, and signs its digests with the same key.
 */
export type Planned = Ground & {
  readonly plan: Plan;
  readonly values: Values;
  /** Errors for `apply` and for `plan --strict-values`: values whose source is not there. */
  readonly missing: readonly Problem[];
};

/** The plan of the accounts as they were read: their values, the changes and steps, and everything that refuses it. */
export async function planAccount(ground: Ground, deps: Deps): Promise<Planned> {
  const { start, account } = ground;
  const values = await findValues(ground);
  const missing = findMissing(start, values);
  const make = (leftOut: ReadonlySet<Address>): Promise<Plan> =>
    guardPlan(planChanges(ground, { values, missing, leftOut }, deps), ground, deps);
  const plan = start.input.skipRefused ? await skipRefused(account.desired, make) : await make(new Set());
  return { ...ground, plan, values, missing: missing.missing };
}

/**
 * The plan without what is refused and what depends on it, each named in a warning. What is left is planned and guarded anew,
 * until nothing of it is refused that could be left out. `make` plans without the changes of some addresses.
 */
async function skipRefused(
  desired: Account["desired"],
  make: (leftOut: ReadonlySet<Address>) => Promise<Plan>,
): Promise<Plan> {
  let leftOut: ReadonlyMap<Address, Problem> = new Map();
  for (;;) {
    const plan = await make(new Set(leftOut.keys()));
    const more = findLeftOut(plan, { desired, kinds });
    if (more.size === 0) return { ...plan, problems: [...plan.problems, ...leftOut.values()] };
    leftOut = new Map([...leftOut, ...more]);
  }
}

/** What one plan is made with besides the ground that it stands on. */
type PlanParts = {
  readonly values: Values;
  readonly missing: MissingValues;
  /** Addresses that are left out with their changes (`--skip-refused`). */
  readonly leftOut: ReadonlySet<Address>;
};

/** Changes, steps, and the guards that judge by the plan alone. */
function planChanges(ground: Ground, { values, missing, leftOut }: PlanParts, deps: Deps): Plan {
  const { start, access, account } = ground;
  const { state, given, remembered, ownership } = start;
  const { read, inventory } = account;
  return makePlan({
    state,
    live: read.live,
    gone: read.gone,
    targets: read.targets,
    counts: read.counts,
    inventory,
    resolved: values.resolved,
    deliveries: values.deliveries,
    kinds,
    key: remembered.key,
    scope: account.scope,
    basis: basisOf(ground),
    overrides: given.overrides,
    today: dayOf(start),
    selection: withoutNotGiven(given.selection, ownership),
    known: given.known,
    leftOut,
    schedule: (steps) => scheduleOf(steps, deps, access.connection, state, readsAhead(ground)),
    reads: { resources: countAll(read.counts), calls: access.connection.calls() },
    refusals: [...ownership.refusals, ...read.refusals, ...missing.refused],
    problems: [
      ...remembered.notes,
      ...given.problems,
      ...ownership.problems,
      ...judgeConsents(state, remembered.inventory, kinds),
      ...account.owners,
      ...remarkLineBreaks(deps.environment, state),
      ...remarkValues(ground.sources.given, state),
      ...missing.warnings,
    ],
  });
}

/** The plan with the refusals that need more than the plan: another call, this machine, other files or other labels. */
async function guardPlan(plan: Plan, { start, access, account }: Ground, deps: Deps): Promise<Plan> {
  const { input, state, store, ownership } = start;
  const signedIn = await guardRendercad({
    plan,
    remembered: access.readers,
    connection: access.connection,
    found: account.found,
    self: state.settings.rendercadSelf,
  });
  const kept = guardExports(signedIn, input, deps);
  const needed = guardNeeded(kept, ownership);
  return guardPartitions({ plan: needed, store, live: account.read.live, inventory: account.inventory });
}

/** The reads that come before the first step: those of the apply after a plan. A run that writes next has read already. */
function readsAhead({ start, access }: Ground): number {
  return start.input.isPatient ? 0 : access.connection.calls();
}

function countAll(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** What the plan is a plan of. `apply` refuses one that was saved when any of it is another by then. */
function basisOf({ start, account }: Ground): Plan["basis"] {
  const { lineage, serial } = account.inventory;
  return {
    label: labelOf(start.state, start.input),
    files: start.state.files,
    ...account.accounts,
    inventory: { lineage, serial },
  };
}
