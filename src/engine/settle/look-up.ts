import { makeAddress, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { FileId } from "../../core/model/file-identity.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Found } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses, pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import { adoptCommands, describeCandidates } from "../match/candidates.ts";
import { stepFailed } from "../memory/step-failed.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * Looks for the object that a creation made although its answer was lost: by its name and in the whole list, for as long as a list
 * may take to show it (60 s). `undefined` when none shows; throws `uncertain-create` when there are several, since a person has
 * to decide. `sentAt` is when the creation was announced; without it the search begins now.
 */
export async function lookForCreated(
  memory: RunMemory,
  step: WriteStep,
  sentAt?: Millis,
): Promise<Found | undefined> {
  const { world } = memory.input;
  const pauses = sentAt === undefined ? allPauses : pausesBetweenLooks(sentAt, world.now());
  return lookAgain(world, pauses, () => lookUpCreated(memory, step));
}

async function lookUpCreated(memory: RunMemory, step: WriteStep): Promise<Found | undefined> {
  const desired = memory.input.desired.get(step.address);
  if (!desired) return undefined;
  const kind = memory.kind(step.address);
  const reader = memory.readerOf(step.address);
  const { scope } = memory.input;
  const [named, listed] = await Promise.all([
    kind.findByName(reader, scope, [desired.name], memory.wanted()),
    kind.list(reader, scope, memory.wanted()),
  ]);
  const lookalikes = memory.creations.lookalikes(step.address);
  const seen = new Map([...named, ...listed].map((found) => [found.id, found]));
  const candidates = [...seen.values()].filter(
    (found) => isSame(memory, kind, desired, found) && !lookalikes.has(found.id),
  );
  if (candidates.length <= 1) return candidates[0];
  const message = `The answer to creating ${step.address} was lost, and there are ${candidates.length} objects of that name now: ${describeCandidates(candidates)}.`;
  const remedy = `Say which one is ours, then run again: ${adoptCommands(step.address, candidates)}. Another that nobody needs can be deleted in the dashboard.`;
  throw stepFailed(step.address, "uncertain-create", message, remedy);
}

/**
 * Whether a live object can be the declared one: it has the natural key, belongs to no other address, and is in the declared
 * environment if the address names one.
 */
export function isSame(memory: RunMemory, kind: Kind, desired: Desired, found: Found): boolean {
  if (found.isEnded || !(kind.identifies?.(desired, found) ?? found.name === desired.name)) return false;
  const owned = [...memory.owned].some(
    ([address, one]) => address !== desired.address && one.kind === kind.name && one.id === found.id,
  );
  if (owned) return false;
  return !isQualified(desired) || found.environmentId === environmentOf(memory, desired);
}

/** Whether the address names its environment, because the file declares the same name in several environments. */
function isQualified({ address, kind, name }: Desired): boolean {
  return address !== makeAddress(kind, name);
}

function environmentOf({ found, owned }: RunMemory, { environment }: Desired): string | undefined {
  return environment ? (found.get(environment)?.id ?? owned.get(environment)?.id) : undefined;
}

/** The ids of the objects that one creation made along with its own (`carries`), as the account shows them now, by address. */
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
