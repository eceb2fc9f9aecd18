import type { BudgetName } from "../../core/model/budget.ts";
import type { StepId, WriteStep } from "../../core/model/plan.ts";
import type { Writer } from "../../http/client.ts";
import type { RunMemory } from "../memory/run-memory.ts";

/**
 * Sends the calls of steps, for one run. What takes something away is sent only when there is room for the call that gives it
 * back as well (`together`); that room is kept until the other step sends its call, or comes to nothing.
 */
export class StepSender {
  readonly #memory: RunMemory;
  readonly #held = new Map<StepId, readonly BudgetName[]>();

  constructor(memory: RunMemory) {
    this.#memory = memory;
  }

  async send(step: WriteStep, call: Parameters<Writer["send"]>[0]): Promise<unknown> {
    const next = this.#memory.input.steps.get(step.together ?? "");
    const ahead = next?.step === "write" ? next.write.budgets : [];
    const isHeld = this.#held.delete(step.id);
    const answer = await this.#memory.writerOf(step.address).send({ ...call, ahead, isHeld });
    if (next && ahead.length > 0) this.#held.set(next.id, ahead);
    return answer;
  }

  /** Room that was kept for a step which sent nothing is everybody's again. */
  releaseUnused(step: WriteStep): void {
    const unused = this.#held.get(step.id);
    this.#held.delete(step.id);
    if (unused) this.#memory.writerOf(step.address).release(unused);
  }
}
