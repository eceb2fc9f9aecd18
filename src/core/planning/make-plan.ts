import { createHash } from "node:crypto";
import type { Address, KindName } from "../base/address.ts";
import { describeBody } from "../model/write.ts";
import type { ResolvedValues } from "../compare/comparison.ts";
import type { ResourceChange } from "../model/change.ts";
import { exportFirst } from "../steps/data-export.ts";
import type { DesiredState } from "../model/desired.ts";
import { diff } from "../diff/diff.ts";
import { markEnds } from "../consent/end-of-data.ts";
import { findRefusals } from "../guards/guards.ts";
import type { KnownAddresses } from "./given-addresses.ts";
import type { ValueDelivery } from "../rotation/deliveries.ts";
import type { Inventory } from "../model/inventory.ts";
import { canonical, type Json } from "../base/json.ts";
import type { Kinds } from "../kind/kind.ts";
import type { Scope } from "../kind/scope.ts";
import type { Found, Live } from "../model/live.ts";
import type { Plan, Schedule, Step } from "../model/plan.ts";
import type { Overrides } from "../consent/overrides.ts";
import { makeRoom } from "../steps/make-room.ts";
import { withPreconditions } from "../steps/precondition.ts";
import type { Problem } from "../base/problem.ts";
import type { DigestKey } from "../base/digest.ts";
import { selectChanges, type Selection } from "./selection.ts";
import { makeSteps } from "../steps/make-steps.ts";

/** Everything that a plan is made from: the file, what was read, the inventory, and what the person asked for. */
export type PlanInput = {
  readonly state: DesiredState;
  readonly live: ReadonlyMap<Address, Live>;
  /** Addresses whose absence is confirmed. */
  readonly gone: ReadonlySet<Address>;
  /** What the file refers to and does not declare. */
  readonly targets?: ReadonlyMap<Address, Found>;
  /** How many live objects there are of each kind that was listed, owned or not. */
  readonly counts: ReadonlyMap<KindName, number>;
  readonly inventory: Inventory;
  /** By address, what each declared value is right now. */
  readonly resolved: ReadonlyMap<Address, ResolvedValues>;
  readonly kinds: Kinds;
  readonly key: DigestKey;
  readonly scope: Scope;
  readonly basis: Plan["basis"];
  /** What was typed. */
  readonly overrides: Overrides;
  /** ISO date, for agreements of the file, which expire. */
  readonly today: string;
  /** For values that are shown once, where they have to arrive, by the address that they come from. */
  readonly deliveries: ReadonlyMap<Address, ValueDelivery>;
  readonly selection: Selection;
  /** The addresses that typed texts may mean. */
  readonly known: KnownAddresses;
  /** Addresses that the plan leaves out, with their changes and with the refusals that reading found about them. */
  readonly leftOut: ReadonlySet<string>;
  /** Says when each of the steps may start. */
  readonly schedule: (steps: readonly Step[]) => Schedule;
  readonly reads: Plan["reads"];
  /** Refusals and problems found while reading: two live objects of one name, a wrong workspace, sources that are missing. */
  readonly refusals: readonly Problem[];
  readonly problems: readonly Problem[];
};

/**
 * Makes the plan, which is everything between reading and writing: differences, the selection, steps with their needs, guards
 * and the schedule. It is pure: the same input gives the same plan. Errors of the plan itself are in `problems`.
 */
export function makePlan(input: PlanInput): Plan {
  const desired = new Map(input.state.resources.map((resource) => [resource.address, resource]));
  const { rewrites, gaps, allowReplace: replacements } = input.overrides;
  const found = diff({ ...input, desired: input.state.resources, rewrites, gaps, replacements });
  const named = input.overrides.destroys ? found.map(asDestroyed) : found;
  const { changes: selected, problems: unselected } = selectChanges(named, { ...input, desired });
  const isKept = ({ address }: { readonly address?: string }): boolean =>
    address === undefined || !input.leftOut.has(address);
  const kept = noteOtherOwners(selected.filter(isKept), input.live, input.kinds);
  const { removed } = input.state;
  const { exportTo } = input.overrides;
  const changes = exportFirst(markEnds(kept, input), { ...input, removed, exportTo });
  const { steps: ordered, problems } = makeSteps({ ...input, changes, desired });
  const { steps: unguarded, refusals: crowded } = makeRoom({ ...input, steps: ordered, desired });
  const steps = withPreconditions(unguarded, input.live, input.key);
  const judged = findRefusals({ ...input, changes, desired, removed, settings: input.state.settings });
  return {
    formatVersion: "1.0",
    basis: input.basis,
    hash: hashWork(steps, input.overrides),
    changes,
    steps,
    refusals: [...input.refusals.filter(isKept), ...judged.filter(isRefusal), ...crowded],
    problems: [
      ...input.state.problems,
      ...input.problems,
      ...unselected,
      ...problems,
      ...judged.filter((one) => !isRefusal(one)),
    ],
    schedule: input.schedule(steps),
    reads: input.reads,
  };
}

function isRefusal({ severity }: Problem): boolean {
  return severity === "refusal";
}

/** A deletion as `destroy` tells it: the block may well be in the file, so "no longer in the file" would be wrong. */
function asDestroyed(change: ResourceChange): ResourceChange {
  return change.action === "delete" ? { ...change, summary: "destroyed" } : change;
}

/**
 * The hash of a plan: SHA-256 in hex over the work. That is the ordered steps with what they send, secrets as their sources,
 * and the flags that change the work; not the consents (consent.ts), which only let it run. A `sync: false` variable is the
 * same step whether or not its value was given.
 */
function hashWork(steps: readonly Step[], overrides: Overrides): string {
  const work = steps.map((step): Json => {
    const base = { id: step.id, needs: step.needs };
    if (step.step === "wait") return { ...base, until: step.until };
    if (step.step === "record") return { ...base, fields: step.fields };
    const { method, path, body } = step.write;
    return {
      ...base,
      method,
      path,
      fields: step.fields,
      body: body === undefined ? null : describeBody(body),
    };
  });
  const text = canonical({
    work,
    ...(overrides.rewrites.length > 0 && { rewrites: [...overrides.rewrites].sort() }),
    ...(overrides.gaps.length > 0 && { gaps: [...overrides.gaps].sort() }),
    ...(overrides.exportTo === null && { noExport: true }),
  });
  return createHash("sha256").update(text).digest("hex");
}

/** Adds a note to each change that takes effect in services which trueup does not own: their owner has to deploy them. */
function noteOtherOwners(
  changes: readonly ResourceChange[],
  live: ReadonlyMap<Address, Live>,
  kinds: Kinds,
): readonly ResourceChange[] {
  const ours = new Set([...live.values()].map(({ found }) => found.id));
  return changes.map((change) => {
    const kind = kinds.get(change.kind);
    const found = live.get(change.address);
    const takesDeploy = change.fields.some(({ field }) => kind?.fields[field]?.deploys === true);
    if (change.action === "delete" || !takesDeploy || !kind?.redeploys || !found) return change;
    const others = kind.redeploys(found, live).filter(({ id }) => !ours.has(id));
    if (others.length === 0) return change;
    const names = others.map(({ name }) => name).sort();
    const text = `needs a deploy by its owner: ${names.join(", ")}`;
    return { ...change, notes: [...change.notes, { note: "remark", text }] };
  });
}
