import { stepFailed } from "../memory/perform-input.ts";
import type { Address } from "../../core/base/address.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Deploy } from "../../core/kind/deploying.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { allPauses, pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import { uncertain } from "../../http/failure.ts";
import { lookAgain } from "../read/look-again.ts";
import type { Newest } from "../memory/begun.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/*
 * Deploys and one-off jobs have no name to look them up by: what is noted before one is asked for is the newest that was there.
 * When the answer is lost, a newer one is the one that was asked for, unless it was begun before that.
 */

type Looking = Pick<RunMemory, "input" | "reach" | "resources">;

/** A deploy that was asked for. `at` is when that was announced; undefined when it is not known. */
type Asked = Newest & { readonly at: Millis | undefined };

/** The newest deploy or job before this step's own, for the intent and for a later look. `undefined` for other steps. */
export async function findNewest(
  memory: Looking & Pick<RunMemory, "begun">,
  { verb, address }: WriteStep,
): Promise<Newest | undefined> {
  const { begun } = memory;
  if (verb === "deploy") return begun.noteBefore("deploy", address, await lookBefore(memory, address));
  if (verb !== "job") return undefined;
  const { reach, resources } = memory;
  const job = await jobOf(memory, address)?.newest(reach.readerOf(address), resources.idOf(address));
  return begun.noteBefore("job", address, job);
}

/**
 * Id of the newest deploy there is. Whatever is made is deployed at once (recorded), so a list without a deploy is one that
 * lags: taken for "none", the first deploy, which was cancelled, would later pass for the one that is asked for now.
 */
async function lookBefore(
  memory: Looking & Pick<RunMemory, "begun">,
  address: Address,
): Promise<string | undefined> {
  const look = async (): Promise<string | undefined> => (await newestDeploy(memory, address))?.id;
  const first = memory.begun.firstDeploy(address);
  if (first !== undefined) return (await look()) ?? first;
  return lookAgain(memory.input.world, [0, ...allPauses], look);
}

function newestDeploy({ reach, resources }: Looking, address: Address) {
  return reach.kind(address).deploys?.newest(reach.readerOf(address), resources.idOf(address));
}

/** How far the clocks of this machine and of the API may differ when both are set by the network. */
const clocksDiffer: Millis = 5_000;

/**
 * Whether the deploy that was asked for has begun, or one after it, whoever asked for that. Not the one that was the newest
 * before, nor one that a list only shows late: it was begun before the call was announced, and so lacks what was written
 * since. One that was cancelled brings out nothing.
 *
 *   announced 09:00:10 after dep-1    dep-2 of 09:00:11    begun
 *                                     dep-2 of 08:59:30    somebody's, and shown late
 *
 * A clock that is ahead makes that one deploy too many, and never one too few.
 */
export function isBegun(newest: Deploy | undefined, { after, at }: Asked): boolean {
  if (newest === undefined || newest.id === after || newest.isCancelled) return false;
  return at === undefined || newest.begunAt === undefined || newest.begunAt >= at - clocksDiffer;
}

function jobOf({ input, reach }: Looking, address: Address) {
  const desired = input.desired.get(address);
  return desired && reach.kind(address).deploys?.before(desired);
}

/** Whether a deploy or a job whose answer was lost has begun: a newer one shows, at once or as late as lists may be. */
export async function hasNewerBegun(
  memory: Looking,
  step: WriteStep,
  { newest, sentAt }: { readonly newest: Newest | undefined; readonly sentAt: Millis | undefined },
): Promise<boolean> {
  if (!newest || sentAt === undefined) return false;
  const { world } = memory.input;
  const look = async (): Promise<true | undefined> =>
    (step.verb === "job"
      ? await isJobThere(memory, step.address, newest.after)
      : isBegun(await newestDeploy(memory, step.address), { ...newest, at: sentAt })) || undefined;
  return (await lookAgain(world, pausesBetweenLooks(sentAt, world.now()), look)) ?? false;
}

/** Whether a list shows a job after the given one. A list that lags still shows the one before, which is not what is waited for. */
export async function isJobThere(memory: Looking, address: Address, after: string | null): Promise<boolean> {
  const { reach, resources } = memory;
  const job = jobOf(memory, address);
  return job !== undefined && (await job.hasBegun(reach.readerOf(address), resources.idOf(address), after));
}

/** The error for a job whose start was not answered. This run starts no second one, since a job (a migration) may not be done twice. */
export function uncertainJob({ address }: WriteStep): unknown {
  const message = `The answer to starting the job before the deploy of ${address} was lost, and no list shows it.`;
  const remedy = "Run again: if it shows by then, it is waited for; if not, it is started.";
  return uncertain(stepFailed(address, "uncertain-job", message, remedy));
}
