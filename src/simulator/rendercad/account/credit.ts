import { fail } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { billingCycle, findAccount, plan, type AccountRow } from "./account-row.ts";
import { announce } from "../webhook/delivery-row.ts";

/** The credits that a job took, and from where, so that they can be given back. */
export type Charge = {
  readonly cycleStart: string;
  readonly monthly: number;
  readonly grants: number;
  readonly pooled: number;
};

/** The costs of jobs, as `auth.php?action=check` shows them. */
export const tokenCosts = { classic: 1, pro: 2, "4k_upgrade": 2 };

/** Takes credits for a job: those of the month first, then granted, then pooled ones. The order is not documented. */
export function takeCredits(world: World, userId: string, cost: number): Charge {
  const account = findAccount(world, userId);
  const left = plan.monthlyCredits - account.used;
  if (cost > left + account.grants + account.pooled) {
    announceExhaustion(world, account);
    fail(429, "You have used all your credits. Upgrade your plan or wait for the next billing cycle.");
  }
  const monthly = Math.min(cost, left);
  const grants = Math.min(cost - monthly, account.grants);
  const pooled = cost - monthly - grants;
  account.used += monthly;
  account.grants -= grants;
  account.pooled -= pooled;
  if (account.used === plan.monthlyCredits && account.grants + account.pooled === 0)
    announceExhaustion(world, account);
  return { cycleStart: account.cycleStart, monthly, grants, pooled };
}

/** Gives the credits of a job back. Those of the month are given back within that month only, because they lapse with it. */
export function giveBackCredits(world: World, userId: string, charge: Charge): void {
  const account = findAccount(world, userId);
  if (charge.cycleStart === account.cycleStart) account.used -= charge.monthly;
  account.grants += charge.grants;
  account.pooled += charge.pooled;
}

function announceExhaustion(world: World, account: AccountRow): void {
  if (account.exhaustedIn === account.cycleStart) return;
  account.exhaustedIn = account.cycleStart;
  const now = world.clock.now();
  announce(world, {
    userId: account.id,
    event: "credits.exhausted",
    at: now,
    fields: {
      user_id: `user_${account.number}`,
      credits_used: account.used,
      credits_limit: plan.monthlyCredits,
      billing_cycle_end: billingCycle(now).end,
    },
  });
}
