import { holesOf } from "../../core/model/write.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import type { Performed } from "../../core/run/journal.ts";
import type { Content } from "../../http/client.ts";
import { CallError, uncertain } from "../../http/failure.ts";
import type { Announce } from "../memory/perform-input.ts";
import { announceAside, newObjectName } from "../memory/aside.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { refuseWithoutDestinations } from "../rotation/deliver-value.ts";
import { noteExports } from "../settle/keep-export.ts";
import { declarationOf } from "../settle/look-up.ts";
import { findLookalikes, refuseTooEarly } from "../settle/lost-creation.ts";
import { findNewest } from "../settle/settle-begun.ts";
import { findFirstDeploy } from "../settle/settle-cancel.ts";
import { keepsWhatIsThere } from "../values/keep-entry.ts";
import { fillPath, makeContent } from "../values/make-content.ts";
import { refreshTargets, resolveHole } from "../values/resolve-now.ts";
import { finishStep, finishUnchanged } from "./finish-step.ts";
import { refuseStale } from "./refuse-stale.ts";
import type { StepSender } from "./send-step.ts";
import { settleFailure, type Sending } from "./settle-failure.ts";

/** How a step gets its call out: the intent first, then the call. */
type Ways = { readonly sender: StepSender; readonly announce: Announce };

/** Does one write, if it has anything to do: `skipped` when it has not. Throws a `ProblemError` when it could not be done. */
export async function writeStep(memory: RunMemory, step: WriteStep, ways: Ways): Promise<Performed> {
  const isNeedless = await isNeedlessStep(memory, step);
  const kept = isNeedless ? undefined : await keepsWhatIsThere(memory, step);
  if (isNeedless || kept) {
    memory.effects.noteSkipped(step);
    return { status: "skipped", ...(kept && { warning: kept }) };
  }
  if (!(await findFirstDeploy(memory, step))) {
    // There is no first deploy to cancel, and no later run has to look for it either.
    return { status: "skipped", outcome: finishUnchanged(memory.resources, step.address) };
  }
  refuseTooEarly(memory, step);
  return sendUntilSettled(memory, step, ways);
}

/** Whether a step has nothing to do: no value was given for all that it would write, or a deploy would bring out nothing new. */
async function isNeedlessStep(memory: RunMemory, step: WriteStep): Promise<boolean> {
  if (step.verb === "deploy") return memory.effects.isNeedlessDeploy(step);
  const holes = step.verb === "update" ? holesOf(step.write.body) : [];
  if (holes.length === 0 || !writesOnlyValues(step)) return false;
  await refreshTargets(memory, step);
  for (const hole of holes) {
    if (
      hole.hole !== "value" ||
      (await resolveHole(memory, step, hole.place, hole.value)).state !== "untouched"
    )
      return false;
  }
  return true;
}

/** Whether a step is there for the values in its call, and not for something that an API wants the value with: a user name. */
function writesOnlyValues(step: WriteStep): boolean {
  const fields = holesOf(step.write.body).flatMap((one) => (one.hole === "value" ? [one.place.field] : []));
  return step.optional || step.fields.every((key) => fields.includes(key));
}

/** Sends the call of a step, once or again, until it is known what became of it. */
async function sendUntilSettled(
  memory: RunMemory,
  step: WriteStep,
  { sender, announce }: Ways,
): Promise<Performed> {
  const { method, budgets } = step.write;
  const path = fillPath(memory, step);
  const rank = memory.input.ranks.get(step.id) ?? Infinity;
  const sending: Sending = { attempt: 1, sentAt: undefined, newest: undefined };
  // Once a call may have been done, an error of a later try must not say that the step was certainly not done.
  let isUncertain = false;
  const content = async (): Promise<Content> => {
    // An announcement takes seconds when the state is a branch, so what must be fresh is read after it.
    if (sending.sentAt === undefined) await announceCall(memory, step, { path, sending, announce });
    await refuseStaleStep(memory, step);
    return makeContent(memory, step, isUncertain);
  };
  for (; ; sending.attempt += 1) {
    try {
      const answer = await sender.send(step, { method, path, budgets, rank, content });
      isUncertain = true;
      if (step.verb === "create") memory.creations.noteWorked();
      return await finishStep(memory, step, answer);
    } catch (error) {
      isUncertain ||= error instanceof CallError && error.reached === "maybe";
      const settled = await settleFailure(memory, step, error, sending).catch((failure: unknown) => {
        throw isUncertain ? uncertain(failure) : failure;
      });
      if (settled !== "again") return settled;
      await memory.input.world.sleep(1_000 * 2 ** sending.attempt);
    }
  }
}

/** Looks at what is there before the call, and notes it in the intent: a later look tells by it what the call has made. */
async function announceCall(
  memory: RunMemory,
  step: WriteStep,
  {
    path,
    sending,
    announce,
  }: { readonly path: string; readonly sending: Sending; readonly announce: Announce },
): Promise<void> {
  sending.newest = await findNewest(memory, step);
  await noteExports(memory, step);
  await refuseWithoutDestinations(memory, step);
  const creation = await factsOfCreation(memory, step);
  const at = memory.input.world.now();
  await announce({
    method: step.write.method,
    path,
    name: memory.resources.nameOf(step.address),
    ...(await declarationOf(memory, step)),
    ...announceAside(memory, step),
    ...sending.newest,
    ...creation,
  });
  sending.sentAt = at;
  memory.effects.noteSent(step);
}

/** What the intent of a creation says: who has the natural key already, and the name of a new object beside an old one. */
async function factsOfCreation(
  memory: RunMemory,
  step: WriteStep,
): Promise<{ readonly successor?: string; readonly besides?: readonly string[] }> {
  if (step.verb !== "create") return {};
  const lookalikes = await findLookalikes(memory, step);
  memory.creations.noteLookalikes(step.address, lookalikes);
  const name = step.half === "successor" ? newObjectName(memory, step.address) : undefined;
  return {
    ...(lookalikes.length > 0 && { besides: lookalikes }),
    ...(name !== undefined && { successor: name }),
  };
}

async function refuseStaleStep({ input, reach, resources }: RunMemory, step: WriteStep): Promise<void> {
  const found = resources.found(step.address);
  if (!found) return;
  const { scope, key, world, readAt } = input;
  await refuseStale({
    step,
    kind: reach.kind(step.address),
    found,
    reader: reach.readerOf(step.address),
    scope,
    key,
    age: world.now() - readAt,
    live: resources.allFound(),
  });
}
