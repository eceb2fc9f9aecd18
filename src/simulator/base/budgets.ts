import type { Clock } from "./clock.ts";
import type { Switches } from "./switches.ts";

const minute = 60_000;
const hour = 60 * minute;

/**
 * Render's sizes as documented; windows are aligned to the wall clock (recorded), RENDERCAD's slide. `log-stream` is the
 * workspace's log stream (recorded 2024: 30 a minute for all three methods).
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
export type BudgetName = keyof typeof documented;
/** Differences from the documented sizes, as `--limits FILE` has them. */
type LimitsTable = { readonly [budget in BudgetName]?: Limit };

const limitSets = {
  documented,
  /** "Other writes" show 100 a minute in every recording from 2024 to 2026, whatever the documentation says. */
  recorded: { ...documented, "render/write": { size: 100, windowMs: minute } },
} as const;

export type Limits = "documented" | "recorded" | "off" | LimitsTable;

/** What is left after a call was counted, or when the next may come. */
export type Standing = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends, or until the oldest call slides out of it. */
  readonly resetMs: number;
  readonly resetAt: number;
};

export type Budgets = {
  /** Counts one call, unless none is left. `undefined`: limits are off. */
  take(budget: BudgetName, key: string): Standing | undefined;
  /** Raises, lowers or stops limits under everybody's feet; what was used stays used. */
  change(limits: Limits): void;
};

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

/** Only RENDERCAD's windows are taken to slide, and a switch fixes them. */
function fixIfSwitched(limit: Limit, switches: Switches): Limit {
  return limit.sliding && switches.rendercadWindows === "fixed" ? { ...limit, sliding: false } : limit;
}

/** Fixed windows start at whole minutes and hours; a sliding one began a window ago. */
function windowStart(limit: Limit, now: number): number {
  return limit.sliding ? now - limit.windowMs + 1 : now - (now % limit.windowMs);
}

function limitTable(limits: Limits): { readonly [budget in BudgetName]: Limit } | undefined {
  if (limits === "off") return undefined;
  return typeof limits === "string" ? limitSets[limits] : { ...documented, ...limits };
}

/** Names of budgets, for checking a limits file. */
export function isBudgetName(text: string): text is BudgetName {
  return Object.hasOwn(documented, text);
}

/**
 * Whose calls count together, within one user. A service has a bucket of its own; all cron jobs share one (recorded).
 * Creations share one bucket or have one per kind: never settled, hence a switch.
 */
export function budgetKey(budget: BudgetName, path: string, switches: Switches): string {
  const [first, second] = path.split("/").filter((segment) => segment !== "");
  if (budget === "render/service-change") return second?.startsWith("crn-") ? "crn" : (second ?? "");
  if (/^rendercad\/\w+-write$/.test(budget) && switches.rendercadWriteBudget === "separate") return path;
  if (budget === "render/create" && switches.creationBudget === "separate") return first ?? "";
  return "";
}
