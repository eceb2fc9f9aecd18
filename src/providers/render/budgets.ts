import type { Address } from "../../core/base/address.ts";
import type { BudgetName } from "../../core/model/budget.ts";

/** The budgets in which Render counts a call, as recorded headers show it: each call is counted in one. */
export const budgets = {
  write: ["render/write"],
  create: ["render/create"],
  customDomain: ["render/custom-domain"],
  log: ["render/log"],
  job: ["render/job"],
} as const satisfies { readonly [name: string]: readonly BudgetName[] };

/**
 * The budget of PATCH, deploy, scale, suspend and resume: ten calls a minute for each service, but one budget for all cron jobs
 * together (recorded: cron job).
 */
export function serviceChange(address: Address, isCron: boolean): readonly BudgetName[] {
  return [`render/service-change:${isCron ? "cron" : address}`];
}

/** The budget of a GET: one for all, except logs (documented) and the workspace's log stream (recorded: log stream of a workspace). */
export function readBudget(path: string): BudgetName {
  return /^\/logs(\?|$|\/streams\/owner\/)/u.test(path) ? "render/log" : "render/read";
}
