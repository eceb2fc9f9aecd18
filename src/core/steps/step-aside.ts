import { byText, type Address } from "../base/address.ts";
import { carryOver } from "../diff/carry-over.ts";
import type { ResourceChange } from "../model/change.ts";
import { exportSteps } from "./data-export.ts";
import type { Desired } from "../model/desired.ts";
import { inSequence, writeStep, type Chain, waitUntilReady } from "./draft-steps.ts";
import type { Inventory } from "../model/inventory.ts";
import { type Kind, findKind } from "../kind/kind.ts";
import type { Write } from "../model/write.ts";
import type { Readiness } from "../kind/readiness.ts";
import type { Live } from "../model/live.ts";
import type { Step, StepId, WaitStep, WriteStep } from "../model/plan.ts";
import type { StepsInput } from "./steps-input.ts";
import { formersOf, stepsAside } from "../diff/formers.ts";

/*
 * A replacement without a hole: the former one gives its name away (it *steps aside*, as `api-3f9a01c2`) and serves on; the new
 * one is made under the name, with the values of the former; references and domains move; and only when the new one works, and
 * everything that used the former one too, is that deleted.
 *
 *     aside render/service/api        held together with the creation: both start, or none
 *     create render/service/api
 *     wait render/service/api live
 *     ... whatever refers to it, and whatever stands in it
 *     delete render/service/api former
 *
 * `formers` of an address are in `pending` from the first intent to the last outcome, so a run that was killed anywhere is taken
 * up by the next one.
 */

/**
 * The step with which an old object gives its name away, and its place among the formers of the address. No step where an
 * earlier run did it already.
 */
export function asideSteps(
  { inventory, live }: Pick<StepsInput, "inventory" | "live">,
  {
    change,
    kind,
    desired,
  }: { readonly change: ResourceChange; readonly kind: Kind; readonly desired: Desired },
): { readonly steps: readonly WriteStep[]; readonly place: number } {
  const formers = formersOf(inventory, change.address);
  const found = live.get(change.address)?.found;
  const known = formers.find(({ id }) => id === found?.id);
  const place = known?.place ?? formers.length;
  const renaming = kind.rename?.(desired, { hole: "aside-name", of: change.address });
  if (!renaming || (known !== undefined && known.name === found?.name)) return { steps: [], place };
  const step = writeStep({ address: change.address, kind: change.kind }, "aside", {
    ...renaming,
    part: "resource",
  });
  return { steps: [{ ...step, former: place }], place };
}

/**
 * The step with which a replacement gives its name back, when the file asks for the old object again after all. From then on
 * the replacement is one that has stepped aside, as others are, whatever becomes of this run. No step where it has no name
 * to give, or has given it already.
 */
export function asideInTurn(
  inventory: Inventory,
  { address, displaced }: Live,
  {
    change,
    kind,
    desired,
  }: { readonly change: ResourceChange; readonly kind: Kind; readonly desired: Desired },
): readonly WriteStep[] {
  const former = formersOf(inventory, address).find(({ id }) => id === displaced?.id);
  const renaming = kind.rename?.(desired, { hole: "aside-name", of: address });
  const isDone = former?.name === displaced?.name && former?.name !== desired.name;
  if (!former || !renaming || isDone) return [];
  const write = toFormer(renaming.write, address, former.place);
  return [{ ...writeStep(change, "aside", { ...renaming, part: "resource", write }), former: former.place }];
}

function toFormer(write: Write, address: Address, place: number): Write {
  return { ...write, path: write.path.replaceAll(`{${address}}`, `{${address}#former${place}}`) };
}

/** The steps that end an old object which stepped aside: its data is exported, as late as it can be, and it is deleted. */
function endOf(change: ResourceChange, kind: Kind, place: number): readonly Step[] {
  const part = place === 0 ? "former" : `former ${place + 1}`;
  const aim = (write: Write): Write => toFormer(write, change.address, place);
  const exports = exportSteps(change, kind).map((step): Step => {
    if (step.step !== "write")
      return { ...step, id: `wait ${change.address} ${part} ${step.until}`, former: place };
    return { ...step, id: `export ${change.address} ${part}`, write: aim(step.write), former: place };
  });
  const removals = kind.remove(change.address, change.name).map((draft) => ({
    ...writeStep(change, "delete", { ...draft, part, write: aim(draft.write) }),
    former: place,
  }));
  return inSequence([...exports, ...removals]);
}

/** The deletion of all objects that stepped aside in earlier runs, for an address that is deleted itself. */
export function endFormers(inventory: Inventory, change: ResourceChange, kind: Kind): readonly Step[] {
  return formersOf(inventory, change.address)
    .filter(({ id }) => id !== change.id)
    .flatMap(({ place }) => endOf(change, kind, place));
}

/** Whether a step belongs to the end of an object that stepped aside (export, wait, deletion). */
function endsFormer(step: Step): boolean {
  const isOfFormer = "former" in step && step.former !== undefined;
  return isOfFormer && !(step.step === "write" && step.verb === "aside");
}

/** By address, the chains whose new object is waited for, because an old one that stepped aside is to be deleted. */
export function findReplaced(input: StepsInput, chains: readonly Chain[]): ReadonlyMap<Address, Chain> {
  const replaced = chains.filter(({ change }) => isStaying(change) && placesOf(input, change).length > 0);
  return new Map(replaced.map((chain) => [chain.change.address, chain]));
}

/**
 * Adds the deletion of each object that stepped aside and whose address stays. It comes after all that used the object: the
 * chain of its address, what refers to the address, what stands in it, and the deploys of these. So it is called last, when
 * every other step is known.
 */
export function endReplaced(
  input: StepsInput,
  chains: readonly Chain[],
  steps: readonly Step[],
): readonly Step[] {
  const replaced = findReplaced(input, chains);
  if (replaced.size === 0) return steps;
  const all = new Map(steps.map((step) => [step.id, step]));
  const later = new Map<StepId, StepId>();
  for (const [address, { change }] of replaced) {
    const users = chains.filter((chain) => usesIt(input, chain, address));
    for (const wait of users.flatMap((chain) => liveWait(input, chain, chain.change.address === address)))
      if (!all.has(wait.id)) all.set(wait.id, wait);
    const using = new Set(users.map((chain) => chain.change.address));
    const needs = [...all.values()].filter((step) => using.has(step.address) && !endsFormer(step));
    for (const place of placesOf(input, change)) {
      const end = endOf(change, findKind(input.kinds, change.kind), place);
      for (const [index, step] of end.entries()) {
        const before = index === 0 ? needs.map(({ id }) => id) : [];
        all.set(step.id, { ...step, needs: [...step.needs, ...before].sort(byText) });
      }
      for (const gone of chains.filter((chain) => goesAlong(input, chain, address)))
        for (const { id } of gone.steps) later.set(id, end.at(-1)!.id);
    }
  }
  return [...all.values()].map((step) => {
    const end = later.get(step.id);
    return end === undefined ? step : { ...step, needs: [...step.needs, end].sort(byText) };
  });
}

/** Whether something is deleted with the old object that it stands in (a disk), so that its own deletion only has to be noted. */
function goesAlong(
  { kinds }: Pick<StepsInput, "kinds">,
  { change }: Pick<Chain, "change">,
  address: Address,
): boolean {
  return change.action === "delete" && kinds.get(change.kind)?.deployedWith?.(change.name) === address;
}

function isStaying({ action }: ResourceChange): boolean {
  return action !== "delete" && action !== "forget";
}

/** Places of all objects that will have stepped aside when the plan is done: those of earlier runs, and the one of this run. */
function placesOf(input: StepsInput, change: ResourceChange): readonly number[] {
  const { inventory, desired: all } = input;
  const desired = all.get(change.address);
  const kind = input.kinds.get(change.kind);
  if (!desired || !kind) return [];
  const replaces = change.action === "replace" && stepsAside(kind, desired);
  const left = formersOf(inventory, change.address).filter(({ id }) => id !== change.id);
  const own = replaces ? [asideSteps(input, { change, kind, desired }).place] : [];
  return [...left.map(({ place }) => place), ...own].sort((a, b) => a - b);
}

/** Whether a chain is about an address, or about what stands in it or refers to it now or did when last applied. */
function usesIt({ desired, inventory, kinds }: StepsInput, { change }: Chain, address: Address): boolean {
  if (change.address === address) return true;
  if (goesAlong({ kinds }, { change }, address)) return false;
  const declared = desired.get(change.address);
  const before = inventory.resources[change.address]?.needs ?? [];
  if (declared && kinds.get(change.kind)?.partOf?.(declared) === address) return true;
  return before.includes(address) || (declared?.needs.includes(address) ?? false);
}

/**
 * The wait until what a chain makes or deploys works; none where there is nothing to wait for. Only after that may the object
 * go that was used before. `isReplaced`: it replaces an old object, so it is waited for also when an earlier run made it.
 */
export function liveWait(
  input: StepsInput,
  { change, steps }: Chain,
  isReplaced: boolean,
): readonly WaitStep[] {
  const declared = input.desired.get(change.address);
  const kind = input.kinds.get(change.kind);
  if (!declared || !kind) return [];
  const live = input.live.get(change.address);
  const desired = isReplaced && live ? carryOver(declared, live, kind, change) : declared;
  const readiness = readinessOf({ kind, desired, steps, isReplaced, live });
  if (!readiness) return [];
  const needs = steps.filter((step) => step.step === "write").map((step) => step.id);
  const goal = readiness === kind.readiness ? "ready" : "live";
  return [waitUntilReady({ address: desired.address, kind: kind.name }, goal, readiness, needs)];
}

function readinessOf({
  kind,
  desired,
  steps,
  isReplaced,
  live,
}: {
  readonly kind: Kind;
  readonly desired: Desired;
  readonly steps: readonly Step[];
  readonly isReplaced: boolean;
  readonly live: Live | undefined;
}): Readiness | undefined {
  const writes = steps.filter((step): step is WriteStep => step.step === "write");
  const isMade = writes.some(({ verb }) => verb === "create");
  const { readiness, deploys } = kind;
  if (readiness)
    return (isMade || isReplaced) && readiness.isExpected?.(desired) !== false ? readiness : undefined;
  if (!deploys?.allowed(desired, live)) return undefined;
  const isCancelled = writes.some(({ verb }) => verb === "cancel");
  const isDeployed = writes.some(({ verb, optional }) => verb === "deploy" && !optional);
  const isFirst = isMade && !isCancelled;
  const isAwaited = isReplaced && desired.lifecycle.deploy !== "skip";
  return isDeployed || isFirst || isAwaited ? deploys.live : undefined;
}
