import type { Address } from "../../core/base/address.ts";
import type { Created } from "../../core/kind/scope.ts";
import type { Owned } from "../../core/model/inventory.ts";
import type { Found } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import type { Outcome, Performed } from "../../core/run/journal.ts";
import type { Resources } from "../memory/resources.ts";
import { idOfHalf, type RunMemory } from "../memory/run-memory.ts";
import { finishNewObject, finishShownOnce, settleRemoval } from "../rotation/deliver-value.ts";
import { lookUpCarried } from "../settle/look-up.ts";
import { madeEarlier } from "../settle/lost-creation.ts";
import { confirmGone } from "../settle/settle-delete.ts";
import { makeEntry, declaredKeys } from "../values/make-entry.ts";
import { fillPath } from "../values/make-content.ts";

/** The end of a step that was done. */
export type Done = Extract<Outcome, { status: "done" }>;

/** The end of a step whose call was done: the entry of the inventory is now `owned` (`null`: there is none). */
export function finishWith(resources: Resources, address: Address, owned: Owned | null): Done {
  resources.keep(address, owned);
  return { status: "done", owned };
}

/** The end of a step that leaves the entry of the inventory as it is. */
export function finishUnchanged(resources: Resources, address: Address): Done {
  return { status: "done", owned: resources.owned(address) ?? null };
}

/**
 * What the state owns after a step whose call was done. `answer` is the body of the answer; `undefined` when it was lost, and a
 * look at the account has shown that the call was done. Throws `still-there` when what was deleted still shows.
 */
export async function finishStep(memory: RunMemory, step: WriteStep, answer: unknown): Promise<Done> {
  const { input, reach, resources, replacements } = memory;
  const { address, verb, former, fields: keys, removed } = step;
  await confirmGone(memory, step);
  switch (verb) {
    case "create": {
      const carried = (step.carries ?? []).flatMap((one) => input.desired.get(one) ?? []);
      const created = reach.kind(address).created(answer, carried, fillPath(memory, step));
      return finishCreate(memory, step, created);
    }
    case "delete":
      if (former === undefined) return finishDelete(memory, step);
      return { ...finishUnchanged(resources, address), gone: replacements.former(address, former).id };
    case "export":
      return finishUnchanged(resources, address);
    case "update":
    case "deploy":
    case "cancel":
    case "job":
    case "aside":
      resources.noteChanged(address);
      memory.sent.noteWritten(step);
      return finishWith(resources, address, await makeEntry(memory, address, { keys, removed }));
    default:
      return verb satisfies never;
  }
}

async function finishDelete(memory: RunMemory, step: WriteStep): Promise<Done> {
  const { address, half } = step;
  const deleted = idOfHalf(memory, address, half === "successor" ? half : undefined);
  if (half) return { ...(await settleRemoval(memory, step)), deleted };
  memory.resources.noteGone(address);
  return { ...finishWith(memory.resources, address, null), deleted };
}

/** The end of a creation that a look at the account has found. One of an earlier run was made with the values of its file. */
export async function finishFound(memory: RunMemory, step: WriteStep, { id }: Found): Promise<Performed> {
  const created = { id, carried: await lookUpCarried(memory, step) };
  if (!memory.creations.unseen.has(step.address)) return finishCreate(memory, step, created);
  const outcome = await finishCreate(memory, step, created, { knowsValues: false });
  return { status: "found", outcome, problem: madeEarlier(memory, step) };
}

/** `knowsValues`: this run sent the creation, so it knows with which values the object was made. */
async function finishCreate(
  memory: RunMemory,
  step: WriteStep,
  created: Created,
  { knowsValues }: { readonly knowsValues: boolean } = { knowsValues: true },
): Promise<Done> {
  const { address, half, carries, fields } = step;
  if (half === "successor") return finishNewObject(memory, step, created);
  if (knowsValues) memory.sent.noteWritten(step);
  if (created.deployId !== undefined) memory.begun.noteFirstDeploy(address, created.deployId);
  const owned = await ownNew(memory, address, created.id, knowsValues ? fields : []);
  const carried: { [address: Address]: Owned } = {};
  for (const [other, id] of Object.entries(created.carried ?? {}) as [Address, string][])
    carried[other] = await ownNew(memory, other, id, knowsValues ? declaredKeys(memory.input, other) : []);
  if (memory.reach.kind(address).shownOnce) return finishShownOnce(memory, owned, step, created);
  return { status: "done", owned, ...(carries && { carried }) };
}

async function ownNew(
  memory: RunMemory,
  address: Address,
  id: string,
  keys: readonly string[],
): Promise<Owned> {
  memory.resources.noteMade(address, id);
  const owned = await makeEntry(memory, address, { keys });
  memory.resources.keep(address, owned);
  return owned;
}
