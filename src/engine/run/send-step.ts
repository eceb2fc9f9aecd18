import type { BudgetName } from "../../core/model/budget.ts";
import type { StepId, WriteStep } from "../../core/model/plan.ts";
import type { Writer } from "../../http/client.ts";
import type { PerformInput } from "../memory/perform-input.ts";
import type { Reach } from "../memory/reach.ts";

/** What a sender is given: the steps of the plan, and the writer of each address. */
export type Sending = Pick<Reach, "writerOf"> & { readonly input: Pick<PerformInput, "steps"> };

/**
 * Sends the calls of the steps of one run. A call that takes something away is sent only when the limits have room for the call
 * that gives it back too (`together`): a domain that moves is not left deleted for an hour. The room stays reserved until the
 * other step sends its call or turns out to have nothing to send.
 */
export class StepSender {
  readonly #given: Sending;
  readonly #held = new Map<StepId, readonly BudgetName[]>();

  constructor(given: Sending) {
    this.#given = given;
  }

  /** Sends one call when the limits let it go, and answers with the body. Throws a `CallError`. */
  async send(step: WriteStep, call: Parameters<Writer["send"]>[0]): Promise<unknown> {
    const next = this.#given.input.steps.get(step.together ?? "");
    const ahead = next?.step === "write" ? next.write.budgets : [];
    const isHeld = this.#held.delete(step.id);
    const answer = await this.#given.writerOf(step.address).send({ ...call, ahead, isHeld });
    if (next && ahead.length > 0) this.#held.set(next.id, ahead);
    return answer;
  }

  /** Gives back the room that was reserved for a step which has sent nothing. */
  releaseUnused(step: WriteStep): void {
    const unused = this.#held.get(step.id);
    this.#held.delete(step.id);
    if (unused) this.#given.writerOf(step.address).release(unused);
  }
}
