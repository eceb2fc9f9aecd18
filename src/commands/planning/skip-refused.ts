import type { Address } from "../../core/base/address.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Problem } from "../../core/base/problem.ts";
import { findLeftOut, type SkipInput } from "../../core/planning/skip-refused.ts";

/**
 * The plan without what is refused and what depends on it, each named in a warning. What is left is planned and guarded anew,
 * until nothing of it is refused that could be left out. `make` plans without the changes of some addresses.
 */
export async function skipRefused(
  input: SkipInput & { readonly make: (leftOut: ReadonlySet<Address>) => Promise<Plan> },
): Promise<Plan> {
  let leftOut: ReadonlyMap<Address, Problem> = new Map();
  for (;;) {
    const plan = await input.make(new Set(leftOut.keys()));
    const more = findLeftOut(plan, input);
    if (more.size === 0) return { ...plan, problems: [...plan.problems, ...leftOut.values()] };
    leftOut = new Map([...leftOut, ...more]);
  }
}
