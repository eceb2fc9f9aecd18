export type Millis = number;

/**
 * One API rate limit, as `render/write`, or one of a family that counts per resource, as
 * `render/service-change:render/service/api` (per service) and `render/service-change:cron` (one for all cron jobs).
 */
export type BudgetName = string;

/** `calls` in each window of `per` milliseconds; windows are aligned to the clock (recorded: every Ratelimit-Reset). */
export type Budget = { readonly calls: number; readonly per: Millis };

const minute = 60_000;
const hour = 3_600_000;

/**
 * What the limits are taken to be before a header says otherwise. Sizes as documented; recordings show 100 writes a
 * minute where the documentation says 30, so a plan counts on 30. Postgres and Key Value creations are planned as one
 * bucket with services until a header shows otherwise.
 */
export const budgetTable: { readonly [family: string]: Budget } = {
  "render/read": { calls: 400, per: minute },
  "render/write": { calls: 30, per: minute },
  "render/create": { calls: 20, per: hour },
  "render/custom-domain": { calls: 50, per: hour },
  "render/service-change": { calls: 10, per: minute },
  "render/log": { calls: 30, per: minute },
  "render/job": { calls: 100, per: minute },
};

export function familyOf(name: BudgetName): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(0, colon);
}

export function budgetOf(name: BudgetName): Budget {
  const budget = budgetTable[familyOf(name)];
  if (!budget) throw new Error(`no such budget: ${name}`);
  return budget;
}

/** What is known of a window that is running: from the ledger of earlier runs or from a response's headers. */
export type Window = { readonly limit: number; readonly used: number; readonly endsAt: Millis };
