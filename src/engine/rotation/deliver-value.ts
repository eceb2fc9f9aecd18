import { kindOf, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import { fieldKey } from "../../core/model/desired.ts";
import { eachDeclared } from "../../core/model/declared.ts";
import type { Destination } from "../../core/rotation/destinations.ts";
import { digestShownOnce, liveValue, digestPlaceOf } from "../../core/rotation/deliveries.ts";
import type { Owned, ShownOnceRecord, NewObject } from "../../core/model/inventory.ts";
import type { Outcome } from "../../core/run/journal.ts";
import type { Created } from "../../core/kind/scope.ts";
import type { DeliveryWait, WriteStep } from "../../core/model/plan.ts";
import { digestOf } from "../../core/base/digest.ts";
import { gapNeeded } from "../../core/run/pending.ts";
import type { CallError } from "../../http/failure.ts";
import type { ProblemError } from "../../core/base/problem.ts";
import { stepFailed } from "../memory/step-failed.ts";
import type { Announce } from "../memory/announce.ts";
import { uncertainCreation } from "../settle/lost-creation.ts";
import { proveValue } from "./prove-value.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { newObjectName } from "../memory/aside.ts";

/**
 * Objects whose value their API shows once, in the answer that makes them. The value stays in the memory of the run, and
 * goes into the calls that deliver it; what is kept is a keyed digest, and a sealed copy where the file names recipients.
 */

type Done = Extract<Outcome, { status: "done" }>;

/** Throws `destination-gone`, before the creation is announced, when a service that is to get its value was deleted since the plan. */
export async function refuseWithoutDestinations(memory: RunMemory, step: WriteStep): Promise<void> {
  if (!memory.kind(step.address).shownOnce || step.verb !== "create") return;
  for (const address of new Set(destinationsOf(memory, step.address).map((one) => one.address))) {
    const before = memory.found.get(address);
    if (before && !(await memory.kind(address).findById(memory.readerOf(address), before.id)))
      throw stepFailed(
        step.address,
        "destination-gone",
        `${address}, which is to have the value of ${step.address}, was deleted after the plan was made.`,
        "Plan again; nothing was made.",
      );
  }
}

/** What is owned after the first creation of such an object. Until each destination was read, its value counts as not delivered. */
export async function finishShownOnce(
  memory: RunMemory,
  owned: Owned,
  { address }: WriteStep,
  created: Created,
): Promise<Done> {
  const shown = { ...owned, ...(await rememberShownOnce(memory, address, created)) };
  memory.owned.set(address, shown);
  const isWanted = destinationsOf(memory, address).length > 0;
  return { status: "done", owned: shown, ...(isWanted && { delivered: false }) };
}

/** Notes the values of the answer in memory, and returns their digests (and sealed copies) for the journal. */
async function rememberShownOnce(
  memory: RunMemory,
  address: Address,
  created: Created,
): Promise<ShownOnceRecord> {
  const { shownOnce = {} } = created;
  memory.shownOnce.note(address, shownOnce);
  const { key, seal } = memory.input;
  const sealed = seal
    ? await Promise.all(
        Object.entries(shownOnce).map(async ([output, secret]) => [output, await seal(secret)] as const),
      )
    : [];
  return {
    revealed: digestShownOnce(key, { kind: kindOf(address), id: created.id }, shownOnce),
    ...(sealed.length > 0 && { sealed: Object.fromEntries(sealed) }),
  };
}

/** An answer that was lost takes the value with it; one that says no may say that two cannot be there at once. */
export function adviseLost(
  memory: RunMemory,
  step: WriteStep,
  { error, sentAt }: { readonly error: CallError; readonly sentAt: Millis | undefined },
): unknown {
  return error.reached === "maybe" && sentAt !== undefined
    ? uncertainCreation(memory, step, sentAt)
    : adviseGap(memory, step, error);
}

/** What has no name of its own may be refused beside the old one: then only a gap is left, which a person agrees to. */
function adviseGap(memory: RunMemory, step: WriteStep, error: CallError): ProblemError | CallError {
  // A state conflict (documented); what is invalid or over a limit would be so without the old one too.
  const isRefused = error.status === 409;
  if (step.half !== "successor" || memory.kind(step.address).rotation?.named || !isRefused) return error;
  const said = error.problems[0]?.message ?? "";
  return stepFailed(
    step.address,
    gapNeeded,
    `A second ${memory.kind(step.address).noun} could not be made beside ${step.address}: ${said}`,
    `The old one is untouched. If it may go before the new one is there, run again with --allow-gap ${step.address}.`,
  );
}

/** The old one stays what is owned until it goes. */
export async function finishNewObject(memory: RunMemory, step: WriteStep, created: Created): Promise<Done> {
  const { address } = step;
  const record = await rememberShownOnce(memory, address, created);
  const name = memory.kind(address).rotation?.named ? newObjectName(memory, address) : memory.nameOf(address);
  const newObject: NewObject = { id: created.id, name, ...record };
  memory.newObjects.set(address, newObject);
  return { status: "done", owned: memory.ownedAfter(address, {}, []), successor: newObject };
}

/** One of two is gone: the old one, whose place is taken by now, or a new one that nobody has the value of. */
export async function settleRemoval(memory: RunMemory, step: WriteStep): Promise<Done> {
  const { address, half } = step;
  const newObject = memory.newObjects.get(address);
  const desired = memory.input.desired.get(address);
  if (half === "former" && newObject?.id !== undefined && desired) {
    memory.noteCreated(address, newObject.id);
    const keys = eachDeclared(desired, memory.kind(address).fields).map((one) =>
      fieldKey(one.name, one.entry),
    );
    const owned = memory.ownedAfter(address, await memory.digests(address, keys), []);
    memory.owned.set(address, owned);
    memory.newObjects.delete(address);
    return { status: "done", owned };
  }
  memory.newObjects.delete(address);
  return { status: "done", owned: memory.owned.get(address) ?? null };
}

/** Reads once more each destination that its API shows, and proves the value where the step asks for it. Throws `not-delivered` or `not-proven`. */
export async function confirmDelivery(
  memory: RunMemory,
  step: DeliveryWait,
  announce: Announce,
): Promise<Done> {
  const { address } = step;
  const record = memory.newObjects.get(address) ?? memory.owned.get(address);
  const missing: string[] = [];
  for (const destination of destinationsOf(memory, address)) {
    const digest = record?.revealed?.[destination.output];
    const live = destination.isUnseen ? undefined : await readDestination(memory, destination);
    if (destination.isUnseen || digest === undefined) continue;
    const place = digestPlaceOf(kindOf(address), record?.id ?? "", destination.output);
    if (!live || digestOf(memory.input.key, place, live) !== digest)
      missing.push(`${destination.address} ${fieldKey(destination.name, destination.entry)}`);
  }
  if (missing.length > 0)
    throw stepFailed(
      address,
      "not-delivered",
      `The value of ${address} is not, or no longer, in ${missing.join(", ")}.`,
      "Nothing was revoked. Run again: it is delivered once more.",
    );
  if (step.for === "proven") await proveValue(memory, address, announce);
  return { status: "done", owned: memory.owned.get(address) ?? null, delivered: true };
}

function destinationsOf(memory: RunMemory, address: Address) {
  return memory.input.deliveries.get(address)?.destinations ?? [];
}

async function readDestination(memory: RunMemory, { address, name, entry }: Destination) {
  const kind = memory.kind(address);
  const reader = memory.readerOf(address);
  const found = await kind.findById(reader, memory.idOf(address));
  const facet = kind.fields[name]?.facet ?? "";
  const spec = found && (await kind.facets[facet]?.(reader, found, memory.input.scope));
  if (!found) return undefined;
  const live = { address, kind: kind.name, found: { ...found, spec: { ...found.spec, ...spec } } };
  return liveValue({ ...live, matchedBy: "inventory" }, { name, entry });
}
