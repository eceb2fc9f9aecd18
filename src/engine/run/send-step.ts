import type { BudgetName } from "../../core/model/budget.ts";
import type { StepId, WriteStep } from "../../core/model/plan.ts";
import type { Writer } from "../../http/client.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * Sends the calls of the steps of one run. A call that takes something away is sent only when the limits have room for the call
 * that gives it back too (`together`): a domain that moves is not left deleted for an hour. The room stays reserved until the
 * other step sends its call or turns out to have nothing to send.
 */
export class StepSender {
  readonly #memory: RunMemory;
  readonly #held = new Map<StepId, readonly BudgetName[]>();

  constructor(memory: RunMemory) {
    this.#memory = memory;
  }

  /** Sends one call when the limits let it go, and answers with the body. Throws a `CallError`. */
  async send(step: WriteStep, call: Parameters<Writer["send"]>[0]): Promise<unknown> {
    const next = this.#memory.input.steps.get(step.together ?? "");
    const ahead = next?.step === "write" ? next.write.budgets : [];
    const isHeld = this.#held.delete(step.id);
    const answer = await this.#memory.writerOf(step.address).send({ ...call, ahead, isHeld });
    if (next && ahead.length > 0) this.#held.set(next.id, ahead);
    return answer;
  }

  /** Gives back the room that was reserved for a step which has sent nothing. */
  releaseUnused(step: WriteStep): void {
    const unused = this.#held.get(step.id);
    this.#held.delete(step.id);
    if (unused) this.#memory.writerOf(step.address).release(unused);
  }
}
