import type { Address } from "../core/address.ts";
import type { FileId } from "../core/file-identity.ts";
import type { Found } from "../core/live.ts";
import type { WriteStep } from "../core/plan.ts";
import { adoptCommands, describeCandidates } from "./candidates.ts";
import { stepFailed } from "./execute.ts";
import type { RunMemory } from "./run-memory.ts";

/** The object that a create made whose answer was lost, by its natural key; two candidates are a person's to decide. */
export async function lookUpCreated(memory: RunMemory, step: WriteStep): Promise<Found | undefined> {
  const { desired, scope } = memory.input;
  const reader = memory.readerOf(step.address);
  const name = desired.get(step.address)?.name ?? "";
  const owned = new Set(
    [...memory.owned.values()].flatMap((one) => (one.kind === step.kind ? [one.id] : [])),
  );
  const candidates = (
    await memory.kind(step.address).findByName(reader, scope, [name], memory.wanted())
  ).filter((one) => one.name === name && !owned.has(one.id));
  if (candidates.length <= 1) return candidates[0];
  const message = `The answer to creating ${step.address} was lost, and there are ${candidates.length} objects of that name now: ${describeCandidates(candidates)}.`;
  const remedy = `Say which one is ours, then run again: ${adoptCommands(step.address, candidates)}. Another that nobody needs can be deleted in the dashboard.`;
  throw stepFailed(step.address, "uncertain-create", message, remedy);
}

export async function lookUpCarried(
  memory: RunMemory,
  step: WriteStep,
): Promise<{ readonly [address: Address]: string }> {
  const { desired, scope } = memory.input;
  const ids = (step.carries ?? []).map(async (address) => {
    const name = desired.get(address)?.name ?? "";
    const reader = memory.readerOf(address);
    const made = (await memory.kind(address).findByName(reader, scope, [name], memory.wanted())).find(
      (one) => one.name === name,
    );
    return [address, made?.id] as const;
  });
  return Object.fromEntries(
    (await Promise.all(ids)).filter((pair): pair is readonly [Address, string] => pair[1] !== undefined),
  );
}

/** Noted with a creation: should nobody hear of it, and its block go, it is protected and has its file all the same. */
export function declarationOf(
  memory: RunMemory,
  { verb, address }: WriteStep,
): { readonly protect?: true; readonly file?: FileId } {
  if (verb !== "create") return {};
  const isProtected = memory.input.desired.get(address)?.lifecycle.protect === true;
  const file = memory.fileOf(address);
  return { ...(isProtected && { protect: true }), ...(file !== undefined && { file }) };
}
