import { createHash } from "node:crypto";
import type { Address } from "../../core/base/address.ts";
import type { Former } from "../../core/model/inventory.ts";
import type { Outcome } from "../../core/run/journal.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import type { RunMemory } from "./run-memory.ts";

type Done = Extract<Outcome, { status: "done" }>;

/** Nobody has written down how long a name may be: a short one is lengthened to this at most, a long one stays as long as it is. */
const shortName = 32;

/**
 * The name of a former one: that of an ended run, else `NAME-` and eight digits of this run's, so that no other object can have it
 * by chance.
 */
export function asideName(memory: RunMemory, { address, former: place }: WriteStep): string {
  const name = memory.nameOf(address);
  const id = leavingId(memory, address, place);
  const known = memory.formers.get(address)?.find((former) => former.id === id);
  if (known && known.name !== name) return known.name;
  const digits = digitsOf(memory, address);
  const room = Math.max(shortName, name.length) - digits.length - 1;
  return `${name.slice(0, room)}-${digits}`;
}

/** For the intent of an aside: from now on it may have the other name. A deletion says which of the formers it means. */
export function announceAside(memory: RunMemory, step: WriteStep): { readonly former?: Former } {
  const { verb, address, former: place } = step;
  if (verb === "delete" && place !== undefined) return { former: memory.formers.get(address)![place]! };
  if (verb !== "aside") return {};
  const former = { id: leavingId(memory, address, place), name: asideName(memory, step) };
  // The plan says which one it means by its place, so each keeps that.
  const all = memory.formers.get(address) ?? [];
  const isKnown = all.some(({ id }) => id === former.id);
  const named = all.map((one) => (one.id === former.id ? former : one));
  memory.formers.set(address, isKnown ? named : [...all, former]);
  return { former };
}

/** What has the address, or what was made in its place and leaves it again. */
function leavingId(memory: RunMemory, address: Address, place: number | undefined): string {
  const known = place === undefined ? undefined : memory.formers.get(address)?.[place];
  return known?.id ?? memory.idOf(address);
}

/** One that stepped aside is gone: what is owned stays as it is. */
export function finishFormer(memory: RunMemory, address: Address, place: number): Done {
  return { status: "done", owned: memory.owned.get(address) ?? null, gone: formerId(memory, address, place) };
}

/** The id of one that stepped aside. */
export function formerId(memory: RunMemory, address: Address, place: number): string {
  const former = memory.formers.get(address)?.[place];
  if (!former) throw new Error(`${address}: no former one at place ${place}`);
  return former.id;
}

const longestName = 100;

/** Tells the two halves of a rotation apart, also after a crash. */
export function newObjectName(memory: RunMemory, address: Address): string {
  const digits = digitsOf(memory, address);
  return `${memory.nameOf(address).slice(0, longestName - digits.length - 1)}.${digits}`;
}

/** Eight hex digits for the name that a run gives by itself: the same whenever it asks, and in no name by chance. */
function digitsOf(memory: RunMemory, address: Address): string {
  return createHash("sha256").update(`${memory.input.run} ${address}`).digest("hex").slice(0, 8);
}
