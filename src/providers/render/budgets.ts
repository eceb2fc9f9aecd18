import type { Address } from "../../core/base/address.ts";
import type { BudgetName } from "../../core/model/budget.ts";

/** Which budget a call is charged to, as the recorded headers show it: one call, one bucket. */
export const budgets = {
  write: ["render/write"],
  create: ["render/create"],
  customDomain: ["render/custom-domain"],
  log: ["render/log"],
  job: ["render/job"],
} as const satisfies { readonly [name: string]: readonly BudgetName[] };

/**
 * PATCH, deploy, scale, suspend and resume: ten a minute for each service, and one bucket for all cron jobs together
 * (recorded: cron job).
 */
export function serviceChange(address: Address, isCron: boolean): readonly BudgetName[] {
  return [`render/service-change:${isCron ? "cron" : address}`];
}

/** Every GET counts in one bucket, but for logs (documented) and the workspace's log stream (recorded: log stream of a workspace). */
export function readBudget(path: string): BudgetName {
  return /^\/logs(\?|$|\/streams\/owner\/)/u.test(path) ? "render/log" : "render/read";
}
