import { byText, type Address, type KindName } from "../base/address.ts";
import type { Desired } from "../model/desired.ts";
import { sortByNeeds } from "../base/graph.ts";
import type { Kind, Kinds } from "../kind/kind.ts";
import type { Live } from "../model/live.ts";
import type { Step, StepId, WriteStep } from "../model/plan.ts";
import { problem, type Problem } from "../base/problem.ts";

/** What `makeRoom` looks at. */
export type RoomInput = {
  readonly steps: readonly Step[];
  readonly kinds: Kinds;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly live: ReadonlyMap<Address, Live>;
  /** How many live objects there are of each kind that was listed, owned or not. */
  readonly counts: ReadonlyMap<KindName, number>;
};

/**
 * Makes creations wait for deletions, where an account can have only so many objects of a kind (`most`) and would have too
 * many in between: steps that do not need each other could run in any order. Where deletions are not enough, a refusal
 * says so. Example: of 10 tokens that are allowed 10 exist; `create` of an eleventh waits for the `delete` of another.
 */
export function makeRoom(input: RoomInput): {
  readonly steps: readonly Step[];
  readonly refusals: readonly Problem[];
} {
  const capped = [...input.kinds.values()].filter(({ most }) => most !== undefined);
  const full = capped.filter((kind) => isFull(input.steps, kind, input));
  if (full.length === 0) return { steps: input.steps, refusals: [] };
  const steps = full.reduce((all, kind) => holdCreations(all, kind, input), input.steps);
  const needs = new Map(steps.map((step) => [step.id, step.needs]));
  const byId = new Map(steps.map((step) => [step.id, step]));
  return {
    steps: sortByNeeds(needs).order.map((id) => byId.get(id)!),
    refusals: full.filter((kind) => isFull(steps, kind, input)).map((kind) => noRoom(kind, input)),
  };
}

/** Whether some creation could come at a moment at which the account has no room for it. */
function isFull(steps: readonly Step[], kind: Kind, input: RoomInput): boolean {
  return creationsOf(steps, kind).some((step) => excessAt(step, steps, kind, input) > 0);
}

/** Gives each creation in turn deletions to wait for, until it has room. A deletion that needs the creation is passed over. */
function holdCreations(steps: readonly Step[], kind: Kind, input: RoomInput): readonly Step[] {
  let held = steps;
  for (const { id } of creationsOf(steps, kind)) {
    for (const deletion of freeFirst(held, kind)) {
      const creation = held.find((step) => step.id === id)!;
      if (excessAt(creation, held, kind, input) <= 0) break;
      if (findNeeds(held, deletion).has(id) || findNeeds(held, id).has(deletion)) continue;
      held = held.map((step) =>
        step.id === id ? { ...step, needs: [...step.needs, deletion].sort(byText) } : step,
      );
    }
  }
  return held;
}

/** All deletions of a kind. Those that need no creation come first, because they make room at once. */
function freeFirst(steps: readonly Step[], kind: Kind): readonly StepId[] {
  const creations = creationsOf(steps, kind).map(({ id }) => id);
  const isFree = (id: StepId): boolean => {
    const needs = findNeeds(steps, id);
    return creations.every((creation) => !needs.has(creation));
  };
  const ids = writesOf(steps, kind, "delete").map(({ id }) => id);
  return [...ids.filter((id) => isFree(id)), ...ids.filter((id) => !isFree(id))];
}

/**
 * By how many objects the account may be over its limit once this creation is done. The worst case counts: every creation
 * that need not come later is done by then, and only the deletions that must come before are.
 */
function excessAt(creation: Step, steps: readonly Step[], kind: Kind, { counts }: RoomInput): number {
  const before = findNeeds(steps, creation.id);
  const made = creationsOf(steps, kind).filter(({ id }) => !findNeeds(steps, id).has(creation.id)).length;
  const gone = writesOf(steps, kind, "delete").filter(({ id }) => before.has(id)).length;
  return (counts.get(kind.name) ?? 0) + made - gone - (kind.most ?? Infinity);
}

function creationsOf(steps: readonly Step[], kind: Kind): readonly WriteStep[] {
  return writesOf(steps, kind, "create");
}

function writesOf(steps: readonly Step[], kind: Kind, verb: WriteStep["verb"]): readonly WriteStep[] {
  return steps.filter(
    (step): step is WriteStep => step.step === "write" && step.kind === kind.name && step.verb === verb,
  );
}

/** All steps that must be done before a step: its needs, their needs, and so on. */
function findNeeds(steps: readonly Step[], id: StepId): ReadonlySet<StepId> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const found = new Set<StepId>();
  const open = [...(byId.get(id)?.needs ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(byId.get(next)?.needs ?? []));
  }
  return found;
}

function noRoom(kind: Kind, { steps, desired, live, counts }: RoomInput): Problem {
  const declared = [...desired.values()].filter((one) => one.kind === kind.name);
  const leaving = new Set(writesOf(steps, kind, "delete").map(({ address }) => address));
  const there = [...live.values()].filter((one) => one.kind === kind.name);
  const counted = there.filter(({ address }) => desired.has(address) || leaving.has(address)).length;
  const others = (counts.get(kind.name) ?? 0) - counted;
  const total = others + declared.length;
  const { noun, most = 0 } = kind;
  const listed = `${others} of kind ${noun} exist that are not in the file and ${declared.length} are declared`;
  if (total > most) {
    const message = `${listed}: ${total} of ${most}.`;
    const remedy = `Delete ${total - most} that are not needed any more, or take as many out of the file.`;
    return problem("refusal", "no-room", message, remedy);
  }
  const [first] = creationsOf(steps, kind);
  const message = `${listed}; while ${first?.address ?? "one"} is replaced there would be one more than the ${most} that an account can have.`;
  const gap =
    first && kind.rotation && !kind.rotation.named
      ? ` If it may be away for a moment: --allow-gap ${first.address}.`
      : "";
  const remedy = `Delete one that is not needed any more, and run again: a new one is made before the old one goes.${gap}`;
  return problem("refusal", "no-room", message, remedy, { address: first?.address });
}
