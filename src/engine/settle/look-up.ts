import { makeAddress, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { IntentFacts } from "../../core/run/intent.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Found } from "../../core/model/live.ts";
import type { ProblemError } from "../../core/base/problem.ts";
import { stepFailed } from "../memory/perform-input.ts";
import type { CallError } from "../../http/failure.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses, pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import { adoptCommands, describeCandidates } from "../match/candidates.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { digestFields, type Digesting } from "../values/make-entry.ts";

type Looking = Pick<RunMemory, "input" | "reach" | "resources">;
type LookingForCreated = Looking & Pick<RunMemory, "creations">;

/**
 * Looks for the object that a creation made although its answer was lost: by its name and in the whole list, for as long as a list
 * may take to show it (60 s). `undefined` when none shows; throws `uncertain-create` when there are several, since a person has
 * to decide. `sentAt` is when the creation was announced; without it the search begins now.
 */
export async function lookForCreated(
  memory: LookingForCreated,
  step: WriteStep,
  sentAt?: Millis,
): Promise<Found | undefined> {
  const { world } = memory.input;
  const pauses = sentAt === undefined ? allPauses : pausesBetweenLooks(sentAt, world.now());
  return lookAgain(world, pauses, () => lookUpCreated(memory, step));
}

async function lookUpCreated(memory: LookingForCreated, step: WriteStep): Promise<Found | undefined> {
  const { input, reach, resources, creations } = memory;
  const desired = input.desired.get(step.address);
  if (!desired) return undefined;
  const kind = reach.kind(step.address);
  const reader = reach.readerOf(step.address);
  const wanted = resources.wanted();
  const [named, listed] = await Promise.all([
    kind.findByName(reader, input.scope, [desired.name], wanted),
    kind.list(reader, input.scope, wanted),
  ]);
  const lookalikes = creations.lookalikes(step.address);
  const seen = new Map([...named, ...listed].map((found) => [found.id, found]));
  const candidates = [...seen.values()].filter(
    (found) => isSame(resources, kind, desired, found) && !lookalikes.has(found.id),
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
export function isSame(
  resources: RunMemory["resources"],
  kind: Kind,
  desired: Desired,
  found: Found,
): boolean {
  if (found.isEnded || !(kind.identifies?.(desired, found) ?? found.name === desired.name)) return false;
  const owned = [...resources.allOwned()].some(
    ([address, one]) => address !== desired.address && one.kind === kind.name && one.id === found.id,
  );
  if (owned) return false;
  return !isQualified(desired) || found.environmentId === environmentOf(resources, desired);
}

/** The error for a creation that the API refuses because the name is taken, where the file has it in several environments. */
export function adviseTakenName(
  { input }: Pick<RunMemory, "input">,
  step: WriteStep,
  error: CallError,
): ProblemError {
  const desired = input.desired.get(step.address);
  if (step.verb !== "create" || error.status !== 409 || !desired || !isQualified(desired)) return error;
  const said = error.problems[0]?.message ?? "";
  const message = `${said} The file has ${desired.name} in several environments, and this workspace takes it once.`;
  const remedy =
    "Give one of the two another name, and run again: lifecycle.renamedFrom keeps one that exists.";
  return stepFailed(step.address, "name-taken", message, remedy);
}

/** Whether the address names its environment, because the file declares the same name in several environments. */
function isQualified({ address, kind, name }: Desired): boolean {
  return address !== makeAddress(kind, name);
}

function environmentOf(resources: RunMemory["resources"], { environment }: Desired): string | undefined {
  return environment ? (resources.found(environment)?.id ?? resources.owned(environment)?.id) : undefined;
}

/** The ids of the objects that one creation made along with its own (`carries`), as the account shows them now, by address. */
export async function lookUpCarried(
  { input, reach, resources }: Looking,
  step: WriteStep,
): Promise<{ readonly [address: Address]: string }> {
  const { desired, scope } = input;
  const ids = (step.carries ?? []).map(async (address) => {
    const name = desired.get(address)?.name ?? "";
    const reader = reach.readerOf(address);
    const named = await reach.kind(address).findByName(reader, scope, [name], resources.wanted());
    const made = named.find((one) => one.name === name);
    return [address, made?.id] as const;
  });
  return Object.fromEntries(
    (await Promise.all(ids)).filter((pair): pair is readonly [Address, string] => pair[1] !== undefined),
  );
}

/**
 * What the intent of a creation says of its block: whether it is protected, its file, and what it asks for in fields that cannot
 * change in place. If the answer is lost, and the block goes or changes before the next run, that run still knows them.
 */
export async function declarationOf(
  memory: Digesting & Pick<RunMemory, "input" | "reach" | "resources">,
  { verb, address }: WriteStep,
): Promise<Pick<IntentFacts, "protect" | "file" | "asks">> {
  if (verb !== "create") return {};
  const { input, reach, resources } = memory;
  const isProtected = input.desired.get(address)?.lifecycle.protect === true;
  const file = resources.fileOf(address);
  const table = reach.kind(address).fields;
  const fixed = Object.keys(table).filter((name) => table[name]!.onChange === "replace");
  const asks = await digestFields(memory, address, fixed);
  return {
    ...(isProtected && { protect: true as const }),
    ...(file !== undefined && { file }),
    ...(Object.keys(asks).length > 0 && { asks }),
  };
}
