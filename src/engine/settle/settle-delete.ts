import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses } from "../../core/diff/uncertain.ts";
import { formerId } from "../memory/aside.ts";
import { stepFailed } from "../memory/step-failed.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * A deletion that is answered by "there is no such thing" is done, if that is true: an API that does not reach what it was
 * asked about answers the same, and what is still there would be nobody's from then on. So the object is asked for by itself,
 * for as long as a list may show what is gone.
 */
export async function confirmGone(memory: RunMemory, step: WriteStep): Promise<void> {
  const { address, half, former } = step;
  const kind = memory.kind(address);
  const id =
    former === undefined
      ? memory.idOf(address, half === "successor" ? half : undefined)
      : formerId(memory, address, former);
  const look = async (): Promise<true | undefined> => {
    const found = await kind.findById(memory.readerOf(address), id);
    return found === undefined || found.isEnded ? true : undefined;
  };
  if (await lookAgain(memory.input.world, allPauses, look)) return;
  const message = `The API answered that ${address} (${id}) is not there to be deleted, and shows it all the same.`;
  throw stepFailed(address, "still-there", message, "Nothing was taken for gone. Run again.");
}
