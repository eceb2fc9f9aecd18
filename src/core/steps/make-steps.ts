import { findKind, type Kind } from "../kind/kind.ts";
import type { Address } from "../base/address.ts";
import { budgetOf, type BudgetName } from "../model/budget.ts";
import type { Desired } from "../model/desired.ts";
import { findCircles, sortByNeeds, spellCircle } from "../base/graph.ts";
import type { Step } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";
import { makeChain } from "./chain.ts";
import { type Chain, inSequence, writeStep, waitUntilReady } from "./draft-steps.ts";
import { addRedeploys, connect } from "./connect-steps.ts";
import { findUncovered } from "./cover.ts";
import { findDepths, referencesOf, writtenBy } from "./order-writes.ts";
import type { StepsInput } from "./steps-input.ts";

/**
 * The steps of all changes, in an order in which each comes after those it needs; ties are broken by id. Circles that cannot
 * be split, and changed fields that no step writes, come back as problems.
 */
export function makeSteps(input: StepsInput): {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
} {
  const deferred = findDeferred(input);
  const depthOf = findDepths(input, deferred);
  const carried = findCarried(input);
  const chains = input.changes.map((change) =>
    makeChain(input, change, { deferred: deferred.get(change.address) ?? new Set(), carried, depthOf }),
  );
  const steps = connect(input, gateDeploys(input, addRedeploys(input, leaveOutCrowded(chains))));
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const { order, circular } = sortByNeeds(needs);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const circles = circular.length === 0 ? [] : [circleProblem(spellCircle(needs, circular))];
  return {
    steps: order.map((id) => byId.get(id)!),
    problems: [...circles, ...findUncovered(input, chains)],
  };
}

/**
 * Leaves out writes that may fail (`mayFail`) where not all calls of their budget fit into one window, because they
 * are not worth a wait.
 */
function leaveOutCrowded(chains: readonly Chain[]): readonly Chain[] {
  const writes = chains.flatMap(({ steps }) => steps.filter((step) => step.step === "write"));
  const calls = new Map<BudgetName, number>();
  for (const budget of writes.flatMap((step) => step.write.budgets))
    calls.set(budget, (calls.get(budget) ?? 0) + 1);
  const crowded = new Set(
    [...calls].filter(([name, count]) => count > budgetOf(name).calls).map(([name]) => name),
  );
  const isLeftOut = (step: Step): boolean =>
    step.step === "write" && step.mayFail === true && step.write.budgets.some((name) => crowded.has(name));
  return chains.map((chain) => ({ ...chain, steps: chain.steps.filter((step) => !isLeftOut(step)) }));
}

function circleProblem(path: readonly string[]): Problem {
  return problem(
    "error",
    "circle",
    `These steps need each other in a circle, and none of them can be done first: ${path.join(" -> ")}.`,
    "Take one of these references out of the file, apply, and set that value by hand or from a literal.",
  );
}

/**
 * By address, the value entries that a creation does not carry, because resources refer to each other in a circle (or to
 * themselves): they are written after everything in the circle exists. Product page, section 3. A circle can lead through
 * variables of something that exists already: its writes come one after the other.
 *
 * Example: `api` takes the URL of `web`, and `web` that of `api`, and both are new. Both are made without these variables.
 */
function findDeferred(input: StepsInput): ReadonlyMap<Address, ReadonlySet<string>> {
  const written = new Map(input.changes.map((change) => [change.address, writtenBy(change)]));
  const edges = new Map(
    input.changes.map(({ address, kind }) => {
      const desired = input.desired.get(address);
      const { deferrable } = findKind(input.kinds, kind);
      const references = desired ? referencesOf(desired, findKind(input.kinds, kind)) : [];
      const open = references.filter(
        ({ key, target, output }) =>
          deferrable.some((field) => key.startsWith(`${field}.`)) &&
          written.get(address)!(key) &&
          written.get(target)?.(output) === true,
      );
      return [address, open] as const;
    }),
  );
  const needs = new Map([...edges].map(([address, list]) => [address, list.map((edge) => edge.target)]));
  const deferred = new Map<Address, ReadonlySet<string>>();
  for (const circle of findCircles(needs)) {
    const members = new Set(circle);
    for (const address of circle as Address[]) {
      const inCircle = edges.get(address)!.filter((edge) => members.has(edge.target));
      deferred.set(address, new Set(inCircle.map((edge) => edge.key)));
    }
  }
  return deferred;
}

/** By the address of a new resource, the other new resources that its creation makes as well: a service and its disk. */
function findCarried(input: StepsInput): ReadonlyMap<Address, readonly Desired[]> {
  const fresh = new Set(
    input.changes
      .filter((change) => change.action === "create" || change.action === "replace")
      .map((change) => change.address),
  );
  const carried = new Map<Address, readonly Desired[]>();
  for (const [address, desired] of input.desired) {
    const carrier = fresh.has(address)
      ? input.kinds.get(desired.kind)?.createdWith?.(desired, input.desired)
      : undefined;
    if (carrier !== undefined && fresh.has(carrier))
      carried.set(carrier, [...(carried.get(carrier) ?? []), desired]);
  }
  return carried;
}

/**
 * Adds what `lifecycle` asks around a deploy: a one-off job that must succeed before it (only on a service that exists, since
 * a new one has nothing to run it with), and a wait until the deploy is live, after the last step of the service.
 */
function gateDeploys(input: StepsInput, chains: readonly Chain[]): readonly Chain[] {
  return chains.map((chain) => {
    const desired = input.desired.get(chain.change.address);
    const kind = input.kinds.get(chain.change.kind);
    return desired && kind?.deploys ? { ...chain, steps: gate(chain, kind, desired) } : chain;
  });
}

function gate({ steps, change: { due } }: Chain, kind: Kind, desired: Desired): readonly Step[] {
  const creates = steps.some((step) => step.step === "write" && step.verb === "create");
  const deploy = steps.findIndex((step) => step.step === "write" && step.verb === "deploy" && !step.optional);
  if (deploy < 0 && !creates) return steps;
  const before = creates ? undefined : kind.deploys?.before(desired);
  const change = { address: desired.address, kind: desired.kind };
  const started = due?.job ? [] : before ? [writeStep(change, "job", before.job)] : [];
  const job = before ? [...started, waitUntilReady(desired, "job", before.done)] : [];
  const wait =
    desired.lifecycle.deploy === "wait" && kind.deploys
      ? [waitUntilReady(desired, "live", kind.deploys.live)]
      : [];
  const at = deploy < 0 ? steps.length : deploy;
  return inSequence([...steps.slice(0, at), ...job, ...steps.slice(at), ...wait]);
}
