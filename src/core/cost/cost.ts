import type { Address } from "../base/address.ts";
import type { Problem } from "../base/problem.ts";

/** Hundredths of a US dollar: a whole number. */
export type Cents = number;

/**
 * One item of a price list that a resource causes in a month of 30 days. `low` and `high` differ where something that no file
 * says decides: `use` (minutes that a cron job runs), `scaling` (how many instances there are), `list` (two prices are
 * published, or what is included depends on the workspace's plan).
 */
export type Charge = { readonly item: string } & (
  | { readonly low: Cents; readonly high: Cents; readonly because?: "use" | "scaling" | "list" }
  | { readonly unknown: true }
);

/** Charges in sum. `unknown`: how many have no known price, which are in neither number. */
export type Cost = { readonly low: Cents; readonly high: Cents; readonly unknown: number };

/** A charge whose price is one number, so many times. */
export function priced(item: string, price: Cents | undefined, times = 1): Charge {
  if (price === undefined) return { item, unknown: true };
  const cents = Math.round(price * times);
  return { item, low: cents, high: cents };
}

export function sumCharges(charges: readonly Charge[]): Cost {
  let [low, high, unknown] = [0, 0, 0];
  for (const charge of charges) {
    if ("unknown" in charge) unknown += 1;
    else [low, high] = [low + charge.low, high + charge.high];
  }
  return { low, high, unknown };
}

/** What a file costs a month by the price list of that date. Resources that cost nothing by themselves are left out. */
export type CostReport = {
  readonly files: readonly string[];
  /** ISO date. */
  readonly priceList: string;
  readonly resources: readonly {
    readonly address: Address;
    readonly cost: Cost;
    readonly charges: readonly Charge[];
  }[];
  readonly total: Cost;
  /** Warnings and notes of the file. */
  readonly problems: readonly Problem[];
};
