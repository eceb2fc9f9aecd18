import { findKind } from "../kind/kind.ts";
import { byText, makeAddress, type Address } from "../base/address.ts";
import { groupBy } from "../base/group.ts";
import type { Step, StepId, WaitStep, WriteStep } from "../model/plan.ts";
import { type Chain, deployStep, inSequence, waitUntilReady } from "./draft-steps.ts";
import type { StepsInput } from "./steps-input.ts";
import { holdDeletions, pairUp } from "./hold-deletions.ts";
import { movesBetween } from "./order-writes.ts";
import { endReplaced, findReplaced, liveWait } from "./step-aside.ts";
import { awaitDeliveries } from "./rotation-steps.ts";
import { targetsOf } from "../model/write.ts";
import { followTargets } from "../rotation/destinations.ts";

/**
 * Adds deploys to services in which the change of another resource takes effect: an env group, the credential that an image
 * is pulled with, a disk. Each owned service gets one, unless it has one already. Services that trueup does not own are
 * left to their owner.
 */
export function addRedeploys(input: StepsInput, chains: readonly Chain[]): readonly Chain[] {
  const addressOf = new Map([...input.live.values()].map((live) => [live.found.id, live.address]));
  const wanted = new Map<Address, WriteStep[]>();
  const replaced = findReplaced(input, chains);
  for (const { change, steps } of chains) {
    const kind = input.kinds.get(change.kind);
    const live = input.live.get(change.address);
    const writes = steps
      .filter((step): step is WriteStep => step.step === "write")
      .filter((step) => step.fields.some((key) => kind?.fields[key.split(".")[0]!]?.deploys));
    const own = kind?.deployedWith?.(change.name);
    const taking = steps
      .filter((step): step is WriteStep => step.step === "write")
      .filter((step) => step.verb !== "update" || writes.includes(step))
      // What is deleted together with an old service never was part of the new one.
      .filter((step) => step.verb !== "delete" || !replaced.has(own ?? step.address));
    if (own !== undefined && taking.length > 0) wanted.set(own, [...(wanted.get(own) ?? []), ...taking]);
    if (!kind?.redeploys || !live || writes.length === 0) continue;
    for (const { id } of kind.redeploys(live, input.live)) {
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
      : deployStep(findKind(input.kinds, chain.change.kind), desired, live).map((step) => ({
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

/** Notes in each write the services in whose deploys it takes effect: a run that ends between the two leaves these due. */
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

/** The steps that make and write things, for finding those that another step needs. */
type Makers = {
  readonly input: StepsInput;
  readonly chainOf: ReadonlyMap<Address, Chain>;
  /** By address, the step that makes the object. */
  readonly made: ReadonlyMap<Address, StepId>;
  /** By address and field key, the step that writes the field. */
  readonly wroteField: ReadonlyMap<string, StepId>;
  readonly guestsOf: ReadonlyMap<Address, readonly Chain[]>;
  /** For each address that is replaced while its old object serves on: the waits until the new one works. */
  readonly replaced: ReadonlyMap<Address, readonly WaitStep[]>;
};

/**
 * Adds the needs between chains, and the waits that they ask for. A step needs, besides the step before it in its chain:
 *
 *     the steps that ...                                                found by
 *     make the ids and write the values that its call names            `sourcesOf`
 *     delete what has its place in the account                         `vacatedBy`
 *     wait until a datastore works, for a deploy                       `awaitedBy`
 *     wait until the new one of a replaced resource works              `renewedFor`
 *     finish what its service needs, for a deploy                      `completedBefore`
 *     keep apart what the API refuses together                         `keptApart`
 *     move an env group, or end its links, around a move               `movesBetween`
 */
export function connect(input: StepsInput, chains: readonly Chain[]): readonly Step[] {
  const makers = findMakers(input, chains);
  const waits = new Map<StepId, WaitStep>();
  const connected = chains.flatMap((chain) =>
    chain.steps.map((step): Step => {
      if (step.step !== "write") return step;
      const awaited = deploysIn(chain, step) ? awaitedBy(makers, chain) : [];
      const renewed = renewedFor(makers, chain, step);
      for (const wait of [...awaited, ...renewed]) waits.set(wait.id, wait);
      const needs = [
        ...step.needs,
        ...sourcesOf(makers, chain, step),
        ...vacatedBy(makers, chain, step),
        ...[...awaited, ...renewed].map((wait) => wait.id),
        ...completedBefore(makers, chain, step),
        ...keptApart(makers, chain, step),
        ...movesBetween(input, chains, chain, step),
      ];
      return { ...step, needs: [...new Set(needs)].sort(byText) };
    }),
  );
  const known = new Set(connected.map((step) => step.id));
  const missing = [...waits.values()].filter((wait) => !known.has(wait.id));
  const ended = endReplaced(input, chains, [...connected, ...missing]);
  const tied = awaitDeliveries(input, chains, ended);
  return pairUp(holdDeletions(input, chains, tied));
}

function findMakers(input: StepsInput, chains: readonly Chain[]): Makers {
  const made = new Map<Address, StepId>();
  const wroteField = new Map<string, StepId>();
  for (const step of chains.flatMap((chain) => chain.steps)) {
    if (step.step !== "write") continue;
    if (step.verb === "create")
      for (const address of [step.address, ...(step.carries ?? [])]) made.set(address, step.id);
    for (const field of step.fields) wroteField.set(`${step.address} ${field}`, step.id);
  }
  const chainOf = new Map(chains.map((chain) => [chain.change.address, chain]));
  const renewed = findReplaced(input, chains);
  const replaced = new Map([...renewed].map(([address, chain]) => [address, liveWait(input, chain, true)]));
  return { input, chainOf, made, wroteField, guestsOf: findGuests(input, chains), replaced };
}

/** Steps that make the ids and write the values which a call names. A deletion has none: what it deletes is there already. */
function sourcesOf(
  { input, chainOf, made, wroteField }: Makers,
  { change }: Chain,
  step: WriteStep,
): readonly StepId[] {
  const isFormer = step.verb === "delete" || step.verb === "export" || step.verb === "aside";
  const named = isFormer ? [] : targetsOf(step.write);
  // What the values of its own resource are taken from is in order already (order-writes.ts).
  const others = isFormer ? [] : followTargets(input, step.write);
  const targets = [
    ...named.filter(({ address }) => address === change.address),
    ...others.filter(({ address }) => address !== change.address),
  ];
  return targets.flatMap((target) => {
    const maker =
      (target.field && wroteField.get(`${target.address} ${target.field}`)) ?? made.get(target.address);
    const own = maker === undefined || maker === step.id ? [] : [maker];
    if (target.field === undefined || target.address === change.address) return own;
    // Any write can change an output: a new database user becomes the default one.
    const source = chainOf.get(target.address);
    const kind = source && input.kinds.get(source.change.kind);
    // A resource whose value is shown once ends with a wait for its takers: they cannot wait for all of its steps.
    const isComplete = source && !kind?.deploys && !kind?.shownOnce;
    if (isComplete) return [...own, ...source.steps.map((one) => one.id)];
    const live = input.live.get(target.address)?.found;
    const fields = (live && kind?.unsettledBy?.(target.field, live)) ?? [];
    return [...own, ...(source?.steps.filter((one) => writesAny(one, fields)) ?? []).map((one) => one.id)];
  });
}

/**
 * Deletions that a creation waits for, because the API would refuse a second one: the object that brought this one along
 * (the apex of a `www`), and what this creation makes anew and is deleted in its old place.
 */
function vacatedBy({ input, chainOf }: Makers, { change }: Chain, step: WriteStep): readonly StepId[] {
  const origin = step.verb === "create" ? input.live.get(change.address)?.found.derivedFrom : undefined;
  const originSteps =
    origin === undefined ? [] : (chainOf.get(makeAddress(change.kind, origin))?.steps ?? []);
  const deletions = originSteps.filter((one) => one.step === "write" && one.verb === "delete");
  const twins = (step.carries ?? []).flatMap((address) => chainOf.get(address)?.steps ?? []);
  return [...deletions, ...twins].map((one) => one.id);
}

/** Whether a step starts a deploy: an explicit one, or the first deploy of a creation that is not cancelled. */
function deploysIn({ steps }: Chain, step: WriteStep): boolean {
  const isCancelled = steps.some((one) => one.step === "write" && one.verb === "cancel");
  return step.verb === "deploy" || (step.verb === "create" && !isCancelled);
}

/** Waits for the datastores that a resource refers to and that do not work yet: made by this run, or by an earlier one. */
function awaitedBy({ input, chainOf, made }: Makers, { change }: Chain): readonly WaitStep[] {
  return (input.desired.get(change.address)?.needs ?? []).flatMap((address): WaitStep[] => {
    const kind = input.kinds.get(chainOf.get(address)?.change.kind ?? change.kind);
    const id = made.get(address);
    const found = input.live.get(address)?.found;
    const isAwaited = id !== undefined || (found !== undefined && kind?.readiness?.isAwaited(found) === true);
    if (!chainOf.has(address) || !kind?.readiness || !isAwaited) return [];
    const declared = input.desired.get(address);
    if (declared && kind.readiness.isExpected?.(declared) === false) return [];
    const needs = id === undefined ? [] : [id];
    return [waitUntilReady({ address, kind: kind.name }, "ready", kind.readiness, needs)];
  });
}

/**
 * Waits for the new object of a resource that is replaced, before its users go over to it: a service that refers to it and
 * exists already with its deploy, and what stands in it (a domain) with the deletion from the old object.
 */
function renewedFor({ input, replaced }: Makers, chain: Chain, step: WriteStep): readonly WaitStep[] {
  if (replaced.size === 0) return [];
  const desired = input.desired.get(chain.change.address);
  const kind = input.kinds.get(chain.change.kind);
  if (step.verb === "delete" && chain.change.action === "replace") {
    const host = desired && kind?.partOf?.(desired);
    return (host === undefined ? undefined : replaced.get(host)) ?? [];
  }
  // New resources that refer to each other do not work before all of them are there, so none waits for another.
  const isNew = chain.steps.some((one) => one.step === "write" && one.verb === "create");
  if (step.verb !== "deploy" || isNew || replaced.has(chain.change.address)) return [];
  return (desired?.needs ?? []).flatMap((address) => replaced.get(address) ?? []);
}

/** Steps that complete what a service needs before it deploys. Other services are not waited for: they may need this one. */
function completedBefore(makers: Makers, { change }: Chain, step: WriteStep): readonly StepId[] {
  const { input, chainOf } = makers;
  if (step.verb !== "deploy") return [];
  return (input.desired.get(change.address)?.needs ?? []).flatMap((address) => {
    const needed = chainOf.get(address);
    const kind = needed && input.kinds.get(needed.change.kind);
    if (!needed || kind?.deploys) return [];
    const made = makers.made.get(address);
    return kind?.shownOnce ? (made === undefined ? [] : [made]) : needed.steps.map((one) => one.id);
  });
}

/**
 * Steps that keep apart what the API refuses together (`conflictsWith`), such as a disk and two instances of its service. The
 * fields of the service are written before the disk is made; a disk is deleted before these fields are written.
 *
 *     make a disk, numInstances from 2 to 1      numInstances, then the disk
 *     delete a disk, numInstances from 1 to 2    the disk, then numInstances
 */
function keptApart(
  { input, chainOf, guestsOf }: Makers,
  { change }: Chain,
  step: WriteStep,
): readonly StepId[] {
  const kind = input.kinds.get(change.kind);
  const host = kind?.deployedWith?.(change.name);
  if (host !== undefined) {
    const fields = step.verb === "create" ? (kind?.conflictsWith ?? []) : [];
    const steps = chainOf.get(host)?.steps ?? [];
    return steps.filter((one) => writesAny(one, fields)).map((one) => one.id);
  }
  return (guestsOf.get(change.address) ?? []).flatMap((guest) => {
    const { conflictsWith = [] } = input.kinds.get(guest.change.kind) ?? {};
    if (!writesAny(step, conflictsWith)) return [];
    return guest.steps.filter((one) => one.step === "write" && one.verb === "delete").map((one) => one.id);
  });
}

/** By the resource that they stand in, the chains of those that some values of its fields cannot stand beside: disks. */
function findGuests(input: StepsInput, chains: readonly Chain[]): ReadonlyMap<Address, readonly Chain[]> {
  const guests = chains.flatMap((chain) => {
    const kind = input.kinds.get(chain.change.kind);
    const host = kind?.conflictsWith && kind.deployedWith?.(chain.change.name);
    return host === undefined ? [] : [{ host, chain }];
  });
  return new Map(
    [...groupBy(guests, ({ host }) => host)].map(([host, list]) => [host, list.map(({ chain }) => chain)]),
  );
}

/** A new name is no field of a table: the step that gives it is known by its part. */
function writesAny(step: Step, fields: readonly string[]): boolean {
  if (step.step !== "write" || step.verb !== "update") return false;
  return fields.some((field) => step.fields.includes(field) || step.id === `update ${step.address} ${field}`);
}
