import { defineTable, users, type Row } from "../../base/account.ts";
import type { World } from "../../base/world.ts";
import { formatDay } from "./time.ts";

/** The subscription of a user; its id is that of the user. Its credits are what the reference also calls tokens. */
export type AccountRow = Row & {
  readonly number: number;
  /** The first day of the billing cycle that `used` counts. */
  cycleStart: string;
  /** How many of the monthly credits of the plan are used. */
  used: number;
  /** Credits that were given for free and credits that were bought. They are used when those of the month are used up. */
  grants: number;
  pooled: number;
  /** The cycle in which `credits.exhausted` was announced, which happens once in each. */
  exhaustedIn?: string;
};

const accounts = defineTable<AccountRow>("rendercad accounts");

/** The plan of the documented example, the only one whose figures are known. */
export const plan = { code: "professional", name: "Professional", monthlyCredits: 120, priceCents: 4999 };

/** The billing cycle at a moment, as dates without time: a calendar month in UTC, as in the documented example. */
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

/** The account of a user. It is made when it is first asked for, and brought to the cycle that the clock is in. */
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
