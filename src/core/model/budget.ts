export type Millis = number;

/**
 * One API rate limit, as `render/write`, or one of a family that counts per resource, as
 * `render/service-change:render/service/api` (per service) and `render/service-change:cron` (one for all cron jobs).
 */
export type BudgetName = string;

/**
 * `calls` in each window of `per` milliseconds. `aligned`: windows follow each other and are aligned to the clock (recorded:
 * every Ratelimit-Reset of Render). `sliding`: a call may start when fewer than `calls` started in the last `per`.
 */
export type Budget = {
  readonly calls: number;
  readonly per: Millis;
  readonly window: "aligned" | "sliding";
};

const minute = 60_000;
const hour = 3_600_000;

/**
 * What the limits are taken to be before a header says otherwise. Sizes as documented; recordings show 100 writes a
 * minute where the documentation says 30, so a plan counts on 30. Postgres and Key Value creations are planned as one
 * bucket with services until a header shows otherwise. RENDERCAD documents "an hour" and no more: what keeps to sliding
 * windows keeps to aligned ones too.
 */
export const budgetTable: { readonly [family: string]: Budget } = {
  "render/read": aligned(400, minute),
  "render/write": aligned(30, minute),
  "render/create": aligned(20, hour),
  "render/custom-domain": aligned(50, hour),
  "render/service-change": aligned(10, minute),
  "render/log": aligned(30, minute),
  "render/job": aligned(100, minute),
  "rendercad/token-write": sliding(10, hour),
  "rendercad/token-list": sliding(120, hour),
  "rendercad/webhook-write": sliding(10, hour),
  "rendercad/webhook-list": sliding(60, hour),
  "rendercad/discovery": sliding(60, hour),
  "rendercad/status": sliding(120, minute),
  "rendercad/device-code-request": sliding(10, hour),
  "rendercad/device-code-poll": sliding(60, 10 * minute),
};

function aligned(calls: number, per: Millis): Budget {
  return { calls, per, window: "aligned" };
}

function sliding(calls: number, per: Millis): Budget {
  return { calls, per, window: "sliding" };
}

export function familyOf(name: BudgetName): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(0, colon);
}

export function budgetOf(name: BudgetName): Budget {
  const budget = budgetTable[familyOf(name)];
  if (!budget) throw new Error(`no such budget: ${name}`);
  return budget;
}

/**
 * What is known of a window that is running: from the ledger of earlier runs or from a response's headers. `leaves`: of a
 * sliding one, when each of the `used` calls leaves it, in order; `endsAt` is the last of them.
 */
export type Window = {
  readonly limit: number;
  readonly used: number;
  readonly endsAt: Millis;
  readonly leaves?: readonly Millis[];
};

/** When each counted call of a sliding window leaves it; one that was noted without its calls is taken to end at once. */
export function leavesOf(window: Window | undefined, now: Millis): readonly Millis[] {
  const leaves = window?.leaves ?? Array.from({ length: window?.used ?? 0 }, () => window!.endsAt);
  return leaves.filter((at) => at > now);
}
