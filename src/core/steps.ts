import { byText, type Address } from "./address.ts";
import { holesOf } from "./body.ts";
import type { ResourceChange } from "./change.ts";
import { fieldKey, type Desired } from "./desired.ts";
import { eachDeclared } from "./diff.ts";
import { findCircles, sortByNeeds, spellCircle } from "./graph.ts";
import type { Inventory } from "./inventory.ts";
import type { Kind, Kinds, Scope, Write, WriteDraft } from "./kind.ts";
import type { Live } from "./live.ts";
import type { RecordStep, Step, StepId, WaitStep, WriteStep } from "./plan.ts";
import { problem, type Problem } from "./problem.ts";
import type { Value } from "./value.ts";

export type StepsInput = {
  readonly changes: readonly ResourceChange[];
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly inventory: Inventory;
  readonly kinds: Kinds;
  readonly scope: Scope;
};

/** The steps of one change while the plan is being put together. `lead` are the steps that others' needs attach to. */
type Chain = { readonly change: ResourceChange; readonly steps: readonly Step[] };

/** Changes to steps in topological order, ties broken by id; circles that cannot be split come back as problems. */
export function makeSteps(input: StepsInput): {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
} {
  const deferred = findDeferred(input);
  const carried = findCarried(input);
  const chains = input.changes.map((change) =>
    makeChain(input, change, deferred.get(change.address) ?? new Set(), carried),
  );
  const steps = connect(input, addRedeploys(input, chains));
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const { order, circular } = sortByNeeds(needs);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const problems = circular.length === 0 ? [] : [circleProblem(spellCircle(needs, circular))];
  return { steps: order.map((id) => byId.get(id)!), problems };
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
 * Value entries of new resources that refer to another new resource of the same circle (or to themselves): those are
 * written after everything in the circle exists. Product page, section 3.
 */
function findDeferred(input: StepsInput): ReadonlyMap<Address, ReadonlySet<string>> {
  const fresh = input.changes.filter((change) => change.action === "create" || change.action === "replace");
  const edges = new Map<string, { key: string; target: Address }[]>();
  for (const change of fresh) {
    const desired = input.desired.get(change.address)!;
    edges.set(change.address, referencesOf(desired, input.kinds.get(change.kind)!));
  }
  const needs = new Map([...edges].map(([address, list]) => [address, list.map((edge) => edge.target)]));
  const deferred = new Map<Address, ReadonlySet<string>>();
  for (const circle of findCircles(needs)) {
    const members = new Set(circle);
    for (const address of circle as Address[]) {
      const keys = edges
        .get(address)!
        .filter((edge) => members.has(edge.target))
        .map((edge) => edge.key);
      deferred.set(address, new Set(keys));
    }
  }
  return deferred;
}

/** New resources that the creation of another new one makes as well, by that one's address. */
function findCarried(input: StepsInput): ReadonlyMap<Address, readonly Desired[]> {
  const fresh = new Set(
    input.changes
      .filter((change) => change.action === "create" || change.action === "replace")
      .map((change) => change.address),
  );
  const carried = new Map<Address, readonly Desired[]>();
  for (const [address, desired] of input.desired) {
    const carrier = fresh.has(address)
      ? input.kinds.get(desired.kind)?.carriedBy?.(desired, input.desired)
      : undefined;
    if (carrier !== undefined && fresh.has(carrier))
      carried.set(carrier, [...(carried.get(carrier) ?? []), desired]);
  }
  return carried;
}

function referencesOf(desired: Desired, kind: Kind): { key: string; target: Address }[] {
  return eachDeclared(desired, kind.fields).flatMap(({ name, field, entry, value }) => {
    if (!field.value || !kind.deferrable.includes(name)) return [];
    const source = value as Value;
    return source.from === "output" ? [{ key: fieldKey(name, entry), target: source.of }] : [];
  });
}

function makeChain(
  input: StepsInput,
  change: ResourceChange,
  deferred: ReadonlySet<string>,
  carried: ReadonlyMap<Address, readonly Desired[]>,
): Chain {
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
  };
  const isCarried = [...carried.values()].some((list) => list.some((one) => one.address === change.address));
  switch (change.action) {
    case "create":
      return { change, steps: isCarried ? [] : createChain(create) };
    case "keep":
    case "update":
    case "adopt": {
      const wanted = { ...change, fields: [...change.fields, ...change.optional] };
      const renaming = wanted.fields.some((field) => field.field === "name")
        ? kind.rename?.(desired!)
        : undefined;
      const drafts = [
        ...(renaming ? [renaming] : []),
        ...(wanted.fields.length > 0 ? kind.update(desired!, wanted, live!) : []),
      ];
      const unanswered = new Set(change.optional.map((field) => fieldKey(field.field, field.entry)));
      const isOptional = (draft: WriteDraft): boolean =>
        draft.fields.length > 0 && draft.fields.every((key) => unanswered.has(key));
      const writes = drafts.map((draft) => ({
        ...writeStep(change, "update", draft),
        optional: isOptional(draft),
      }));
      const deploying = drafts.filter((draft) => draft.deploys);
      const restart =
        deploying.length === 0
          ? []
          : deployStep(kind, desired!, live).map((step) => ({
              ...step,
              optional: deploying.every(isOptional),
            }));
      const protects = input.inventory.resources[change.address]?.protect ?? desired!.lifecycle.protect;
      const isReguarded = protects !== desired!.lifecycle.protect;
      return { change, steps: inSequence([...recordOf(change, isReguarded), ...writes, ...restart]) };
    }
    case "replace": {
      const gone = kind
        .remove(change.address, change.name)
        .map((draft) => writeStep(change, "delete", draft));
      return { change, steps: inSequence([...gone, ...(isCarried ? [] : createChain(create))]) };
    }
    case "delete":
      return {
        change,
        steps: inSequence(
          kind.remove(change.address, change.name).map((draft) => writeStep(change, "delete", draft)),
        ),
      };
    case "forget":
      return { change, steps: recordOf(change) };
    default:
      return change.action satisfies never;
  }
}

type Creation = {
  readonly kind: Kind;
  readonly desired: Desired;
  readonly scope: Scope;
  readonly deferred: ReadonlySet<string>;
  readonly carried: readonly Desired[];
};

/**
 * One POST with its own first deploy when it can carry everything. Otherwise that deploy is cancelled, the rest is written,
 * and one deploy follows, so that no deploy without its variables goes live (a cron job's first cannot be cancelled).
 */
function createChain({ kind, desired, scope, deferred, carried }: Creation): readonly Step[] {
  const [first, ...rest] = kind.create(desired, scope, deferred, carried);
  if (!first) throw new Error(`${desired.address}: its kind creates nothing`);
  const change = { address: desired.address, kind: desired.kind };
  const completes = kind.deploys !== undefined && rest.some((draft) => draft.deploys);
  const cancel = completes ? kind.deploys?.cancel(desired) : undefined;
  const carries = carried.length > 0 ? { carries: carried.map((one) => one.address) } : {};
  return inSequence([
    { ...writeStep(change, "create", first), ...carries },
    ...(cancel ? [writeStep(change, "cancel", cancel)] : []),
    ...rest.map((draft) => writeStep(change, "update", draft)),
    ...(completes ? deployStep(kind, desired, undefined) : []),
  ]);
}

function deployStep(kind: Kind, desired: Desired, live: Live | undefined): readonly WriteStep[] {
  if (!kind.deploys || desired.lifecycle.deploy === "skip" || !kind.deploys.allowed(desired, live)) return [];
  return [writeStep({ address: desired.address, kind: desired.kind }, "deploy", kind.deploys.start(desired))];
}

function writeStep(
  change: Pick<ResourceChange, "address" | "kind"> & { readonly fields?: ResourceChange["fields"] },
  verb: WriteStep["verb"],
  draft: WriteDraft,
): WriteStep {
  const gone = new Set(
    (change.fields ?? []).filter((field) => field.removed).map((field) => fieldKey(field.field, field.entry)),
  );
  return {
    step: "write",
    id:
      draft.part === "resource" || draft.part === verb
        ? `${verb} ${change.address}`
        : `${verb} ${change.address} ${draft.part}`,
    address: change.address,
    kind: change.kind,
    verb,
    needs: [],
    write: draft.write,
    fields: draft.fields,
    removed: draft.fields.filter((field) => gone.has(field)),
    optional: false,
  };
}

/** `isReguarded`: the file changed `lifecycle.protect`, which holds from the inventory once the block is gone. */
function recordOf(change: ResourceChange, isReguarded = false): readonly RecordStep[] {
  const verb = change.action === "adopt" || change.action === "forget" ? change.action : "converge";
  if (verb === "converge" && change.converged.length === 0 && !isReguarded) return [];
  return [
    {
      step: "record",
      id: `${verb} ${change.address}`,
      address: change.address,
      kind: change.kind,
      verb,
      needs: [],
      fields: change.converged,
    },
  ];
}

function inSequence(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return before ? { ...step, needs: [...step.needs.filter((id) => id !== before.id), before.id] } : step;
  });
}

/**
 * A change of an env group takes effect in its services with their next deploy: each owned one gets one, unless it has
 * one already. Services that are linked but not ours are left to their owner.
 */
function addRedeploys(input: StepsInput, chains: readonly Chain[]): readonly Chain[] {
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
  return chains.map((chain) => {
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
}

/** Adds the needs between chains, and the waits for datastores that a first deploy depends on. */
function connect(input: StepsInput, chains: readonly Chain[]): readonly Step[] {
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
    const kind = id === undefined ? undefined : kindOfChain(chains, address, input.kinds);
    if (!id || !kind?.readiness) return undefined;
    const wait: WaitStep = {
      step: "wait",
      id: `wait ${address} ${kind.readiness.until}`,
      address,
      kind: kind.name,
      until: kind.readiness.until,
      timeout: kind.readiness.timeout,
      needs: [id],
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
      if (step.verb === "delete") for (const id of blockers.get(change.address) ?? []) more.add(id);
      return { ...step, needs: [...more].sort(byText) };
    });
  });
  return [...connected, ...waits.values()];
}

function kindOfChain(chains: readonly Chain[], address: Address, kinds: Kinds): Kind | undefined {
  const chain = chains.find(({ change }) => change.address === address);
  return chain && kinds.get(chain.change.kind);
}

/** Addresses that the call names in its path or its body; with the field, when a value of another resource is sent. */
export function targetsOf(write: Write): readonly { readonly address: Address; readonly field?: string }[] {
  const inPath = [...write.path.matchAll(/\{([^}#]+)(?:#[^}]*)?\}/g)].map((match) => ({
    address: match[1] as Address,
  }));
  const inBody = holesOf(write.body).flatMap((hole) => {
    if (hole.hole === "id") return [{ address: hole.of }];
    if (hole.hole === "list") return [];
    const values = hole.hole === "value" ? [hole.value] : Object.values(hole.set);
    return values.flatMap((value) =>
      value.from === "output" ? [{ address: value.of, field: value.output }] : [],
    );
  });
  return [...inPath, ...inBody];
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
      const relevant = replaced.has(target)
        ? steps.filter((step) => step.step === "write" && step.verb === "delete")
        : steps;
      if (target !== change.address)
        blockers.set(target, [...(blockers.get(target) ?? []), ...relevant.map((step) => step.id)]);
    }
  }
  return blockers;
}
