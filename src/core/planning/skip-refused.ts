import type { Address } from "../base/address.ts";
import type { Desired } from "../model/desired.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Plan, StepId } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";

/** What `findLeftOut` looks at besides the plan. */
export type SkipInput = {
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly kinds: Kinds;
};

/**
 * For `--skip-refused`: the addresses that are left out of a plan, because they are refused or depend on one that is, each
 * with a warning that says why. A refusal that names no address is about the plan as a whole, and cannot be skipped.
 */
export function findLeftOut(plan: Plan, input: SkipInput): ReadonlyMap<Address, Problem> {
  const refused = findRefused(plan);
  return new Map([...refused, ...findDependants(plan, refused, input)]);
}

function findRefused(plan: Plan): ReadonlyMap<Address, Problem> {
  const changed = new Set(plan.changes.map((change) => change.address));
  const refused = new Map<Address, Problem>();
  for (const refusal of plan.refusals) {
    const address = refusal.address as Address | undefined;
    if (address === undefined || !changed.has(address)) continue;
    refused.set(address, leaveOut(address, `it is refused. ${refusal.message}`, refusal.remedy, refusal));
  }
  return refused;
}

/** What depends on refused addresses: by a step that needs one of theirs, by being made in the same call, or by standing in one. */
function findDependants(
  plan: Plan,
  refused: ReadonlyMap<Address, Problem>,
  { desired, kinds }: SkipInput,
): ReadonlyMap<Address, Problem> {
  const addressOf = new Map<StepId, Address>(plan.steps.map(({ id, address }) => [id, address]));
  const found = new Map<Address, Problem>();
  const isLeft = (address: Address | undefined): address is Address =>
    address !== undefined && (refused.has(address) || found.has(address));
  const add = (address: Address, because: Address): void => {
    if (isLeft(address)) return;
    const remedy = "Answer that refusal, and plan again.";
    found.set(address, leaveOut(address, `it depends on ${because}, which is left out.`, remedy));
  };
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { address, needs } of plan.steps) {
      const because = needs.map((need) => addressOf.get(need)).find(isLeft);
      if (because !== undefined) add(address, because);
    }
    for (const { address, kind, action } of plan.changes) {
      const own = desired.get(address);
      const carrier = own && kinds.get(kind)?.createdWith?.(own, desired);
      const host = own && action !== "keep" ? kinds.get(kind)?.partOf?.(own) : undefined;
      for (const one of [carrier, host]) if (isLeft(one)) add(address, one);
    }
  }
  return found;
}

function leaveOut(address: Address, why: string, remedy: string, from?: Problem): Problem {
  const where = from?.where ? { where: from.where } : {};
  return problem("warning", "left-out", `${address} is left out: ${why}`, remedy, { address, ...where });
}
