import type { Clock } from "./clock.ts";
import type { Switches } from "./switches.ts";

const minute = 60_000;
const hour = 60 * minute;

/**
 * The budgets as documented. Windows of Render are aligned to the clock (recorded), those of RENDERCAD slide.
 * `log-stream` is that of the workspace (recorded 2024: 30 a minute for all three methods).
 */
const documented = {
  "render/read": { size: 400, windowMs: minute },
  "render/write": { size: 30, windowMs: minute },
  "render/create": { size: 20, windowMs: hour },
  "render/custom-domain": { size: 50, windowMs: hour },
  "render/service-change": { size: 10, windowMs: minute },
  "render/log": { size: 30, windowMs: minute },
  "render/log-stream": { size: 30, windowMs: minute },
  "render/job": { size: 100, windowMs: minute },
  "rendercad/token-write": { size: 10, windowMs: hour, sliding: true },
  "rendercad/token-list": { size: 120, windowMs: hour, sliding: true },
  "rendercad/webhook-write": { size: 10, windowMs: hour, sliding: true },
  "rendercad/webhook-list": { size: 60, windowMs: hour, sliding: true },
  "rendercad/discovery": { size: 60, windowMs: hour, sliding: true },
  "rendercad/status": { size: 120, windowMs: minute, sliding: true },
  "rendercad/device-code-request": { size: 10, windowMs: hour, sliding: true },
  "rendercad/device-code-poll": { size: 60, windowMs: 10 * minute, sliding: true },
  "rendercad/device-code-authorize": { size: 5, windowMs: hour, sliding: true },
  "rendercad/video-generate": { size: 10, windowMs: 5 * minute, sliding: true },
  "rendercad/video-convert": { size: 20, windowMs: 5 * minute, sliding: true },
} as const satisfies { readonly [budget: string]: Limit };

type Limit = { readonly size: number; readonly windowMs: number; readonly sliding?: boolean };
/** The name of a budget. */
export type BudgetName = keyof typeof documented;
/** Limits that differ from the documented ones, as `--limits FILE` has them. */
type LimitsTable = { readonly [budget in BudgetName]?: Limit };

const limitSets = {
  documented,
  /** Other writes show 100 a minute in every recording from 2024 to 2026, whatever the documentation says. */
  recorded: { ...documented, "render/write": { size: 100, windowMs: minute } },
} as const;

/** The limits that a simulator has. */
export type Limits = "documented" | "recorded" | "off" | LimitsTable;

/** A window after a call was counted, or where it was full. */
export type Standing = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends, or until the oldest call leaves a sliding one. */
  readonly resetMs: number;
  readonly resetAt: number;
};

/** The budgets of one simulator, and what is used of them. */
export type Budgets = {
  /** Counts one call, unless none is left. `undefined`: there are no limits. */
  take(budget: BudgetName, key: string): Standing | undefined;
  /** Changes the limits while clients work. Calls that were counted stay counted. */
  change(limits: Limits): void;
};

/** The budgets of a new simulator, with no call counted. */
export function makeBudgets(limits: Limits, clock: Clock, switches: Switches): Budgets {
  const calls = new Map<string, number[]>();
  let table = limitTable(limits);
  return {
    take(budget, key) {
      if (!table) return undefined;
      const limit = fixIfSwitched(table[budget], switches);
      const now = clock.now();
      const start = windowStart(limit, now);
      const counter = `${budget} ${key}`;
      const recent = (calls.get(counter) ?? []).filter((time) => time >= start);
      const allowed = recent.length < limit.size;
      if (allowed) recent.push(now);
      calls.set(counter, recent);
      const resetAt = limit.sliding ? (recent[0] ?? now) + limit.windowMs : start + limit.windowMs;
      const remaining = Math.max(0, limit.size - recent.length);
      return { allowed, limit: limit.size, remaining, resetMs: resetAt - now, resetAt };
    },
    change(limits) {
      table = limitTable(limits);
    },
  };
}

/**
 * A budget with the sort of window that the switch `rendercadWindows` asks for. Only windows of RENDERCAD are taken
 * to slide.
 */
function fixIfSwitched(limit: Limit, switches: Switches): Limit {
  return limit.sliding && switches.rendercadWindows === "fixed" ? { ...limit, sliding: false } : limit;
}

/**
 * The start of the window that is running: a whole minute or hour for a fixed one, the length of a window ago for a
 * sliding one.
 */
function windowStart(limit: Limit, now: number): number {
  return limit.sliding ? now - limit.windowMs + 1 : now - (now % limit.windowMs);
}

function limitTable(limits: Limits): { readonly [budget in BudgetName]: Limit } | undefined {
  if (limits === "off") return undefined;
  return typeof limits === "string" ? limitSets[limits] : { ...documented, ...limits };
}

/** Whether a text is the name of a budget, for checking a file of limits. */
export function isBudgetName(text: string): text is BudgetName {
  return Object.hasOwn(documented, text);
}

/**
 * The bucket of a budget that a call is counted in, within one user. Each service has a bucket of its own, and all
 * cron jobs share one (recorded). Whether creations share one or have one for each kind is not known, so a switch
 * decides.
 */
export function budgetKey(budget: BudgetName, path: string, switches: Switches): string {
  const [first, second] = path.split("/").filter((segment) => segment !== "");
  if (budget === "render/service-change") return second?.startsWith("crn-") ? "crn" : (second ?? "");
  if (/^rendercad\/\w+-write$/.test(budget) && switches.rendercadWriteBudget === "separate") return path;
  if (budget === "render/create" && switches.creationBudget === "separate") return first ?? "";
  return "";
}
