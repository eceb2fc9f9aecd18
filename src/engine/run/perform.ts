import type { Outcome, Performed } from "../../core/run/journal.ts";
import type { RecordStep, Step } from "../../core/model/plan.ts";
import type { PerformInput, Announce } from "../memory/perform-input.ts";
import { makeRunMemory, type RunMemory } from "../memory/run-memory.ts";
import { makeEntry, declaredKeys } from "../values/make-entry.ts";
import { awaitStep } from "./await-step.ts";
import { finishWith } from "./finish-step.ts";
import { StepSender } from "./send-step.ts";
import { writeStep } from "./write-step.ts";

/**
 * Does one step at a time: sends its call, finds out by a look at the account whether a call without an answer was done, and
 * answers with what the state owns afterwards.
 */
export class Performer {
  readonly #memory: RunMemory;
  readonly #sender: StepSender;

  constructor(input: PerformInput) {
    this.#memory = makeRunMemory(input);
    this.#sender = new StepSender({ input, writerOf: this.#memory.reach.writerOf });
  }

  /** `announce` is called right before a call goes out. Throws a `ProblemError` when the step could not be done. */
  async perform(step: Step, announce: Announce): Promise<Performed> {
    switch (step.step) {
      case "wait":
        return awaitStep(this.#memory, step, announce);
      case "record":
        return record(this.#memory, step);
      case "write":
        try {
          return await writeStep(this.#memory, step, { sender: this.#sender, announce });
        } finally {
          this.#sender.releaseUnused(step);
        }
      default:
        return step satisfies never;
    }
  }
}

/** Notes in the inventory what is so already: no call is sent. */
async function record(
  memory: RunMemory,
  { address, verb, fields: keys, sources, deployed, settled }: RecordStep,
): Promise<Outcome> {
  if (verb === "forget") return finishWith(memory.resources, address, null);
  const declared = declaredKeys(memory.input, address);
  const removed = keys.filter((key) => !declared.includes(key));
  const entry = await makeEntry(memory, address, { keys, removed, sourced: sources });
  const owned = { ...entry, ...(settled && { settled: { ...entry.settled, ...settled } }) };
  return { ...finishWith(memory.resources, address, owned), ...(deployed && { deployed }) };
}
