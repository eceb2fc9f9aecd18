import { budgetOf, budgetTable, type BudgetName, type Millis, type Window } from "../model/budget.ts";

/**
 * What is known of one budget. `size` calls are allowed in `per` milliseconds. `used` and `resetsAt` (milliseconds since
 * 1970) are `null` while nothing is known of the running window. `from`: where this comes from, which is an answer of the
 * API just now, the ledger of an earlier run, or the table of documented limits.
 */
export type Limit = {
  readonly budget: BudgetName;
  readonly size: number;
  readonly per: Millis;
  readonly used: number | null;
  readonly resetsAt: Millis | null;
  /** Calls that `settings.reserve` leaves to others. */
  readonly reserved: number;
  readonly from: "answer" | "ledger" | "table";
};

/** All budgets at a moment (milliseconds since 1970). */
export type Limits = { readonly at: Millis; readonly limits: readonly Limit[] };

/** Every budget, sorted by name. A family that counts for each resource has a line for each known one, else a single line. */
export function listLimits(
  windows: ReadonlyMap<BudgetName, Window>,
  ledger: ReadonlyMap<BudgetName, Window>,
  reserve: { readonly [family: string]: number },
): readonly Limit[] {
  const known = [...windows.keys()];
  const others = Object.keys(budgetTable).filter(
    (family) => !known.some((name) => name === family || name.startsWith(`${family}:`)),
  );
  return [...known, ...others]
    .sort()
    .map((budget) => describeLimit(budget, windows.get(budget), ledger.get(budget), reserve));
}

function describeLimit(
  budget: BudgetName,
  window: Window | undefined,
  inherited: Window | undefined,
  reserve: { readonly [family: string]: number },
): Limit {
  const { calls, per } = budgetOf(budget);
  return {
    budget,
    size: window?.limit ?? calls,
    per,
    used: window?.used ?? null,
    resetsAt: window?.endsAt ?? null,
    reserved: reserve[budget] ?? 0,
    from: window === undefined ? "table" : isSame(window, inherited) ? "ledger" : "answer",
  };
}

function isSame(a: Window, b: Window | undefined): boolean {
  return b !== undefined && a.limit === b.limit && a.used === b.used && a.endsAt === b.endsAt;
}
