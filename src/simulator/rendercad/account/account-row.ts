import { defineTable, users, type Row } from "../../base/account.ts";
import type { World } from "../../base/world.ts";
import { formatDay } from "./time.ts";

/** A person's subscription; the id is the user's. Credits are what the reference also calls tokens. */
export type AccountRow = Row & {
  readonly number: number;
  /** First day of the billing cycle that `used` counts. */
  cycleStart: string;
  /** Of the plan's monthly credits. */
  used: number;
  /** Credits given away and credits bought, left over when the month's are used up. */
  grants: number;
  pooled: number;
  /** The cycle in which `credits.exhausted` was announced: once is enough. */
  exhaustedIn?: string;
};

const accounts = defineTable<AccountRow>("rendercad accounts");

/** The documented example, and the only plan whose figures are known. */
export const plan = { code: "professional", name: "Professional", monthlyCredits: 120, priceCents: 4999 };

/** Cycles are calendar months in UTC, as in the documented example. Dates without time. */
export function billingCycle(now: number): {
  readonly start: string;
  readonly end: string;
  readonly next: string;
} {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    start: formatDay(Date.UTC(year, month, 1)),
    end: formatDay(Date.UTC(year, month + 1, 0)),
    next: formatDay(Date.UTC(year, month + 1, 1)),
  };
}

/** The user's account, made when it is first asked for and brought to the cycle that the clock is in. */
export function findAccount(world: World, userId: string): AccountRow {
  const { start } = billingCycle(world.clock.now());
  const row =
    world.account.find(accounts, userId) ??
    world.account.insert(accounts, {
      id: userId,
      number: world.account.list(users).findIndex(({ id }) => id === userId) + 1,
      cycleStart: start,
      used: 0,
      grants: 12,
      pooled: 87,
    });
  if (row.cycleStart !== start) Object.assign(row, { cycleStart: start, used: 0 });
  return row;
}
