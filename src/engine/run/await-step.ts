import type { Outcome } from "../../core/run/journal.ts";
import type { Readiness } from "../../core/kind/readiness.ts";
import type { ExportWait, ReadyWait, WaitStep } from "../../core/model/plan.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { interrupted, type Content } from "../../http/client.ts";
import type { Announce } from "../memory/perform-input.ts";
import { readFailureLog } from "../settle/failure-log.ts";
import { exportReadiness, keepExport } from "../settle/keep-export.ts";
import { confirmDelivery } from "../rotation/deliver-value.ts";
import type { RunMemory } from "../memory/run-memory.ts";
import { isJobThere } from "../settle/settle-begun.ts";

/** What waiting for an object needs. */
type Waiting = Pick<
  RunMemory,
  "input" | "reach" | "resources" | "replacements" | "begun" | "sent" | "shownOnce"
>;

const firstPoll = 3_000;
const longestPoll = 15_000;

/**
 * Does a wait step: returns when the object is as the step asks. Throws `not-ready` when it has failed or the step's time is over,
 * and the problem then has the last lines of its log.
 */
export async function awaitStep(memory: Waiting, step: WaitStep, announce: Announce): Promise<Outcome> {
  switch (step.for) {
    case "delivered":
    case "proven":
      return confirmDelivery(memory, step, announce);
    case "exported":
      await awaitReadiness(memory, step, { readiness: exportReadiness(memory, step), announce });
      return keepExport(memory, step);
    case "ready":
    case "live":
    case "job": {
      const readiness = readinessOf(memory, step);
      if (readiness) await awaitReadiness(memory, step, { readiness, announce });
      return { status: "done", owned: memory.resources.owned(step.address) ?? null };
    }
    default:
      return step satisfies never;
  }
}

async function awaitReadiness(
  memory: Waiting,
  step: ReadyWait | ExportWait,
  { readiness, announce }: { readonly readiness: Readiness; readonly announce: Announce },
): Promise<void> {
  const { world } = memory.input;
  const reader = memory.reach.readerOf(step.address);
  const id = step.for === "exported" ? "" : memory.resources.idOf(step.address);
  const until = world.now() + step.timeout;
  for (let pause = firstPoll; ; pause = Math.min(longestPoll, pause * 1.2)) {
    const state = (await isOlder(memory, step)) ? "waiting" : await readiness.check(reader, id);
    if (state === "ready") return;
    if (state !== "waiting") {
      // The log is read before the rollback, which writes lines of its own.
      const log = await readFailureLog(memory, readiness, step.address);
      const back = await rollBack(memory, step, announce);
      throw notReady(step, `${step.address} is not ${step.until}: ${state.failed}${back}.`, log);
    }
    if (world.stop.aborted) throw interrupted();
    if (world.now() >= until) {
      const minutes = Math.round(step.timeout / 60_000);
      const log = await readFailureLog(memory, readiness, step.address);
      throw notReady(step, `${step.address} was not ${step.until} within ${minutes} minutes.`, log);
    }
    await world.sleep(pause);
  }
}

/** Whether the list still shows the deploy (or job) before the one that this run asked for: it may be live, but is not the one to wait for. */
async function isOlder(memory: Waiting, step: ReadyWait | ExportWait): Promise<boolean> {
  const { address } = step;
  const { reach, resources, begun } = memory;
  const { deploys } = reach.kind(address);
  const job = begun.before("job", address);
  if (job !== undefined && step.for === "job") {
    if (!(await isJobThere(memory, address, job))) return true;
    begun.noteShown("job", address);
  }
  const before = begun.before("deploy", address);
  if (before === undefined || step.for !== "live" || !deploys) return false;
  const newest = await deploys.newest(reach.readerOf(address), resources.idOf(address));
  if (newest === undefined || newest.id === before) return true;
  begun.noteShown("deploy", address);
  return false;
}

function readinessOf({ input, reach }: Waiting, step: ReadyWait): Readiness | undefined {
  const { readiness, deploys } = reach.kind(step.address);
  const desired = input.desired.get(step.address);
  switch (step.for) {
    case "ready":
      return readiness;
    case "live":
      return deploys?.live;
    case "job":
      return desired && deploys?.before(desired)?.done;
    default:
      return step.for satisfies never;
  }
}

/** Rolls a failed deploy back to the one before, where `lifecycle.rollback` asks for it. Answers with words for the message, empty without a rollback. */
async function rollBack(
  { input, reach, resources }: Waiting,
  step: ReadyWait | ExportWait,
  announce: Announce,
): Promise<string> {
  const { address } = step;
  const { deploys } = reach.kind(address);
  const id = resources.idOf(address);
  const isAsked = input.desired.get(address)?.lifecycle.rollback === true && step.for === "live";
  const back = isAsked && deploys ? await deploys.rollback(reach.readerOf(address), address, id) : undefined;
  if (!back) return "";
  const { method, budgets, body } = back.write;
  const path = back.write.path.replace(`{${address}}`, encodeURIComponent(id));
  const content = async (): Promise<Content> => {
    await announce({ method, path, name: resources.nameOf(address) });
    return { text: JSON.stringify(body), secrets: [] };
  };
  await reach.writerOf(address).send({ method, path, budgets, content });
  return `; it was rolled back to ${back.deployId}`;
}

function notReady({ address }: WaitStep, message: string, log: readonly string[]): ProblemError {
  const remedy = "Look at it in Render's dashboard, then run again.";
  return new ProblemError([problem("error", "not-ready", message, remedy, { address, log })]);
}
