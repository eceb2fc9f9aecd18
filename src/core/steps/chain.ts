import type { Address } from "../base/address.ts";
import type { FieldChange, ResourceChange } from "../model/change.ts";
import { fieldKey, type Desired } from "../model/desired.ts";
import type { FieldTable } from "../model/field.ts";
import { listHandGiven } from "../diff/goes-for-good.ts";
import type { Inventory } from "../model/inventory.ts";
import { canonical } from "../base/json.ts";
import { findUnnotedSources, listSources } from "../compare/sources.ts";
import { aroundOf, type Around } from "../kind/refusal.ts";
import { type Kind, findKind } from "../kind/kind.ts";
import type { Scope } from "../kind/scope.ts";
import type { WriteDraft } from "../model/write.ts";
import type { Live } from "../model/live.ts";
import { carryOver } from "../diff/carry-over.ts";
import { exportSteps } from "./data-export.ts";
import { deployStep, inSequence, writeStep, type Chain, takeApartAsked } from "./draft-steps.ts";
import type { DepthOf } from "./order-writes.ts";
import type { RecordStep, Step, WriteStep } from "../model/plan.ts";
import type { StepsInput } from "./steps-input.ts";
import { asideInTurn, asideSteps, endFormers } from "./step-aside.ts";
import { stepsAside } from "../diff/formers.ts";
import { removeNewObject, resumeDelivery, rotationSteps, withDeliveryWait } from "./rotation-steps.ts";

/**
 * The steps of one change, each after the one before it. `deferred`: fields that its creation does not carry. `carried`: the
 * resources that a creation makes as well, by the address of what is created. `depthOf` orders the writes of one resource.
 */
export function makeChain(
  input: StepsInput,
  change: ResourceChange,
  order: {
    readonly deferred: ReadonlySet<string>;
    readonly carried: ReadonlyMap<Address, readonly Desired[]>;
    readonly depthOf: DepthOf;
  },
): Chain {
  const { deferred, carried, depthOf } = order;
  const kind = findKind(input.kinds, change.kind);
  const desired = input.desired.get(change.address);
  const live = input.live.get(change.address);
  const create = {
    kind,
    desired: desired!,
    scope: input.scope,
    deferred,
    carried: carried.get(change.address) ?? [],
    depthOf,
  };
  const isCarried = [...carried.values()].some((list) => list.some((one) => one.address === change.address));
  switch (change.action) {
    case "create":
      return { change, steps: isCarried ? [] : withDeliveryWait(input, desired!, createChain(create)) };
    case "keep":
    case "update":
    case "adopt": {
      const { inventory } = input;
      const around = aroundOf(input);
      const steps = updateChain({ change, kind, desired: desired!, live: live!, inventory, around, depthOf });
      const isStillToDeliver = inventory.pending?.[change.address]?.undelivered === true;
      return { change, steps: isStillToDeliver ? resumeDelivery(desired!, steps) : steps };
    }
    case "replace":
      return {
        change,
        steps: replaceSteps(input, { ...create, change, live: live!, isCarried }),
      };
    case "delete":
      return { change, steps: deleteSteps(input, change, kind) };
    case "forget":
      return { change, steps: recordOf(change) };
    default:
      return change.action satisfies never;
  }
}

type Replacement = Creation & {
  readonly change: ResourceChange;
  readonly live: Live;
  /** The creation of another resource makes this one as well. */
  readonly isCarried: boolean;
};

/** The steps of a replacement, in the first of three ways that fits: rotated, stepping aside, or deleted and made again. */
function replaceSteps(input: StepsInput, replacement: Replacement): readonly Step[] {
  const { change, kind, desired, isCarried } = replacement;
  const { mode } = change.succession ?? {};
  if (mode === "begin" || mode === "continue") return rotationSteps(input, change, kind, desired);
  if (stepsAside(kind, desired)) return asideChain(input, replacement);
  // The service of this resource steps aside: this one is deleted with the old service, and the creation of the new
  // one makes it.
  if (isCarried && isAside(input, kind.partOf?.(desired))) return [];
  const gone = kind.remove(change.address, change.name).map((draft) => ({
    ...writeStep(change, "delete", draft),
    ...(mode === "again" && { orphan: true as const }),
  }));
  const made = isCarried ? [] : withDeliveryWait(input, desired, createChain(replacement));
  return inSequence([...exportSteps(change, kind), ...tie(gone, made), ...made]);
}

function deleteSteps(input: StepsInput, change: ResourceChange, kind: Kind): readonly Step[] {
  const drafts = kind.remove(change.address, change.name);
  const hasNewObject = input.live.get(change.address)?.newObject !== undefined;
  const newObjects = hasNewObject ? drafts.map((draft) => removeNewObject(change, draft.write)) : [];
  const gone = drafts.map((draft) => writeStep(change, "delete", draft));
  const formers = endFormers(input.inventory, change, kind);
  return inSequence([...formers, ...newObjects, ...exportSteps(change, kind), ...gone]);
}

/** The steps that make the new object while the old one steps aside; it takes over all that the file does not say. */
function asideChain(input: StepsInput, creation: Replacement): readonly Step[] {
  const { change, live, kind, desired } = creation;
  const made = createChain({
    ...creation,
    desired: carryOver(desired, live, kind, change),
    replacing: change,
  });
  return inSequence([...tie(asideSteps(input, { change, kind, desired }).steps, made), ...made]);
}

function isAside({ changes, desired, kinds }: StepsInput, address: Address | undefined): boolean {
  const change = changes.find((one) => one.address === address);
  const kind = change && kinds.get(change.kind);
  const declared = change && desired.get(change.address);
  return change?.action === "replace" && !!kind && !!declared && stepsAside(kind, declared);
}

/** Ties the last of the steps that take something away to the first that gives it back: both may start, or none does. */
function tie<Step extends WriteStep>(
  away: readonly Step[],
  back: readonly { readonly id: string }[],
): readonly Step[] {
  const [first] = back;
  if (first === undefined) return away;
  return away.map((step, index) => (index === away.length - 1 ? { ...step, together: first.id } : step));
}

type Update = {
  readonly change: ResourceChange;
  readonly kind: Kind;
  readonly desired: Desired;
  readonly live: Live;
  readonly inventory: Inventory;
  readonly around: Around;
  readonly depthOf: DepthOf;
};

/**
 * The steps of an update, in this order: what an earlier run made in its place steps aside, the inventory gets its note, a
 * cancel that is due is sent, then the writes, and at most one deploy.
 */
function updateChain(update: Update): readonly Step[] {
  const { change, kind, desired, live, inventory, depthOf } = update;
  const drafts = byDepth(updateDrafts(update), desired, depthOf);
  const keysOf = (fields: readonly FieldChange[]): ReadonlySet<string> =>
    new Set(fields.map((field) => fieldKey(field.field, field.entry)));
  const unanswered = keysOf([...change.optional, ...change.fields.filter((field) => field.unanswered)]);
  const wanted = keysOf(change.fields.filter((field) => !field.unanswered));
  const isOptional = ({ fields }: WriteDraft): boolean =>
    fields.some((key) => unanswered.has(key)) && !fields.some((key) => wanted.has(key));
  const deploying = drafts.filter((draft) => draft.deploys);
  const isDue = change.due?.deploy === true;
  const deploy = deploying.length > 0 || isDue ? deployStep(kind, desired, live) : [];
  const writes = drafts.map((draft) => ({
    ...writeStep(change, "update", draft),
    optional: isOptional(draft),
    ...(draft.deploys && deploy.length > 0 && { takesEffectIn: [change.address] }),
  }));
  const cancel = change.due?.cancel ? kind.deploys?.cancel(desired) : undefined;
  const owned = inventory.resources[change.address];
  const changed = keysOf([...change.fields, ...change.optional]);
  const sources = owned ? findUnnotedSources(owned, listSources(desired, kind.fields), changed) : [];
  return inSequence([
    ...asideInTurn(inventory, live, { change, kind, desired }),
    ...recordOf(change, isUnrecorded(inventory, desired, live, kind.fields), sources),
    ...(cancel ? [writeStep(change, "cancel", cancel)] : []),
    ...writes,
    ...deploy.map((step) => ({ ...step, optional: !isDue && deploying.every(isOptional) })),
  ]);
}

/** Sorts writes so that one which takes its value from another write comes later; else they stay in the kind's order. */
function byDepth(
  drafts: readonly WriteDraft[],
  { address }: Desired,
  depthOf: DepthOf,
): readonly WriteDraft[] {
  return [...drafts].sort((a, b) => depthOf(address, a.fields) - depthOf(address, b.fields));
}

function updateDrafts({
  change,
  kind,
  desired,
  live,
  around,
}: Omit<Update, "inventory" | "depthOf">): readonly WriteDraft[] {
  const { together, alone } = takeApartAsked(change, kind.fields);
  const isRenamed = together.some((field) => field.field === "name");
  const renaming = isRenamed ? kind.rename?.(desired) : undefined;
  const draftsOf = (fields: readonly FieldChange[]): readonly WriteDraft[] =>
    fields.length === 0 ? [] : kind.update(desired, { ...change, fields }, live, around);
  return [
    ...(renaming ? [renaming] : []),
    ...draftsOf(together),
    ...alone.flatMap((field) => draftsOf([field])),
  ];
}

type Creation = {
  readonly kind: Kind;
  readonly desired: Desired;
  readonly scope: Scope;
  readonly deferred: ReadonlySet<string>;
  readonly carried: readonly Desired[];
  readonly depthOf: DepthOf;
  /** The change, where this replaces an old object that is still there and from which it takes over its entries. */
  readonly replacing?: ResourceChange;
};

/**
 * The steps of a creation. When one POST can carry everything, it is that one, with its own first deploy. Otherwise that
 * deploy is cancelled, the rest is written, and one deploy follows, so that no service goes live without its variables (the
 * first deploy of a cron job cannot be cancelled).
 */
function createChain({
  kind,
  desired,
  scope,
  deferred,
  carried,
  depthOf,
  replacing,
}: Creation): readonly Step[] {
  const [first, ...others] = kind.create(desired, scope, deferred, carried, replacing);
  // A kind that cannot create refuses it, and the plan says so (cover.ts).
  if (!first) return [];
  const rest = byDepth(others, desired, depthOf);
  const change = { address: desired.address, kind: desired.kind };
  const completes = kind.deploys !== undefined && rest.some((draft) => draft.deploys);
  const cancel = completes ? kind.deploys?.cancel(desired) : undefined;
  const carries = carried.length > 0 ? { carries: carried.map((one) => one.address) } : {};
  const deploy = completes ? deployStep(kind, desired, undefined) : [];
  const effect = deploy.length > 0 ? { takesEffectIn: [desired.address] } : {};
  return inSequence([
    { ...writeStep(change, "create", first), ...carries, ...effect, ...(cancel && { incomplete: true }) },
    ...(cancel ? [writeStep(change, "cancel", cancel)] : []),
    ...rest.map((draft) => ({ ...writeStep(change, "update", draft), ...(draft.deploys && effect) })),
    ...deploy,
  ]);
}

/**
 * Whether the inventory lacks something that no field shows: a new `lifecycle.protect`, another list of values given by hand
 * (both are needed once the block is gone), or the object itself, made by a run that ended before it heard the answer.
 */
function isUnrecorded(inventory: Inventory, desired: Desired, live: Live, table: FieldTable): boolean {
  const owned = inventory.resources[desired.address];
  if (!owned) return live.matchedBy === "inventory";
  const handGiven = listHandGiven(desired, table);
  const { formers, formersGone } = inventory.pending?.[desired.address] ?? {};
  return (
    (desired.lifecycle.protect === true && !owned.protect) ||
    owned.id !== live.found.id ||
    formersGone === true ||
    formers?.some(({ id }) => id === live.found.id) === true ||
    canonical([...(owned.handGiven ?? [])]) !== canonical([...handGiven])
  );
}

/**
 * The step that only changes the inventory; none where there is nothing to note. `lacks`: what `isUnrecorded` says; `sources`:
 * field keys of which only the source is to be noted.
 */
function recordOf(
  change: ResourceChange,
  lacks = false,
  sources: readonly string[] = [],
): readonly RecordStep[] {
  const verb = change.action === "adopt" || change.action === "forget" ? change.action : "converge";
  const isKnown = change.converged.length === 0 && sources.length === 0 && !change.due?.noted && !lacks;
  if (verb === "converge" && isKnown) return [];
  return [
    {
      step: "record",
      id: `${verb} ${change.address}`,
      address: change.address,
      kind: change.kind,
      verb,
      needs: [],
      fields: change.converged,
      ...(sources.length > 0 && { sources }),
      ...(change.due?.noted && { deployed: true }),
      ...(change.settled && { settled: change.settled }),
    },
  ];
}
