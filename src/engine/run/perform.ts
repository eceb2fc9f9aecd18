import type { Address } from "../../core/base/address.ts";
import { holesOf } from "../../core/model/body.ts";
import type { Owned } from "../../core/model/inventory.ts";
import type { Outcome, Performed } from "../../core/run/journal.ts";
import type { Millis } from "../../core/model/budget.ts";
import type { Created } from "../../core/kind/scope.ts";
import type { Found } from "../../core/model/live.ts";
import type { RecordStep, Step, WriteStep } from "../../core/model/plan.ts";
import type { Content } from "../../http/client.ts";
import { CallError, uncertain } from "../../http/failure.ts";
import { problem, type Problem } from "../../core/base/problem.ts";
import { announceAside, finishFormer, newObjectName } from "../memory/aside.ts";
import { awaitStep } from "./await-step.ts";
import type { Announce } from "../memory/announce.ts";
import { adviseNoExport, hasBegun, noteExports } from "../settle/keep-export.ts";
import { lookForCreated, lookUpCarried, declarationOf } from "../settle/look-up.ts";
import {
  findLookalikes,
  isRefusedAgain,
  MadeEarlier,
  madeEarlier,
  refuseSecond,
  refuseTooEarly,
} from "../settle/lost-creation.ts";
import { fillPath, makeContent } from "../values/make-content.ts";
import { refuseStale } from "./refuse-stale.ts";
import { confirmGone } from "../settle/settle-delete.ts";
import { findNewest, hasNewerBegun, uncertainJob, type Newest } from "../settle/settle-begun.ts";
import { findFirstDeploy, warnOfLateCancel } from "../settle/settle-cancel.ts";
import {
  adviseLost,
  finishNewObject,
  finishShownOnce,
  refuseWithoutDestinations,
  settleRemoval,
} from "../rotation/deliver-value.ts";
import { keepsWhatIsThere } from "../values/keep-entry.ts";
import type { PerformInput } from "../memory/perform-input.ts";
import { RunMemory } from "../memory/run-memory.ts";
import { StepSender } from "./send-step.ts";

const sendTries = 4;

/** The call of a step and its tries. `sentAt` is when it was announced, in milliseconds since 1970; undefined until then. */
type Sending = { attempt: number; sentAt: Millis | undefined; newest: Newest | undefined };

type Done = Extract<Outcome, { status: "done" }>;

/**
 * Does one step at a time: sends its call, finds out by a look at the account whether a call without an answer was done, and
 * answers with what the state owns afterwards.
 */
export class Performer {
  readonly #memory: RunMemory;
  readonly #sender: StepSender;

  constructor(input: PerformInput) {
    this.#memory = new RunMemory(input);
    this.#sender = new StepSender(this.#memory);
  }

  async perform(step: Step, announce: Announce): Promise<Performed> {
    switch (step.step) {
      case "wait":
        return awaitStep(this.#memory, step, announce);
      case "record":
        return this.#record(step);
      case "write":
        return this.#write(step, announce);
      default:
        return step satisfies never;
    }
  }

  async #record({ address, verb, fields: keys, sources, deployed, settled }: RecordStep): Promise<Outcome> {
    if (verb === "forget") return this.#done(address, null);
    const fields = await this.#memory.digests(address, keys);
    const declared = this.#memory.keysOf(address);
    const gone = keys.filter((key) => !declared.includes(key));
    const before = this.#memory.ownedAfter(address, fields, gone, sources);
    const owned = { ...before, ...(settled && { settled: { ...before.settled, ...settled } }) };
    const done = this.#done(address, owned);
    return deployed ? { ...done, deployed } : done;
  }

  /** Whether a step has nothing to do: no value was given for the only entry that it would write, or a deploy would bring out nothing new. */
  async #isNeedless(step: WriteStep): Promise<boolean> {
    if (step.verb === "deploy") return this.#memory.effects.isNeedlessDeploy(step);
    const holes = step.verb === "update" ? holesOf(step.write.body) : [];
    if (holes.length === 0) return false;
    await this.#memory.refreshTargets(step);
    for (const hole of holes) {
      if (
        hole.hole !== "value" ||
        (await this.#memory.resolveHole(step, hole.place, hole.value)).state !== "untouched"
      )
        return false;
    }
    return true;
  }

  async #write(step: WriteStep, announce: Announce): Promise<Performed> {
    try {
      return await this.#sendStep(step, announce);
    } finally {
      this.#sender.releaseUnused(step);
    }
  }

  async #sendStep(step: WriteStep, announce: Announce): Promise<Performed> {
    const isNeedless = await this.#isNeedless(step);
    const kept = isNeedless ? undefined : await keepsWhatIsThere(this.#memory, step);
    if (isNeedless || kept) {
      this.#memory.effects.noteSkipped(step);
      return { status: "skipped", ...(kept && { warning: kept }) };
    }
    if (!(await findFirstDeploy(this.#memory, step))) {
      // There is no first deploy to cancel, and no later run has to look for it either.
      const outcome: Done = { status: "done", owned: this.#memory.owned.get(step.address) ?? null };
      return { status: "skipped", outcome };
    }
    refuseTooEarly(this.#memory, step);
    const { method, budgets } = step.write;
    const path = fillPath(this.#memory, step);
    const name = this.#memory.nameOf(step.address);
    const sending: Sending = { attempt: 1, sentAt: undefined, newest: undefined };
    // Once a call may have been done, an error of a later try must not say that the step was certainly not done.
    let isUncertain = false;
    // An announcement takes seconds when the state is a branch, so what must be fresh is read after it.
    const content = async (): Promise<Content> => {
      if (sending.sentAt === undefined) {
        sending.newest = await findNewest(this.#memory, step);
        await noteExports(this.#memory, step);
        await refuseWithoutDestinations(this.#memory, step);
        const facts = await this.#factsBefore(step);
        const at = this.#memory.input.world.now();
        const declaration = { ...declarationOf(this.#memory, step), ...announceAside(this.#memory, step) };
        await announce({ method, path, name, ...declaration, ...sending.newest, ...facts });
        sending.sentAt = at;
        this.#memory.effects.noteSent(step);
      }
      await this.#refuseStale(step);
      return makeContent(this.#memory, step, isUncertain);
    };
    const rank = this.#memory.input.ranks.get(step.id) ?? Infinity;
    for (; ; sending.attempt += 1) {
      try {
        const answer = await this.#sender.send(step, { method, path, budgets, rank, content });
        isUncertain = true;
        return await this.#finish(step, answer);
      } catch (error) {
        isUncertain ||= error instanceof CallError && error.reached === "maybe";
        const settled = await this.#settle(step, error, sending).catch((failure: unknown) => {
          throw isUncertain ? uncertain(failure) : failure;
        });
        if (settled !== "again") return settled;
        await this.#memory.input.world.sleep(1_000 * 2 ** sending.attempt);
      }
    }
  }

  async #factsBefore(step: WriteStep): Promise<{ successor?: string; besides?: readonly string[] }> {
    if (step.verb !== "create") return {};
    const lookalikes = await findLookalikes(this.#memory, step);
    this.#memory.creations.noteLookalikes(step.address, lookalikes);
    const name = step.half === "successor" ? newObjectName(this.#memory, step.address) : undefined;
    return {
      ...(lookalikes.length > 0 && { besides: lookalikes }),
      ...(name !== undefined && { successor: name }),
    };
  }

  /**
   * Decides what a failed call means. A deletion of an object that is gone is done, and so is a cancel that came too late. When
   * the answer was lost, the account is looked at before anything is sent again: for the object that a creation would have made,
   * by name and in the list, or for a newer deploy or job. All other writes set a value and may be sent again (`again`).
   */
  async #settle(
    step: WriteStep,
    error: unknown,
    { attempt, sentAt, newest }: Sending,
  ): Promise<Performed | "again"> {
    if (error instanceof MadeEarlier) return this.#finishFound(step, error.found);
    if (!(error instanceof CallError)) throw error;
    if (step.verb === "delete" && (error.status === 404 || error.status === 410)) {
      return this.#finish(step, undefined);
    }
    if (step.verb === "cancel" && error.status !== undefined && error.status < 500) {
      const warning = await warnOfLateCancel(this.#memory, step);
      return { ...(await this.#finish(step, undefined)), ...(warning && { warning }) };
    }
    if (step.mayFail && error.status !== 401 && error.status !== 402)
      return { ...(await this.#finish(step, undefined)), warning: warnOfFailure(step, error) };
    // If the call made an object, its value is lost: the next run deletes the object and makes another.
    if (step.verb === "create" && this.#memory.kind(step.address).shownOnce)
      throw adviseLost(this.#memory, step, { error, sentAt });
    const isTaken = isRefusedAgain(this.#memory, step, { error, attempt });
    if (error.reached === "no" && !isTaken) throw adviseNoExport(this.#memory, step, error);
    if (await hasBegun(this.#memory, step, sentAt)) return this.#finish(step, undefined);
    // A value that the API generates would be a different one if the call were sent again.
    if (await keepsWhatIsThere(this.#memory, step)) return this.#finish(step, undefined);
    if (step.verb === "create") {
      const made = await lookForCreated(this.#memory, step, isTaken ? undefined : sentAt);
      if (made) return this.#finishFound(step, made);
      refuseSecond(this.#memory, step, { sentAt, isTaken });
    }
    if (await hasNewerBegun(this.#memory, step, { newest, sentAt })) return this.#finish(step, undefined);
    if (step.verb === "job") throw uncertainJob(step);
    if (isTaken || attempt >= sendTries || this.#memory.input.world.stop.aborted) throw error;
    return "again";
  }

  async #finish(step: WriteStep, answer: unknown): Promise<Done> {
    await confirmGone(this.#memory, step);
    if (step.verb === "create") {
      const carried = (step.carries ?? []).flatMap(
        (address) => this.#memory.input.desired.get(address) ?? [],
      );
      return this.#finishCreate(
        step,
        this.#memory.kind(step.address).created(answer, carried, fillPath(this.#memory, step)),
      );
    }
    if (step.verb === "delete" && step.former !== undefined)
      return finishFormer(this.#memory, step.address, step.former);
    if (step.verb === "delete") {
      const deleted = this.#memory.idOf(step.address, step.half === "successor" ? step.half : undefined);
      if (step.half) return { ...(await settleRemoval(this.#memory, step)), deleted };
      this.#memory.found.delete(step.address);
      return { ...this.#done(step.address, null), deleted };
    }
    if (step.verb === "export")
      return { status: "done", owned: this.#memory.owned.get(step.address) ?? null };
    this.#memory.noteWritten(step);
    return this.#done(
      step.address,
      this.#memory.ownedAfter(
        step.address,
        await this.#memory.digests(step.address, step.fields),
        step.removed,
      ),
    );
  }

  async #finishFound(step: WriteStep, { id }: Found): Promise<Performed> {
    const created = { id, carried: await lookUpCarried(this.#memory, step) };
    if (!this.#memory.creations.unseen.has(step.address)) return this.#finishCreate(step, created);
    const outcome = await this.#finishCreate(step, created, false);
    return { status: "found", outcome, problem: madeEarlier(this.#memory, step) };
  }

  /** `isOurs`: this run made the object, so it knows each value that was sent. */
  async #finishCreate(step: WriteStep, created: Created, isOurs = true): Promise<Done> {
    if (step.half === "successor") return finishNewObject(this.#memory, step, created);
    if (created.deployId !== undefined) this.#memory.deploys.set(step.address, created.deployId);
    const owned = await this.#ownNew(step.address, created.id, isOurs ? step.fields : []);
    const carried: { [address: Address]: Owned } = {};
    for (const [address, id] of Object.entries(created.carried ?? {}) as [Address, string][])
      carried[address] = await this.#ownNew(address, id, isOurs ? this.#memory.keysOf(address) : []);
    if (this.#memory.kind(step.address).shownOnce) return finishShownOnce(this.#memory, owned, step, created);
    return { status: "done", owned, ...(step.carries && { carried }) };
  }

  async #ownNew(address: Address, id: string, keys: readonly string[]): Promise<Owned> {
    this.#memory.noteCreated(address, id);
    const owned = this.#memory.ownedAfter(address, await this.#memory.digests(address, keys), []);
    this.#memory.owned.set(address, owned);
    return owned;
  }

  #done(address: Address, owned: Owned | null): Done {
    if (owned) this.#memory.owned.set(address, owned);
    else this.#memory.owned.delete(address);
    return { status: "done", owned };
  }

  async #refuseStale(step: WriteStep): Promise<void> {
    const found = this.#memory.found.get(step.address);
    const { scope, key, world, readAt } = this.#memory.input;
    const age = world.now() - readAt;
    if (found)
      await refuseStale({
        step,
        kind: this.#memory.kind(step.address),
        found,
        reader: this.#memory.readerOf(step.address),
        scope,
        key,
        age,
        live: this.#memory.found,
      });
  }
}

function warnOfFailure({ id, address }: WriteStep, { problems: [failure] }: CallError): Problem {
  const message = `"${id}" was tried and did not work: ${failure?.message ?? ""}`;
  const remedy = "Nothing depends on it; do it in Render's dashboard once what it needs is there.";
  return problem("warning", "left-undone", message, remedy, { address });
}
