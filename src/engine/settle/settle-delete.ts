import { stepFailed } from "../memory/perform-input.ts";
import type { Address } from "../../core/base/address.ts";
import { entriesOf } from "../../core/model/declared.ts";
import type { LiveValue } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses } from "../../core/diff/uncertain.ts";
import { lookAgain } from "../read/look-again.ts";
import { rememberReads } from "../read/remember-reads.ts";
import { findLiveEntry, isSame, type EntryPlace } from "../values/replace-all.ts";
import { idOfHalf, type RunMemory } from "../memory/run-memory.ts";

type Confirming = Pick<RunMemory, "input" | "reach" | "resources" | "replacements">;

/**
 * A deletion is done when nothing shows what was deleted, whatever its answer was. An API that does not reach what it was asked
 * about answers "there is no such thing", and one that put the call aside may never do it. What is still there would be owned
 * by no address from then on, and its block, put back, would make a second one. So the object is asked for by itself, for as long as
 * a list may show what is gone; so is each entry that a call took out of a list. What needs the step waits for that. Example:
 *
 *     DELETE /postgres/dpg-1   204
 *     GET    /postgres/dpg-1   404: done.   200 for a minute: it stays ours, and the next run deletes it again
 */
export async function confirmGone(memory: Confirming, step: WriteStep): Promise<void> {
  if (step.verb === "delete") return confirmDeleted(memory, step);
  if (step.verb === "update") return confirmTaken(memory, step);
}

async function confirmDeleted(memory: Confirming, { address, half, former }: WriteStep): Promise<void> {
  const { reach, replacements } = memory;
  const kind = reach.kind(address);
  const id =
    former === undefined
      ? idOfHalf(memory, address, half === "successor" ? half : undefined)
      : replacements.former(address, former).id;
  const look = async (): Promise<true | undefined> => {
    const found = await kind.findById(reach.readerOf(address), id);
    return found === undefined || found.isEnded ? true : undefined;
  };
  if (!(await lookAgain(memory.input.world, allPauses, look)))
    throw stillThere(address, `${address} (${id})`);
}

async function confirmTaken(memory: Confirming, step: WriteStep): Promise<void> {
  const { address } = step;
  let left = removedEntries(memory, step);
  const look = async (): Promise<true | undefined> => {
    // Where a list is all there is to ask, it is read once for all of them.
    const reader = rememberReads(memory.reach.readerOf(address));
    const seen = await Promise.all(
      left.map(async (place) =>
        wasLeft(memory, step, place, await findLiveEntry(memory, address, { ...place, reader })),
      ),
    );
    left = left.filter((_place, index) => seen[index]);
    return left.length === 0 ? true : undefined;
  };
  const isGone = left.length === 0 || (await lookAgain(memory.input.world, allPauses, look));
  const keys = left.map(({ name, entry }) => `${name}.${entry}`).join(", ");
  if (!isGone) throw stillThere(address, `${keys} of ${address}`);
}

function removedEntries({ reach }: Confirming, { address, removed }: WriteStep): readonly EntryPlace[] {
  const { fields } = reach.kind(address);
  return removed.flatMap((key): readonly EntryPlace[] => {
    const [name = "", ...entry] = key.split(".");
    return fields[name]?.entries && entry.length > 0 ? [{ name, entry: entry.join(".") }] : [];
  });
}

/** Whether an entry that was removed is still there. A different value is another entry: of two headers of one name, the second becomes the first. */
function wasLeft(
  { input, reach, resources }: Confirming,
  { address }: WriteStep,
  { name, entry }: EntryPlace,
  now: LiveValue | undefined,
): boolean {
  if (now === undefined) return false;
  const known = entriesOf(reach.kind(address).fields[name]!, resources.found(address)?.spec[name]);
  const before = Object.hasOwn(known, entry) ? (known[entry] as LiveValue) : undefined;
  return before === undefined || isSame(input.key, before, now);
}

function stillThere(address: Address, what: string) {
  return stepFailed(
    address,
    "still-there",
    `The API answered that ${what} is gone, and shows it all the same.`,
    "Nothing was taken for gone. Run again: what is still there is deleted once more.",
  );
}
