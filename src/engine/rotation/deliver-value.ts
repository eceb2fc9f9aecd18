import { liveSecret } from "../../core/model/live.ts";
import { kindOf, type Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import { fieldKey } from "../../core/model/desired.ts";
import type { Destination } from "../../core/rotation/destinations.ts";
import { digestShownOnce, digestPlaceOf } from "../../core/rotation/deliveries.ts";
import type { Owned, ShownOnceRecord, NewObject } from "../../core/model/inventory.ts";
import type { Outcome } from "../../core/run/journal.ts";
import type { Created } from "../../core/kind/scope.ts";
import type { DeliveryWait, WriteStep } from "../../core/model/plan.ts";
import { digestOf } from "../../core/base/digest.ts";
import { gapNeeded } from "../../core/run/pending.ts";
import type { CallError } from "../../http/failure.ts";
import type { ProblemError } from "../../core/base/problem.ts";
import { type Announce, stepFailed } from "../memory/perform-input.ts";
import { uncertainCreation } from "../settle/lost-creation.ts";
import { proveValue } from "./prove-value.ts";
import type { Reach } from "../memory/reach.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { newObjectName } from "../memory/aside.ts";
import { makeEntry, type EntryParts, declaredKeys } from "../values/make-entry.ts";

/*
 * Objects whose value their API shows once, in the answer that makes them. The value stays in the memory of the run, and
 * goes into the calls that deliver it; what is kept is a keyed digest, and a sealed copy where the file names recipients.
 */

type Done = Extract<Outcome, { status: "done" }>;

/** Throws `destination-gone`, before the creation is announced, when a service that is to get its value was deleted since the plan. */
export async function refuseWithoutDestinations(
  { input, reach, resources }: Pick<RunMemory, "input" | "reach" | "resources">,
  step: WriteStep,
): Promise<void> {
  if (!reach.kind(step.address).shownOnce || step.verb !== "create") return;
  for (const address of new Set(destinationsOf(input, step.address).map((one) => one.address))) {
    const before = resources.found(address);
    if (before && !(await reach.kind(address).findById(reach.readerOf(address), before.id)))
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
  memory: Pick<RunMemory, "input" | "resources" | "shownOnce">,
  owned: Owned,
  { address }: WriteStep,
  created: Created,
): Promise<Done> {
  const shown = { ...owned, ...(await rememberShownOnce(memory, address, created)) };
  memory.resources.keep(address, shown);
  const isWanted = destinationsOf(memory.input, address).length > 0;
  return { status: "done", owned: shown, ...(isWanted && { delivered: false }) };
}

/** Notes the values of the answer in memory, and returns their digests (and sealed copies) for the journal. */
async function rememberShownOnce(
  { input, shownOnce: shown }: Pick<RunMemory, "input" | "shownOnce">,
  address: Address,
  created: Created,
): Promise<ShownOnceRecord> {
  const { shownOnce = {} } = created;
  shown.note(address, shownOnce);
  const { key, seal } = input;
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

/** The error for a creation of such an object. A lost answer takes the value with it; a refusal may mean that two cannot be there at once. */
export function adviseLost(
  memory: Pick<RunMemory, "input" | "reach" | "resources">,
  step: WriteStep,
  { error, sentAt }: { readonly error: CallError; readonly sentAt: Millis | undefined },
): unknown {
  return error.reached === "maybe" && sentAt !== undefined
    ? uncertainCreation(memory, step, sentAt)
    : adviseGap(memory.reach, step, error);
}

/** The error for a new object that the API refuses beside the old one, as it may where the object has no name: `--allow-gap` is left. */
function adviseGap(reach: Reach, step: WriteStep, error: CallError): ProblemError | CallError {
  const { rotation, noun } = reach.kind(step.address);
  // A state conflict (documented); what is invalid or over a limit would be so without the old one too.
  const isRefused = error.status === 409;
  if (step.half !== "successor" || rotation?.named || !isRefused) return error;
  const said = error.problems[0]?.message ?? "";
  return stepFailed(
    step.address,
    gapNeeded,
    `A second ${noun} could not be made beside ${step.address}: ${said}`,
    `The old one is untouched. If it may go before the new one is there, run again with --allow-gap ${step.address}.`,
  );
}

/** Notes the new object of a rotation. The old one stays what is owned until it goes. */
export async function finishNewObject(
  memory: EntryParts,
  { address }: WriteStep,
  created: Created,
): Promise<Done> {
  const { reach, resources, replacements } = memory;
  const record = await rememberShownOnce(memory, address, created);
  const isNamed = reach.kind(address).rotation?.named;
  const name = isNamed ? newObjectName(memory, address) : resources.nameOf(address);
  const newObject: NewObject = { id: created.id, name, ...record };
  replacements.noteNew(address, newObject);
  return { status: "done", owned: await makeEntry(memory, address, { keys: [] }), successor: newObject };
}

/**
 * One of the two objects of a rotation is gone. After the old one the new one takes the address over. A new one goes when its
 * value was lost with the answer that showed it; the old one stays what is owned.
 */
export async function settleRemoval(memory: EntryParts, { address, half }: WriteStep): Promise<Done> {
  const { input, resources, replacements } = memory;
  const newObject = replacements.newObject(address);
  const takesOver = half === "former" && newObject?.id !== undefined && input.desired.has(address);
  if (takesOver) {
    resources.noteMade(address, newObject.id);
    const owned = await makeEntry(memory, address, { keys: declaredKeys(input, address) });
    resources.keep(address, owned);
  }
  replacements.dropNew(address);
  return { status: "done", owned: resources.owned(address) ?? null };
}

/** Reads once more each destination that its API shows, and proves the value where the step asks for it. Throws `not-delivered` or `not-proven`. */
export async function confirmDelivery(
  memory: Pick<RunMemory, "input" | "reach" | "resources" | "replacements" | "shownOnce">,
  step: DeliveryWait,
  announce: Announce,
): Promise<Done> {
  const { address } = step;
  const { input, resources, replacements } = memory;
  const record = replacements.newObject(address) ?? resources.owned(address);
  const missing: string[] = [];
  for (const destination of destinationsOf(input, address)) {
    const digest = record?.revealed?.[destination.output];
    const live = destination.isUnseen ? undefined : await readDestination(memory, destination);
    if (destination.isUnseen || digest === undefined) continue;
    const place = digestPlaceOf(kindOf(address), record?.id ?? "", destination.output);
    if (!live || digestOf(input.key, place, live) !== digest)
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
  return { status: "done", owned: resources.owned(address) ?? null, delivered: true };
}

function destinationsOf({ deliveries }: Pick<RunMemory["input"], "deliveries">, address: Address) {
  return deliveries.get(address)?.destinations ?? [];
}

/** The value that a destination holds now; `undefined` when it is not there. */
async function readDestination(
  { input, reach, resources }: Pick<RunMemory, "input" | "reach" | "resources">,
  { address, name, entry }: Destination,
) {
  const kind = reach.kind(address);
  const reader = reach.readerOf(address);
  const found = await kind.findById(reader, resources.idOf(address));
  const facet = kind.fields[name]?.facet ?? "";
  const spec = found && (await kind.facets[facet]?.(reader, found, input.scope));
  if (!found) return undefined;
  return liveSecret({ ...found, spec: { ...found.spec, ...spec } }, { name, entry });
}
