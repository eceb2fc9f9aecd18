import type { Address } from "./address.ts";
import type { FieldChange, ResourceChange } from "./change.ts";
import { fieldKey, type Desired } from "./desired.ts";
import type { FieldTable } from "./field.ts";
import { listHandGiven } from "./goes-for-good.ts";
import type { Inventory } from "./inventory.ts";
import { canonical } from "./json.ts";
import type { Kind, Scope, WriteDraft } from "./kind.ts";
import type { Live } from "./live.ts";
import { exportSteps } from "./data-export.ts";
import { takeApartAsked } from "./asked-entries.ts";
import { deployStep, inSequence, writeStep, type Chain } from "./draft-steps.ts";
import type { DepthOf } from "./order-writes.ts";
import type { RecordStep, Step } from "./plan.ts";
import type { StepsInput } from "./steps.ts";
import { removeSuccessor, resumeDelivery, successionSteps, withDeliveryWait } from "./succession-steps.ts";

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
  const kind = input.kinds.get(change.kind);
  if (!kind) throw new Error(`no such kind: ${change.kind}`);
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
      const steps = updateChain({ change, kind, desired: desired!, live: live!, inventory, depthOf });
      const isUndelivered = inventory.pending?.[change.address]?.undelivered === true;
      return { change, steps: isUndelivered ? resumeDelivery(desired!, steps) : steps };
    }
    case "replace": {
      const { mode } = change.succession ?? {};
      if (mode === "begin" || mode === "continue")
        return { change, steps: successionSteps(input, change, kind, desired!) };
      const gone = kind.remove(change.address, change.name).map((draft) => ({
        ...writeStep(change, "delete", draft),
        ...(mode === "again" && { orphan: true as const }),
      }));
      const made = isCarried ? [] : withDeliveryWait(input, desired!, createChain(create));
      return { change, steps: inSequence([...exportSteps(change, kind), ...gone, ...made]) };
    }
    case "delete": {
      const drafts = kind.remove(change.address, change.name);
      const successors = live?.successor ? drafts.map((draft) => removeSuccessor(change, draft.write)) : [];
      const gone = drafts.map((draft) => writeStep(change, "delete", draft));
      return { change, steps: inSequence([...successors, ...exportSteps(change, kind), ...gone]) };
    }
    case "forget":
      return { change, steps: recordOf(change) };
    default:
      return change.action satisfies never;
  }
}

type Update = {
  readonly change: ResourceChange;
  readonly kind: Kind;
  readonly desired: Desired;
  readonly live: Live;
  readonly inventory: Inventory;
  readonly depthOf: DepthOf;
};

/** What brings the inventory up to date first, then the writes, then at most one deploy. */
function updateChain({ change, kind, desired, live, inventory, depthOf }: Update): readonly Step[] {
  const drafts = byDepth(updateDrafts({ change, kind, desired, live }), desired, depthOf);
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
  return inSequence([
    ...recordOf(change, isUnrecorded(inventory, desired, live, kind.fields)),
    ...(cancel ? [writeStep(change, "cancel", cancel)] : []),
    ...writes,
    ...deploy.map((step) => ({ ...step, optional: !isDue && deploying.every(isOptional) })),
  ]);
}

/** What takes its value from another write comes after those that do not; else as the kind has them. */
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
}: Omit<Update, "inventory" | "depthOf">): readonly WriteDraft[] {
  const { together, alone } = takeApartAsked(change, kind.fields);
  const isRenamed = together.some((field) => field.field === "name");
  const renaming = isRenamed ? kind.rename?.(desired) : undefined;
  const draftsOf = (fields: readonly FieldChange[]): readonly WriteDraft[] =>
    fields.length === 0 ? [] : kind.update(desired, { ...change, fields }, live);
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
};

/**
 * One POST with its own first deploy when it can carry everything. Otherwise that deploy is cancelled, the rest is written,
 * and one deploy follows, so that no deploy without its variables goes live (a cron job's first cannot be cancelled).
 */
function createChain({ kind, desired, scope, deferred, carried, depthOf }: Creation): readonly Step[] {
  const [first, ...others] = kind.create(desired, scope, deferred, carried);
  if (!first) throw new Error(`${desired.address}: its kind creates nothing`);
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
 * The inventory lacks something that no field shows: a new `lifecycle.protect` or other values given by hand, which are
 * needed once the block is gone, or the object itself, made by a run that ended before it heard the answer.
 */
function isUnrecorded(inventory: Inventory, desired: Desired, live: Live, table: FieldTable): boolean {
  const owned = inventory.resources[desired.address];
  if (!owned) return live.matchedBy === "inventory";
  const handGiven = listHandGiven(desired, table);
  return (
    (desired.lifecycle.protect === true && !owned.protect) ||
    owned.id !== live.found.id ||
    canonical([...(owned.handGiven ?? [])]) !== canonical([...handGiven])
  );
}

function recordOf(change: ResourceChange, lacks = false): readonly RecordStep[] {
  const verb = change.action === "adopt" || change.action === "forget" ? change.action : "converge";
  const isKnown = change.converged.length === 0 && !change.due?.noted && !lacks;
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
      ...(change.due?.noted && { deployed: true }),
      ...(change.settled && { settled: change.settled }),
    },
  ];
}
