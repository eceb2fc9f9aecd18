import type { BudgetName, Millis } from "../model/budget.ts";
import type { Plan } from "../model/plan.ts";
import { countChanges, type Counts } from "./report.ts";
import type { RunBy } from "./journal.ts";

/**
 * What is kept of a plan that was shown on a pull request, for 90 days. It is the evidence that this plan was reviewed there: a
 * comment is none, since many may edit it. It holds no secret, as no plan does.
 *
 *     pull request 7, head 3f2a..., hash 9c41...
 *     merged: the plan of the new commit has the hash 9c41...     applied
 *     merged: it has another one                                  stopped, with what differs
 */
export type PlanRecord = {
  readonly version: 1;
  /** Hash of the plan's work. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by?: RunBy;
  /** Its number. */
  readonly pullRequest: number;
  /** Full id of the commit at the head of the pull request. */
  readonly head: string;
  readonly counts: Counts;
  /** Calls that applying it takes of each budget, and how long it lasts: what another pull request has to wait for. */
  readonly calls: { readonly [budget: BudgetName]: number };
  readonly end: Millis;
};

/** Makes the record of a plan. `at` is milliseconds since 1970. */
export function recordPlan(
  plan: Plan,
  facts: Pick<PlanRecord, "pullRequest" | "head" | "by"> & { readonly at: number },
): PlanRecord {
  const { at, by, pullRequest, head } = facts;
  return {
    version: 1,
    hash: plan.hash,
    at: new Date(at).toISOString(),
    ...(by && { by }),
    pullRequest,
    head,
    counts: countChanges(plan),
    calls: plan.schedule.calls,
    end: plan.schedule.end,
  };
}

/** The plans that were recorded for this commit of this pull request, newest first. */
export function recordsOf(
  records: readonly PlanRecord[],
  { pullRequest, head }: Pick<PlanRecord, "pullRequest" | "head">,
): readonly PlanRecord[] {
  return records
    .filter((one) => one.pullRequest === pullRequest && one.head === head)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** The newest plan of each pull request. */
export function newestOfEach(records: readonly PlanRecord[]): readonly PlanRecord[] {
  const newest = new Map<number, PlanRecord>();
  for (const one of records) {
    const known = newest.get(one.pullRequest);
    if (!known || known.at < one.at) newest.set(one.pullRequest, one);
  }
  return [...newest.values()].sort((a, b) => a.pullRequest - b.pullRequest);
}
