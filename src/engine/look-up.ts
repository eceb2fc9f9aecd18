import type { Address } from "../core/address.ts";
import type { Found } from "../core/live.ts";
import type { WriteStep } from "../core/plan.ts";
import { stepFailed } from "./execute.ts";
import type { RunMemory } from "./run-memory.ts";

/** The object that a create made whose answer was lost, by its natural key; two candidates are a person's to decide. */
export async function lookUpCreated(memory: RunMemory, step: WriteStep): Promise<Found | undefined> {
  const { desired, reader, scope } = memory.input;
  const name = desired.get(step.address)?.name ?? "";
  const owned = new Set(
    [...memory.owned.values()].flatMap((one) => (one.kind === step.kind ? [one.id] : [])),
  );
  const candidates = (
    await memory.kind(step.address).findByName(reader, scope, [name], memory.wanted())
  ).filter((one) => one.name === name && !owned.has(one.id));
  if (candidates.length <= 1) return candidates[0];
  const ids = candidates.map((one) => one.id).join(", ");
  throw stepFailed(
    step.address,
    "uncertain-create",
    `The answer to creating ${step.address} was lost, and the workspace now has ${candidates.length} objects of that name: ${ids}.`,
    "Delete the wrong ones in Render's dashboard, then run again.",
  );
}

export async function lookUpCarried(
  memory: RunMemory,
  step: WriteStep,
): Promise<{ readonly [address: Address]: string }> {
  const { desired, reader, scope } = memory.input;
  const ids = (step.carries ?? []).map(async (address) => {
    const name = desired.get(address)?.name ?? "";
    const made = (await memory.kind(address).findByName(reader, scope, [name], memory.wanted())).find(
      (one) => one.name === name,
    );
    return [address, made?.id] as const;
  });
  return Object.fromEntries(
    (await Promise.all(ids)).filter((pair): pair is readonly [Address, string] => pair[1] !== undefined),
  );
}
