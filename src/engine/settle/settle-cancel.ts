import { problem, type Problem } from "../../core/base/problem.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses } from "../../core/diff/uncertain.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * Whether there is a first deploy for a cancel step. After a creation whose answer was lost, or that an earlier run made, its id
 * is not known: then it is the newest deploy that the service has. Without any deploy there is nothing to cancel.
 */
export async function findFirstDeploy(memory: RunMemory, { verb, address }: WriteStep): Promise<boolean> {
  const { deploys } = memory.kind(address);
  if (verb !== "cancel" || !deploys || memory.deploys.has(address)) return true;
  // Whatever is made is deployed at once (recorded), so a list without a deploy is one that lags.
  const look = () => deploys.newest(memory.readerOf(address), memory.idOf(address));
  const first = await lookAgain(memory.input.world, allPauses, look);
  if (first) memory.deploys.set(address, first.id);
  return first !== undefined;
}

/** The warning for a refused cancel: the deploy ended before it. `undefined` when an earlier try of ours has cancelled it. */
export async function warnOfLateCancel(
  memory: RunMemory,
  { address }: WriteStep,
): Promise<Problem | undefined> {
  const first = memory.deploys.get(address) ?? "";
  const newest = await memory.kind(address).deploys?.newest(memory.readerOf(address), memory.idOf(address));
  if (newest?.id === first && newest.isCanceled) return undefined;
  const message = `The first deploy of ${address} (${first}) was over before it could be cancelled, and ran without all of its variables.`;
  return problem("warning", "late-cancel", message, "Nothing to do: a deploy with all of them follows.", {
    address,
  });
}
