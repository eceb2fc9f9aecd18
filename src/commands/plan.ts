import { ProblemError } from "../core/base/problem.ts";
import type { Plan } from "../core/model/plan.ts";
import { graphResources, type PlanGraph } from "../core/planning/plan-graph.ts";
import type { Deps } from "./base/deps.ts";
import { openState, type Opened } from "./files/load.ts";
import { openAccess } from "./planning/access.ts";
import { planAccount, type Planned } from "./planning/plan-account.ts";
import type { PlanInput } from "./planning/plan-input.ts";
import { confirmAccount, readAccounts } from "./planning/read-accounts.ts";
import { makeSources } from "./planning/sources.ts";
import { prepareStart } from "./planning/start.ts";

/** `plan`: reads the file, the state and the accounts, writes nothing. Throws a `ProblemError` with all of a stage's problems. */
export async function runPlan(input: PlanInput, deps: Deps): Promise<Plan> {
  return (await runDrawnPlan(input, deps)).plan;
}

/** A plan, and what depends on what in it, for who draws that as well. */
export async function runDrawnPlan(
  input: PlanInput,
  deps: Deps,
): Promise<{ readonly plan: Plan; readonly graph: PlanGraph }> {
  const { plan, missing, start, account } = await planRun(input, deps);
  if (input.strictValues && missing.length > 0) throw new ProblemError(missing);
  return { plan, graph: graphResources(plan, start.state.resources, account.inventory) };
}

/**
 * What `plan` does, and what `apply`, `drift`, `graph` and a rehearsal begin with. Each stage hands its result to the next:
 *
 *   open      the file is read, and the state that it names is found
 *   start     what the state remembers, what was typed, whose file each entry is
 *   access    clients for the accounts that take part; these cannot write
 *   read      what is live, each object at its address; what earlier runs began is settled
 *   plan      values, changes, steps, refusals
 *   confirm   before a run: lists that a write would replace are read once more, and planned with again
 *
 * `given`: the file and the state, by a caller who has opened them already.
 */
export async function planRun(input: PlanInput, deps: Deps, given?: Opened): Promise<Planned> {
  const opened = given ?? (await openState(input, deps));
  const start = await prepareStart(input, opened, deps);
  const access = await openAccess(start, deps);
  const account = await readAccounts(start, access, deps);
  const sources = opened.sources
    ? { ...opened.sources, given: [] }
    : await makeSources(input, deps, start.state);
  const planned = await planAccount({ start, access, account, sources }, deps);
  if (!input.confirmsEntries) return planned;
  const confirmed = await confirmAccount(account, planned.plan, access);
  return confirmed ? planAccount({ start, access, account: confirmed, sources }, deps) : planned;
}
