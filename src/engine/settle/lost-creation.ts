import type { Millis } from "../../core/model/budget.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Kind } from "../../core/kind/kind.ts";
import type { Found } from "../../core/model/live.ts";
import type { WriteStep } from "../../core/model/plan.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { stepFailed } from "../memory/perform-input.ts";
import { describeTime, sentAgainFrom } from "../../core/diff/uncertain.ts";
import { uncertain, type CallError } from "../../http/failure.ts";
import { isSame } from "./look-up.ts";
import type { RunMemory } from "../memory/run-memory.ts";

type Creating = Pick<RunMemory, "input" | "reach" | "resources" | "creations">;

/*
 * Before a creation is sent: whether an earlier one of it, whose answer was lost, may still show, and what stands there of
 * its natural key. What stood there before is never taken for what the creation made. `core/diff/uncertain.ts` says how long.
 */

/** Throws `uncertain-create` for a creation that an earlier run sent, that no list has shown since, and that may not be sent again yet. */
export function refuseTooEarly(memory: Creating, step: WriteStep): void {
  const sentAt = memory.creations.unseen.get(step.address);
  if (step.verb !== "create" || sentAt === undefined) return;
  const from = sentAgainFrom(memory.reach.kind(step.address), { address: step.address, at: sentAt });
  if (from !== undefined && memory.input.world.now() < from) throw uncertainCreation(memory, step, sentAt);
}

/**
 * Throws `uncertain-create` for a creation whose answer was lost and that no list shows, when it must not be sent again now: the
 * API would make a second object, or it says that there is one already (`isTaken`) and only a later look can tell which.
 */
export function refuseSecond(
  memory: Pick<RunMemory, "input" | "reach" | "resources">,
  step: WriteStep,
  { sentAt, isTaken }: { readonly sentAt: Millis | undefined; readonly isTaken: boolean },
): void {
  if (sentAt === undefined) return;
  const from = sentAgainFrom(memory.reach.kind(step.address), { address: step.address, at: sentAt });
  if (isTaken || from !== undefined) throw uncertainCreation(memory, step, sentAt);
}

/**
 * What an API answers to a creation that it was sent before, by this run or by an earlier one: that there is one. Which
 * status and which words it has for that is not documented everywhere, so any refusal of the content may mean it.
 */
export function isRefusedAgain(
  creations: RunMemory["creations"],
  { verb, address }: WriteStep,
  { error, attempt }: { readonly error: CallError; readonly attempt: number },
): boolean {
  const { status = 0 } = error;
  const isSecond = attempt > 1 || creations.unseen.has(address);
  return verb === "create" && isSecond && status >= 400 && status < 500 && ![401, 402, 429].includes(status);
}

/** Thrown instead of sending a creation: the object that an earlier run made without an answer shows now. */
export class MadeEarlier extends Error {
  readonly found: Found;

  constructor(found: Found) {
    super(`made by an earlier run: ${found.id}`);
    this.found = found;
  }
}

/**
 * The problem for such an object. It was made with the values that the file had then, so none of the present values counts as
 * written, and no step that needs it goes on before a new plan has compared it with the file.
 */
export function madeEarlier(
  { reach, resources }: Pick<RunMemory, "reach" | "resources">,
  { address }: WriteStep,
): Problem {
  const { noun } = reach.kind(address);
  const message = `An earlier run made ${noun} ${resources.nameOf(address)} without hearing the answer, and it shows only now: ${address} is ours, and was not compared with the file yet.`;
  const remedy = "Run again: the next plan writes what differs from the file, if anything does.";
  return problem("error", "made-earlier", message, remedy, { address });
}

/** The error for a creation that may have been done: it says from when on a later run may send it again. */
export function uncertainCreation(
  { input, reach, resources }: Pick<RunMemory, "input" | "reach" | "resources">,
  { address }: Pick<WriteStep, "address">,
  sentAt: Millis,
): unknown {
  const kind = reach.kind(address);
  const now = input.world.now();
  const from = sentAgainFrom(kind, { address, at: sentAt });
  const lost = `The answer to creating ${address} was lost at ${describeTime(sentAt, now)}`;
  const message = kind.shownOnce
    ? `${lost}, and with it the value that only that answer shows.`
    : `${lost}, and no list shows it. ${kind.noun} ${resources.nameOf(address)} may still appear.`;
  const when =
    from === undefined ? "" : ` From ${describeTime(from, now)} on it is sent again if it is not there.`;
  const remedy = kind.shownOnce
    ? `Run again: one that shows is removed and made anew.${when} Until then nothing is made twice.`
    : `Run again: one that shows is ours.${when} Look into the dashboard to know sooner, then: trueup state forget ${address}`;
  return uncertain(stepFailed(address, "uncertain-create", message, remedy));
}

/**
 * Looks right before a creation is announced, because the plan may be hours old. What has its natural key and was made since
 * the plan is somebody's work, so nothing is made beside it; if an earlier creation of ours was lost, it is that one.
 * Answers with the ids of what the plan knew, and of what a list shows that is gone: none of it is what this creation makes.
 */
export async function findLookalikes(
  { input, reach, resources, creations }: Creating,
  step: WriteStep,
): Promise<readonly string[]> {
  const kind = reach.kind(step.address);
  const desired = input.desired.get(step.address);
  // What stands in another object is made in that one or not at all; what is always there is not made.
  if (step.verb !== "create" || !desired || kind.partOf || kind.permanent) return [];
  const reader = reach.readerOf(step.address);
  const named = await kind.findByName(reader, input.scope, [desired.name], resources.wanted());
  const own = resources.owned(step.address)?.id;
  const same = named.filter((found) => isSame(resources, kind, desired, found));
  if (step.half === "successor") return same.map(({ id }) => id);
  const fresh: Found[] = [];
  for (const found of same) {
    if (creations.isKnown(kind.name, found.id) || found.id === own) continue;
    if (await kind.findById(reader, found.id)) fresh.push(found);
  }
  const [first] = fresh;
  const isOurs = fresh.length === 1 && creations.unseen.has(step.address) && !kind.shownOnce;
  if (first && isOurs) throw new MadeEarlier(first);
  if (first) throw madeMeanwhile(kind, desired, fresh);
  return same.map(({ id }) => id);
}

function madeMeanwhile(kind: Kind, { address, name }: Desired, found: readonly Found[]) {
  return stepFailed(
    address,
    "stale",
    `Somebody made ${kind.noun} ${name} after the plan was made: ${found.map(({ id }) => id).join(", ")}.`,
    "Plan again; nothing was made.",
  );
}
