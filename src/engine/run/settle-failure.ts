import type { Millis } from "../../core/model/budget.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import type { Performed } from "../../core/run/journal.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { CallError } from "../../http/failure.ts";
import type { Newest } from "../memory/begun.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { adviseLost } from "../rotation/deliver-value.ts";
import { adviseNoExport, hasBegun } from "../settle/keep-export.ts";
import { adviseTakenName, lookForCreated } from "../settle/look-up.ts";
import { isRefusedAgain, MadeEarlier, refuseSecond } from "../settle/lost-creation.ts";
import { hasNewerBegun, uncertainJob } from "../settle/settle-begun.ts";
import { warnOfLateCancel } from "../settle/settle-cancel.ts";
import { keepsWhatIsThere } from "../values/keep-entry.ts";
import { finishFound, finishStep } from "./finish-step.ts";

const sendTries = 4;
/** Of a creation that the API answers with its own fault: each try takes one of twenty calls an hour. */
const creationTries = 2;
/** After so many such answers with no creation in between that worked, the API is at fault: none is sent a second time. */
const mostFaults = 3;

/** The call of a step and its tries. */
export type Sending = {
  /** The first one is 1. */
  attempt: number;
  /** When the call was announced, in milliseconds since 1970; undefined until then. */
  sentAt: Millis | undefined;
  /** The deploy or job before the one that the call begins; undefined for other calls. */
  newest: Newest | undefined;
};

/**
 * Decides what a failed call means. A deletion of an object that is gone is done, and so is a cancel that came too late. When
 * the answer was lost, the account is looked at before anything is sent again: for the object that a creation would have made,
 * by name and in the list, or for a newer deploy or job. All other writes set a value and may be sent again (`again`). Throws
 * the error when the step has failed.
 */
export async function settleFailure(
  memory: RunMemory,
  step: WriteStep,
  error: unknown,
  { attempt, sentAt, newest }: Sending,
): Promise<Performed | "again"> {
  if (error instanceof MadeEarlier) return finishFound(memory, step, error.found);
  if (!(error instanceof CallError)) throw error;
  const done = await settleAnswer(memory, step, error);
  if (done) return done;
  // If the call made an object, its value is lost: the next run deletes the object and makes another.
  if (step.verb === "create" && memory.reach.kind(step.address).shownOnce)
    throw adviseLost(memory, step, { error, sentAt });
  const isTaken = isRefusedAgain(memory.creations, step, { error, attempt });
  const advise = step.verb === "create" ? adviseTakenName : adviseNoExport;
  if (error.reached === "no" && !isTaken) throw advise(memory, step, error);
  if (await hasBegun(memory, step, sentAt)) return finishStep(memory, step, undefined);
  // A value that the API generates would be a different one if the call were sent again.
  if (await keepsWhatIsThere(memory, step)) return finishStep(memory, step, undefined);
  if (step.verb === "create") {
    const made = await lookForCreated(memory, step, isTaken ? undefined : sentAt);
    if (made) return finishFound(memory, step, made);
    refuseSecond(memory, step, { sentAt, isTaken });
  }
  if (await hasNewerBegun(memory, step, { newest, sentAt })) return finishStep(memory, step, undefined);
  if (step.verb === "job") throw uncertainJob(step);
  if (isTaken || attempt >= triesOf(memory, step, { error, attempt }) || memory.input.world.stop.aborted)
    throw error;
  return "again";
}

/** How often a call may be sent. Creations that meet faults of the API are counted, and told before they are sent again. */
function triesOf(
  { creations, input }: RunMemory,
  step: WriteStep,
  { error, attempt }: { readonly error: CallError; readonly attempt: number },
): number {
  const { status } = error;
  if (step.verb !== "create" || status === undefined || status < 500) return sendTries;
  const faults = creations.noteFault();
  if (faults > mostFaults) return 1;
  if (attempt < creationTries) input.tell?.(sentAgain(step, status));
  return creationTries;
}

function sentAgain({ id, address, write }: WriteStep, status: number): Problem {
  const message = `"${id}" was answered with ${status}, and nothing of it is there: it is sent again, at most ${creationTries} times in all.`;
  const remedy = `Each try takes a call of ${write.budgets.join(" and ")}. If it stays so, look at the status page of the API.`;
  return problem("warning", "sent-again", message, remedy, { address });
}

/** The end of a step whose failure is as good as success: the object is gone already, the deploy is over, or the step may fail. */
async function settleAnswer(
  memory: RunMemory,
  step: WriteStep,
  error: CallError,
): Promise<Performed | undefined> {
  const { status } = error;
  if (step.verb === "delete" && (status === 404 || status === 410)) {
    return finishStep(memory, step, undefined);
  }
  if (step.verb === "cancel" && status !== undefined && status < 500) {
    const warning = await warnOfLateCancel(memory, step);
    return { ...(await finishStep(memory, step, undefined)), ...(warning && { warning }) };
  }
  if (step.mayFail && status !== 401 && status !== 402)
    return { ...(await finishStep(memory, step, undefined)), warning: warnOfFailure(step, error) };
  return undefined;
}

function warnOfFailure({ id, address }: WriteStep, { problems: [failure] }: CallError): Problem {
  const message = `"${id}" was tried and did not work: ${failure?.message ?? ""}`;
  const remedy = "Nothing depends on it; do it in Render's dashboard once what it needs is there.";
  return problem("warning", "left-undone", message, remedy, { address });
}
