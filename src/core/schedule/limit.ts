import { budgetOf, budgetTable, type BudgetName, type Millis, type Window } from "../model/budget.ts";

/**
 * One budget as far as it is known. `used` and `resetsAt` (milliseconds since 1970) are `null` while nothing is known of the
 * running window. `from`: an answer of the API just now, what an earlier run left in the ledger, or the documentation.
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

export type Limits = { readonly at: Millis; readonly limits: readonly Limit[] };

/** Every budget by name; one that is counted per resource stands once for each resource that is known, else once. */
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
