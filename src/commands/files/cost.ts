import { sumCharges, type CostReport } from "../../core/cost/cost.ts";
import { findKind } from "../../core/kind/kind.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { kinds } from "../../providers/kinds.ts";
import { priceListDate } from "../../providers/render/prices/price-list.ts";
import { readFiles, type FileNames } from "./read-files.ts";

/** `cost`: reads the files and the price list, and no account. Throws a `ProblemError` where the files have errors. */
export async function runCost(input: FileNames, deps: Parameters<typeof readFiles>[1]): Promise<CostReport> {
  const { state, problems, names } = await readFiles(input, deps);
  if (!state) throw new ProblemError(problems);
  const resources = state.resources.flatMap(({ address, kind, spec }) => {
    const charges = findKind(kinds, kind).charges?.(spec) ?? [];
    return charges.length === 0 ? [] : [{ address, cost: sumCharges(charges), charges }];
  });
  const total = sumCharges(resources.flatMap(({ charges }) => charges));
  return { files: names, priceList: priceListDate, resources, total, problems };
}
