import type { Millis } from "../../core/model/budget.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { pausesBetweenLooks } from "../../core/diff/uncertain.ts";
import { uncertain } from "../../http/failure.ts";
import { stepFailed } from "../memory/step-failed.ts";
import { lookAgain } from "../read/look-again.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * Deploys and one-off jobs have no name to look them up by: what is noted before one is asked for is the newest that was there.
 * When the answer is lost, a newer one is the one that was asked for.
 */
export type Newest = { readonly after: string | null };

/** What has to be noted before a deploy or a job is asked for. */
export async function findNewest(memory: RunMemory, step: WriteStep): Promise<Newest | undefined> {
  const { verb, address } = step;
  if (verb !== "deploy" && verb !== "job") return undefined;
  const newest = await lookForNewest(memory, step);
  if (newest) (verb === "job" ? memory.jobsBefore : memory.deploysBefore).set(address, newest.after);
  return newest;
}

async function lookForNewest(memory: RunMemory, { verb, address }: WriteStep): Promise<Newest | undefined> {
  const { deploys } = memory.kind(address);
  const [reader, id] = [memory.readerOf(address), memory.idOf(address)];
  if (verb === "job") return { after: (await jobOf(memory, address)?.newest(reader, id)) ?? null };
  return deploys && { after: (await deploys.newest(reader, id))?.id ?? null };
}

function jobOf(memory: RunMemory, address: WriteStep["address"]) {
  const desired = memory.input.desired.get(address);
  return desired && memory.kind(address).deploys?.before(desired);
}

/** Whether a deploy or a job whose answer was lost has begun: a newer one shows, at once or as late as lists may be. */
export async function hasNewerBegun(
  memory: RunMemory,
  step: WriteStep,
  { newest, sentAt }: { readonly newest: Newest | undefined; readonly sentAt: Millis | undefined },
): Promise<boolean> {
  if (!newest || sentAt === undefined) return false;
  const { world } = memory.input;
  const look = async (): Promise<true | undefined> =>
    (step.verb === "job"
      ? await isJobThere(memory, step.address, newest.after)
      : (await lookForNewest(memory, step))?.after !== newest.after) || undefined;
  return (await lookAgain(world, pausesBetweenLooks(sentAt, world.now()), look)) ?? false;
}

/** A list that lags shows the job before the one that this run started, and that one is not what is waited for. */
export async function isJobThere(
  memory: RunMemory,
  address: WriteStep["address"],
  after: string | null,
): Promise<boolean> {
  const job = jobOf(memory, address);
  return job !== undefined && (await job.hasBegun(memory.readerOf(address), memory.idOf(address), after));
}

/** A job may do what must not be done twice, so no second one is started by the run that lost the first. */
export function uncertainJob({ address }: WriteStep): unknown {
  const message = `The answer to starting the job before the deploy of ${address} was lost, and no list shows it.`;
  const remedy = "Run again: if it shows by then, it is waited for; if not, it is started.";
  return uncertain(stepFailed(address, "uncertain-job", message, remedy));
}
