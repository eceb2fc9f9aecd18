import { createHash } from "node:crypto";
import type { Address } from "../../core/base/address.ts";
import type { Former } from "../../core/model/inventory.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import type { RunMemory } from "./run-memory.ts";

/** What the names of a replacement are made from. */
type Naming = Pick<RunMemory, "resources" | "replacements"> & {
  readonly input: Pick<RunMemory["input"], "run">;
};

/** How long a name may be is not documented. A short one is lengthened to this at most; a long one stays as long as it is. */
const shortName = 32;

/**
 * The name of an object that steps aside: the one that an ended run gave it, else `NAME-` and eight digits of this run's, so that
 * no other object can have it by chance.
 */
export function asideName(memory: Naming, { address, former: place }: WriteStep): string {
  const { resources, replacements, input } = memory;
  const name = resources.nameOf(address);
  const id = leavingId(memory, address, place);
  const known = replacements.formers(address).find((former) => former.id === id);
  if (known && known.name !== name) return known.name;
  const digits = digitsOf(input.run, address);
  const room = Math.max(shortName, name.length) - digits.length - 1;
  return `${name.slice(0, room)}-${digits}`;
}

/**
 * What the intent of a step says of a former object: which one a deletion means, or, for a step that moves an object aside, its
 * id and the name that it may have from now on. Such an object is one of the formers from this moment.
 */
export function announceAside(memory: Naming, step: WriteStep): { readonly former?: Former } {
  const { verb, address, former: place } = step;
  if (verb === "delete" && place !== undefined) return { former: memory.replacements.former(address, place) };
  if (verb !== "aside") return {};
  const former = { id: leavingId(memory, address, place), name: asideName(memory, step) };
  memory.replacements.noteAside(address, former);
  return { former };
}

/** What has the address, or what was made in its place and leaves it again. */
function leavingId({ resources, replacements }: Naming, address: Address, place: number | undefined): string {
  const known = place === undefined ? undefined : replacements.formers(address)[place];
  return known?.id ?? resources.idOf(address);
}

const longestName = 100;

/** The name of the new object of a rotation: `NAME.` and eight digits of this run's, which tell it from the old one after a crash. */
export function newObjectName(
  { resources, input }: Pick<Naming, "resources" | "input">,
  address: Address,
): string {
  const digits = digitsOf(input.run, address);
  return `${resources.nameOf(address).slice(0, longestName - digits.length - 1)}.${digits}`;
}

/** Eight hex digits for the name that a run gives by itself: the same whenever it asks, and in no name by chance. */
function digitsOf(run: string, address: Address): string {
  return createHash("sha256").update(`${run} ${address}`).digest("hex").slice(0, 8);
}
