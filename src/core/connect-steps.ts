import { byText, makeAddress, type Address } from "./address.ts";
import { findCircles } from "./graph.ts";
import type { Kind, Kinds } from "./kind.ts";
import type { Step, StepId, WaitStep, WriteStep } from "./plan.ts";
import { type Chain, deployStep, inSequence } from "./chain.ts";
import type { StepsInput } from "./steps.ts";
import { targetsOf } from "./write-targets.ts";

/**
 * A change of an env group takes effect in its services with their next deploy: each owned one gets one, unless it has
 * one already. Services that are linked but not ours are left to their owner.
 */
export function addRedeploys(input: StepsInput, chains: readonly Chain[]): readonly Chain[] {
  const addressOf = new Map([...input.live.values()].map((live) => [live.found.id, live.address]));
  const wanted = new Map<Address, WriteStep[]>();
  for (const { change, steps } of chains) {
    const kind = input.kinds.get(change.kind);
    const live = input.live.get(change.address);
    const writes = steps
      .filter((step): step is WriteStep => step.step === "write")
      .filter((step) => step.fields.some((key) => kind?.fields[key.split(".")[0]!]?.deploys));
    const own = kind?.takesEffectIn?.(change.name);
    const taking = steps
      .filter((step): step is WriteStep => step.step === "write")
      .filter((step) => step.verb !== "update" || writes.includes(step));
    if (own !== undefined && taking.length > 0) wanted.set(own, [...(wanted.get(own) ?? []), ...taking]);
    if (!kind?.redeploys || !live || writes.length === 0) continue;
    for (const id of kind.redeploys(live)) {
      const address = addressOf.get(id);
      if (address !== undefined) wanted.set(address, [...(wanted.get(address) ?? []), ...writes]);
    }
  }
  const redeployed = chains.map((chain): Chain => {
    const before = wanted.get(chain.change.address);
    const desired = input.desired.get(chain.change.address);
    if (!before || !desired) return chain;
    const isOptional = before.every((step) => step.optional);
    const deploys = chain.steps.some((step) => step.step === "write" && step.verb === "deploy");
    const live = input.live.get(desired.address);
    const added = deploys
      ? []
      : deployStep(input.kinds.get(chain.change.kind)!, desired, live).map((step) => ({
          ...step,
          optional: true,
        }));
    const steps = inSequence([...chain.steps, ...added]).map((step) => {
      if (step.step !== "write" || step.verb !== "deploy") return step;
      return {
        ...step,
        optional: step.optional && isOptional,
        needs: [...step.needs, ...before.map((one) => one.id)],
      };
    });
    return { ...chain, steps };
  });
  return markEffects(redeployed, wanted);
}

/** Tells each write in whose deploys it takes effect, so that a run which ends between the two leaves them due. */
function markEffects(
  chains: readonly Chain[],
  wanted: ReadonlyMap<Address, readonly WriteStep[]>,
): readonly Chain[] {
  const effects = new Map<StepId, Address[]>();
  for (const { change, steps } of chains) {
    if (!steps.some((step) => step.step === "write" && step.verb === "deploy")) continue;
    for (const step of wanted.get(change.address) ?? [])
      effects.set(step.id, [...(effects.get(step.id) ?? []), change.address]);
  }
  if (effects.size === 0) return chains;
  return chains.map((chain) => ({
    ...chain,
    steps: chain.steps.map((step) => {
      const more = effects.get(step.id);
      if (step.step !== "write" || !more) return step;
      return { ...step, takesEffectIn: [...(step.takesEffectIn ?? []), ...more].sort(byText) };
    }),
  }));
}

/** Adds the needs between chains, and the waits for datastores that a first deploy depends on. */
export function connect(input: StepsInput, chains: readonly Chain[]): readonly Step[] {
  const made = new Map<Address, StepId>();
  const wroteField = new Map<string, StepId>();
  for (const { steps } of chains) {
    for (const step of steps) {
      if (step.step !== "write") continue;
      if (step.verb === "create")
        for (const address of [step.address, ...(step.carries ?? [])]) made.set(address, step.id);
      for (const field of step.fields) wroteField.set(`${step.address} ${field}`, step.id);
    }
  }
  const waits = new Map<Address, WaitStep>();
  const waitFor = (address: Address): StepId | undefined => {
    const id = made.get(address);
    const found = input.live.get(address)?.found;
    const kind = kindOfChain(chains, address, input.kinds);
    // Made by this run, or by one that ended before it was ready.
    const isAwaited = id !== undefined || (found && kind?.readiness?.isAwaited(found));
    if (!kind?.readiness || !isAwaited) return undefined;
    const wait: WaitStep = {
      step: "wait",
      id: `wait ${address} ${kind.readiness.until}`,
      address,
      kind: kind.name,
      until: kind.readiness.until,
      timeout: kind.readiness.timeout,
      needs: id === undefined ? [] : [id],
    };
    waits.set(address, wait);
    return wait.id;
  };
  const blockers = deleteBlockers(input, chains);
  const chainOf = new Map(chains.map((chain) => [chain.change.address, chain]));
  const connected = chains.flatMap(({ change, steps }) => {
    const cancels = steps.some((step) => step.step === "write" && step.verb === "cancel");
    return steps.map((step): Step => {
      if (step.step !== "write") return step;
      const more = new Set<StepId>(step.needs);
      // What is deleted is there already, and so is what its path names.
      for (const target of step.verb === "delete" ? [] : targetsOf(step.write)) {
        const id =
          (target.field && wroteField.get(`${target.address} ${target.field}`)) ?? made.get(target.address);
        if (id !== undefined && id !== step.id) more.add(id);
        // Any write can change an output: a new database user becomes the default one.
        const source =
          target.field === undefined || target.address === change.address
            ? undefined
            : chainOf.get(target.address);
        if (source && !input.kinds.get(source.change.kind)?.deploys)
          for (const one of source.steps) more.add(one.id);
      }
      // What came with another one is made by itself once that one, which would take it along, is gone.
      const origin = input.live.get(change.address)?.found.derivedFrom;
      if (step.verb === "create" && origin !== undefined)
        for (const one of chainOf.get(makeAddress(change.kind, origin))?.steps ?? [])
          if (one.step === "write" && one.verb === "delete") more.add(one.id);
      // The twin of a domain that moves is deleted before the move makes it again.
      for (const address of step.carries ?? [])
        for (const one of chainOf.get(address)?.steps ?? []) more.add(one.id);
      const deploysHere = step.verb === "deploy" || (step.verb === "create" && !cancels);
      if (deploysHere) {
        for (const address of input.desired.get(change.address)?.needs ?? []) {
          const id = waitFor(address);
          if (id !== undefined) more.add(id);
          // What it needs is complete before it deploys; other services are not waited for, they may need this one.
          const needed = step.verb === "deploy" ? chainOf.get(address) : undefined;
          if (needed && !input.kinds.get(needed.change.kind)?.deploys)
            for (const one of needed.steps) more.add(one.id);
        }
      }
      return { ...step, needs: [...more].sort(byText) };
    });
  });
  return holdBack([...connected, ...waits.values()], blockers);
}

/** Deletions wait for their blockers, but for those that wait for the deletion as well: one of a circle has to go first. */
function holdBack(
  steps: readonly Step[],
  blockers: ReadonlyMap<Address, readonly StepId[]>,
): readonly Step[] {
  if (blockers.size === 0) return steps;
  const blockersOf = (step: Step): readonly StepId[] =>
    step.step === "write" && step.verb === "delete" ? (blockers.get(step.address) ?? []) : [];
  const circles = findCircles(new Map(steps.map((step) => [step.id, [...step.needs, ...blockersOf(step)]])));
  const circleOf = new Map(circles.flatMap((circle) => circle.map((id) => [id, circle] as const)));
  return steps.map((step) => {
    const circle = circleOf.get(step.id);
    const held = blockersOf(step).filter((id) => circle === undefined || circleOf.get(id) !== circle);
    return held.length === 0 ? step : { ...step, needs: [...new Set([...step.needs, ...held])].sort(byText) };
  });
}

function kindOfChain(chains: readonly Chain[], address: Address, kinds: Kinds): Kind | undefined {
  const chain = chains.find(({ change }) => change.address === address);
  return chain && kinds.get(chain.change.kind);
}

/**
 * A resource goes only after everything that referred to it has let go: was deleted itself, or was rewritten. When it is
 * replaced, those that stay are re-wired to the new object afterwards, so only deletions count.
 */
function deleteBlockers(
  input: StepsInput,
  chains: readonly Chain[],
): ReadonlyMap<Address, readonly StepId[]> {
  const replaced = new Set(
    input.changes.filter((change) => change.action === "replace").map((change) => change.address),
  );
  const blockers = new Map<Address, StepId[]>();
  for (const { change, steps } of chains) {
    for (const target of input.inventory.resources[change.address]?.needs ?? []) {
      const isGoing = replaced.has(target) || replaced.has(change.address);
      const relevant = isGoing
        ? steps.filter((step) => step.step === "write" && step.verb === "delete")
        : steps;
      if (target !== change.address)
        blockers.set(target, [...(blockers.get(target) ?? []), ...relevant.map((step) => step.id)]);
    }
  }
  return blockers;
}
