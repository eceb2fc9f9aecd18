import { familyOf, budgetTable } from "../../core/model/budget.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { PlanRecord } from "../../core/run/plan-record.ts";
import { describeBudget, describeEstimate } from "../base/duration.ts";
import { sentence } from "./escape-markdown.ts";

const hour = 3_600_000;

/**
 * What the open pull requests of the same label would spend of the hourly limits that this plan needs too: a sentence for each limit that
 * they cannot all have at once. Says nothing of what is left of a limit now, so that the comment does not change with the clock.
 */
export function describeOthers(plan: Plan, others: readonly PlanRecord[]): readonly string[] {
  return Object.entries(plan.schedule.calls).flatMap(([budget, calls]) => {
    const limit = budgetTable[familyOf(budget)];
    if (!limit || limit.per < hour) return [];
    const also = others.flatMap((one) => {
      const many = one.calls[budget] ?? 0;
      return many === 0 ? [] : [{ ...one, many }];
    });
    const sum = also.reduce((total, { many }) => total + many, calls);
    if (also.length === 0 || sum <= limit.calls) return [];
    const list = also.map(({ pullRequest, many }) => `#${pullRequest} needs ${many}`).join(", ");
    const windows = Math.ceil(sum / limit.calls);
    const wait = describeEstimate((windows - 1) * limit.per);
    return [
      `${sentence(describeBudget(budget))} is wanted by other open pull requests too: this one needs ${calls}, ${list}. Whichever is merged later waits, ${wait} if all are merged at once.`,
    ];
  });
}
