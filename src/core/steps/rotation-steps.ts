import { byText, type Address } from "../base/address.ts";
import type { ResourceChange } from "../model/change.ts";
import {
  deployStep,
  inSequence,
  writeStep,
  type Chain,
  isDeliveryWait,
  waitForDelivery,
  waitUntilReady,
} from "./draft-steps.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import type { ValueDelivery } from "../rotation/deliveries.ts";
import type { Kind } from "../kind/kind.ts";
import { type Write, isHole, type Body } from "../model/write.ts";
import type { RecordStep, Step, StepId, WaitStep, WriteStep } from "../model/plan.ts";
import type { StepsInput } from "./steps-input.ts";
import { listLinks } from "../rotation/destinations.ts";

/**
 * The steps of a rotation. The new object is made beside the old one, its value is delivered everywhere and proven, and only
 * then the old one is deleted and its name taken over. A run that ends anywhere in between leaves a working object behind.
 */
export function rotationSteps(
  input: StepsInput,
  change: ResourceChange,
  kind: Kind,
  desired: Desired,
): readonly Step[] {
  const { rotation } = kind;
  const { mode, orphan } = change.succession!;
  if (!rotation) throw new Error(`${kind.name}: shown once, and nothing can take its place`);
  const remove = kind.remove(change.address, change.name);
  const unusable = orphan ? remove.map((draft) => removeNewObject(change, draft.write)) : [];
  const create = writeStep(change, "create", rotation.create(desired, input.scope));
  const renaming = rotation.named ? kind.rename?.(desired) : undefined;
  return inSequence([
    ...unusable,
    ...(mode === "continue" ? [] : [{ ...create, half: "successor" as const }]),
    waitForDelivery(desired, "proven"),
    ...remove.map((draft) => ({ ...writeStep(change, "delete", draft), half: "former" as const })),
    ...(renaming ? [writeStep(change, "update", renaming)] : []),
  ]);
}

/** The deletion of the new object that an earlier run made: the resource is deleted, or the value of that object is lost. */
export function removeNewObject(change: Pick<ResourceChange, "address" | "kind">, write: Write): WriteStep {
  const { body } = write;
  const aimed = body === undefined ? write : { ...write, body: aimAtNewObject(body) };
  const draft = { part: "successor", write: aimed, fields: [], deploys: false };
  return { ...writeStep(change, "delete", draft), half: "successor", orphan: true };
}

function aimAtNewObject(body: Body): Body {
  if (body === null || typeof body !== "object") return body;
  if (isHole(body)) return body.hole === "id" ? { ...body, half: "successor" } : body;
  if (Array.isArray(body)) return (body as readonly Body[]).map((item) => aimAtNewObject(item));
  return Object.fromEntries(Object.entries(body).map(([key, member]) => [key, aimAtNewObject(member)]));
}

/** Adds, after a creation, the wait until the value that it showed once has arrived; none where no destination asks for it. */
export function withDeliveryWait(
  input: StepsInput,
  desired: Desired,
  steps: readonly Step[],
): readonly Step[] {
  const isWanted = (input.deliveries.get(desired.address)?.destinations ?? []).length > 0;
  return isWanted ? inSequence([...steps, waitForDelivery(desired, "delivered")]) : steps;
}

/** Begins with the wait for a delivery, for an object that an earlier run made without seeing that its value arrived. */
export function resumeDelivery(desired: Desired, steps: readonly Step[]): readonly Step[] {
  const { address, kind } = desired;
  const record: RecordStep = {
    step: "record",
    id: `converge ${address}`,
    address,
    kind,
    verb: "converge",
    needs: [],
    fields: [],
  };
  const others = steps.filter((step) => step.step !== "record");
  const known = steps.find((step) => step.step === "record") ?? record;
  return inSequence([waitForDelivery(desired, "delivered"), known, ...others]);
}

/**
 * Makes each wait for a delivery need the steps that deliver: all that write the value somewhere, and, where an old object is
 * to be deleted, the waits until every service that uses the value runs with it.
 */
export function awaitDeliveries(
  input: StepsInput,
  chains: readonly Chain[],
  steps: readonly Step[],
): readonly Step[] {
  const waits = steps.filter(isDeliveryWait);
  if (waits.length === 0) return steps;
  const chainOf = new Map(chains.map((chain) => [chain.change.address, chain]));
  const added = new Map<StepId, WaitStep>();
  const needsOf = new Map<StepId, readonly StepId[]>();
  for (const wait of waits) {
    const delivery = input.deliveries.get(wait.address);
    const needs = delivery ? findDeliverySteps(delivery, chainOf) : [];
    const runs = delivery && wait.for === "proven" ? awaitLive(input, delivery, chainOf) : [];
    for (const one of runs) added.set(one.id, one);
    needsOf.set(wait.id, [...needs, ...runs.map((one) => one.id)]);
  }
  const present = new Set(steps.map((step) => step.id));
  const all = [...steps, ...[...added.values()].filter((one) => !present.has(one.id))];
  return all.map((step) => {
    const more = needsOf.get(step.id);
    return more ? { ...step, needs: [...new Set([...step.needs, ...more])].sort(byText) } : step;
  });
}

/** The steps that write the value to its destinations: the creation of a destination's resource, or the update of its entry. */
function findDeliverySteps(delivery: ValueDelivery, chainOf: ReadonlyMap<Address, Chain>): readonly StepId[] {
  return delivery.destinations.flatMap(({ address, name, entry }) => {
    const key = fieldKey(name, entry);
    const steps = chainOf.get(address)?.steps ?? [];
    return steps
      .filter((step) => step.step === "write" && (step.verb === "create" || step.fields.includes(key)))
      .map((step) => step.id);
  });
}

/** The waits until the services that use the value are live with it. */
function awaitLive(
  input: StepsInput,
  delivery: ValueDelivery,
  chainOf: ReadonlyMap<Address, Chain>,
): readonly WaitStep[] {
  return findRunners(input, delivery).flatMap((desired): WaitStep[] => {
    const kind = input.kinds.get(desired.kind);
    const live = input.live.get(desired.address);
    if (!kind?.deploys || deployStep(kind, desired, live).length === 0) return [];
    const steps = (chainOf.get(desired.address)?.steps ?? []).filter((step) => step.step === "write");
    const needs = steps.map((step) => step.id);
    return [waitUntilReady(desired, "live", kind.deploys.live, needs)];
  });
}

/** The services that use a value: those that hold it, and those that are linked to a group which holds it. */
export function findRunners(
  input: Pick<StepsInput, "desired" | "kinds">,
  delivery: ValueDelivery,
): readonly Desired[] {
  const holders = new Set(delivery.destinations.map((one) => one.address));
  return [...input.desired.values()].filter((one) => {
    if (!input.kinds.get(one.kind)?.deploys) return false;
    return holders.has(one.address) || listLinks(one, input.kinds).some((link) => holders.has(link));
  });
}
