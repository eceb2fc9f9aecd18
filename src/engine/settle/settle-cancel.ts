import { problem, type Problem } from "../../core/base/problem.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses } from "../../core/diff/uncertain.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";

type Cancelling = Pick<RunMemory, "reach" | "resources" | "begun">;

/**
 * Whether there is a first deploy for a cancel step. After a creation whose answer was lost, or that an earlier run made, its id
 * is not known: then it is the newest deploy that the service has. Without any deploy there is nothing to cancel.
 */
export async function findFirstDeploy(
  { reach, resources, begun, input }: Cancelling & Pick<RunMemory, "input">,
  { verb, address }: WriteStep,
): Promise<boolean> {
  const { deploys } = reach.kind(address);
  if (verb !== "cancel" || !deploys || begun.firstDeploy(address) !== undefined) return true;
  // Whatever is made is deployed at once (recorded), so a list without a deploy is one that lags.
  const look = () => deploys.newest(reach.readerOf(address), resources.idOf(address));
  const first = await lookAgain(input.world, allPauses, look);
  if (first) begun.noteFirstDeploy(address, first.id);
  return first !== undefined;
}

/** The warning for a refused cancel: the deploy ended before it. `undefined` when an earlier try of ours has cancelled it. */
export async function warnOfLateCancel(
  { reach, resources, begun }: Cancelling,
  { address }: WriteStep,
): Promise<Problem | undefined> {
  const first = begun.firstDeploy(address) ?? "";
  const { deploys } = reach.kind(address);
  const newest = await deploys?.newest(reach.readerOf(address), resources.idOf(address));
  if (newest?.id === first && newest.isCancelled) return undefined;
  const message = `The first deploy of ${address} (${first}) was over before it could be cancelled, and ran without all of its variables.`;
  return problem("warning", "late-cancel", message, "Nothing to do: a deploy with all of them follows.", {
    address,
  });
}
