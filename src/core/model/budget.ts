/** Milliseconds: a length of time, or a moment since 1970 (in a schedule: since the start of the run). */
export type Millis = number;

/**
 * The name of one rate limit of an API: `render/write`. Where an API counts for each resource by itself, the part before
 * the colon is the family and the part behind it says which one: `render/service-change:render/service/api` is one
 * service's, `render/service-change:cron` is one for all cron jobs.
 */
export type BudgetName = string;

/**
 * How much a rate limit allows: `calls` in each window of `per` milliseconds. `aligned`: one window follows the other, by
 * the clock, as from 12:00 to 12:01 (recorded: every Ratelimit-Reset of Render). `sliding`: a call may start when fewer
 * than `calls` started in the last `per` milliseconds.
 */
export type Budget = {
  readonly calls: number;
  readonly per: Millis;
  readonly window: "aligned" | "sliding";
};

const minute = 60_000;
const hour = 3_600_000;

/**
 * Each family of limits, and what it is taken to allow until a header of an answer says otherwise. The sizes are as
 * documented. Recordings show 100 writes a minute where the documentation says 30, so a plan counts on 30. Creations of
 * Postgres and Key Value are taken to count together with those of services. RENDERCAD documents "an hour" and does not
 * say of which sort: these are taken as sliding, because what keeps to sliding windows keeps to aligned ones too.
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

/** The family of a budget, by which `budgetTable` has it: `render/service-change` of `render/service-change:cron`. */
export function familyOf(name: BudgetName): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(0, colon);
}

/** What a budget allows. A name that the table does not have is a fault of the program: throws an `Error`. */
export function budgetOf(name: BudgetName): Budget {
  const budget = budgetTable[familyOf(name)];
  if (!budget) throw new Error(`no such budget: ${name}`);
  return budget;
}

/**
 * What is known of a window that is running, from the ledger of earlier runs or from the headers of an answer: `used` of
 * its `limit` calls are spent, and it ends at `endsAt`. `leaves` is for a sliding one: the moments at which each of the
 * `used` calls no longer counts, in order; `endsAt` is the last of them.
 */
export type Window = {
  readonly limit: number;
  readonly used: number;
  readonly endsAt: Millis;
  readonly leaves?: readonly Millis[];
};

/**
 * The moments after `now` at which calls of a sliding window stop to count. Where only their number was noted, all of them
 * are taken to count until the window's end.
 */
export function leavesOf(window: Window | undefined, now: Millis): readonly Millis[] {
  const leaves = window?.leaves ?? Array.from({ length: window?.used ?? 0 }, () => window!.endsAt);
  return leaves.filter((at) => at > now);
}
