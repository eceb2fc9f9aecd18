import type { Millis } from "../../core/model/budget.ts";
import { foldEntry, type JournalEntry, type Outcome, type Performed } from "../../core/run/journal.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import type { Plan, Step, StepId } from "../../core/model/plan.ts";
import { ProblemError, type Problem } from "../../core/base/problem.ts";
import type { RunEvent, RunVerdict, StepResult } from "../../core/run/report.ts";
import { CallError } from "../../http/failure.ts";
import { isUnwritten, unwritten } from "../../core/guards/unwritten.ts";
import { ReadyQueue } from "./ready-queue.ts";
import type { World } from "../../world/world.ts";
import type { Announce } from "../memory/perform-input.ts";

/** What a walk through a plan needs. */
export type ExecuteInput = {
  readonly run: string;
  readonly plan: Plan;
  /** When several steps are ready at one moment, the one with the smallest rank begins first. */
  readonly ranks: ReadonlyMap<StepId, number>;
  readonly inventory: Inventory;
  readonly world: World;
  /** Is told what happens, as it happens. */
  readonly events: (event: RunEvent) => void;
  /** Adds an entry to the journal; an intent is durable when it resolves. */
  readonly append: (entry: JournalEntry) => Promise<void>;
  /** Does the work of one step; throws a `ProblemError` when it could not be done. */
  readonly perform: (step: Step, announce: Announce) => Promise<Performed>;
};

type Finished = Extract<RunVerdict, "done" | "failed" | "stopped" | "interrupted">;
/** What a run has done: the inventory after it, a result for each step, and the problems of failed steps. */
export type Executed = {
  readonly inventory: Inventory;
  readonly results: readonly StepResult[];
  readonly verdict: Finished;
  readonly problems: readonly Problem[];
};

/**
 * Walks the plan: a step begins when all the steps that it needs are done. After a failure, steps that do not depend on the failed
 * one go on; a 401 or 402 stops the whole run. Nothing else in the program writes to an account.
 */
export async function execute(input: ExecuteInput): Promise<Executed> {
  const { world, plan } = input;
  const walk = new Walk(input);
  const queue = new ReadyQueue(plan.steps, input.ranks);
  const faults: unknown[] = [];
  let running = 0;
  // One promise for the step that ends next: `Promise.race` over all running steps would add a listener to each of them every time.
  let wake = (): void => undefined;
  for (;;) {
    const ended = new Promise<void>((resolve) => (wake = resolve));
    const ready = walk.isHalted || world.stop.aborted ? [] : queue.take();
    for (const step of ready) {
      running += 1;
      void walk
        .go(step)
        .catch((fault: unknown) => void faults.push(fault))
        .finally(() => {
          running -= 1;
          if (faults.length > 0) walk.isHalted = true;
          if (isOver(walk.results.get(step.id))) queue.done(step.id);
          wake();
        });
    }
    if (running === 0) break;
    await ended;
  }
  // A fault of the program itself, once everything that was under way has come to its end.
  if (faults.length > 0) throw faults[0];
  const results = plan.steps.map(
    (step) => walk.results.get(step.id) ?? leftOver(step, plan.steps, walk.results),
  );
  const verdict = verdictOf(results, world.stop.aborted);
  input.events({ event: "run-ended", at: walk.since(), verdict });
  const problems = results.flatMap((result) =>
    "problem" in result && result.problem ? [result.problem] : [],
  );
  return { inventory: walk.inventory, results, verdict, problems };
}

function verdictOf(results: readonly StepResult[], isInterrupted: boolean): Finished {
  if (results.some((one) => !isOver(one) && one.status !== "left")) return "failed";
  if (results.every(isOver)) return "done";
  return isInterrupted ? "interrupted" : "stopped";
}

/** Whether steps that need this one may go on. */
function isOver(result: StepResult | undefined): boolean {
  return result?.status === "done" || result?.status === "skipped";
}

/** One run as it goes on: what became of each step, what is owned by now, and whether it may go on at all. */
class Walk {
  readonly results = new Map<StepId, StepResult>();
  inventory: Inventory;
  isHalted = false;
  readonly #input: ExecuteInput;
  readonly #startedAt: Millis;
  readonly #begun = new Set<StepId>();
  readonly #announced = new Set<StepId>();
  /** Those of which the journal did not take an entry, or took it and did not say so. */
  readonly #unnoted = new Set<StepId>();

  constructor(input: ExecuteInput) {
    this.#input = input;
    this.#startedAt = input.world.now();
    this.inventory = input.inventory;
  }

  since(): Millis {
    return this.#input.world.now() - this.#startedAt;
  }

  async go(step: Step): Promise<void> {
    // A write begins when the limits let it go: until then it waits, and says for what.
    if (step.step !== "write") this.#begin(step);
    try {
      const outcome = await this.#input.perform(step, async (call) => {
        this.#begin(step);
        await this.#append(intentOf(this.#input, step, call));
        this.#announced.add(step.id);
      });
      if (outcome.status === "skipped") {
        if (outcome.outcome) await this.#append(outcomeOf(this.#input, step, outcome.outcome));
        this.#skip(step, outcome.warning);
        return;
      }
      if (outcome.status === "found") {
        await this.#append(outcomeOf(this.#input, step, outcome.outcome));
        this.#refuse(step, "failed", outcome.problem);
        return;
      }
      this.#begin(step);
      await this.#append(outcomeOf(this.#input, step, outcome));
      this.#finish(step, outcome.status === "done" ? outcome.warning : undefined);
    } catch (error) {
      await this.#fail(step, error);
    }
  }

  #begin(step: Step): void {
    if (this.#begun.has(step.id)) return;
    this.#begun.add(step.id);
    this.#input.events({ event: "step-began", at: this.since(), step: step.id });
  }

  /** Adds an entry to the journal. A failure halts the run, since a later run would not know of a call that was sent now. */
  async #append(entry: JournalEntry): Promise<void> {
    try {
      await this.#input.append(entry);
    } catch (error) {
      this.isHalted = true;
      if ("step" in entry) this.#unnoted.add(entry.step);
      throw unwritten(error, "the journal");
    }
    this.inventory = foldEntry(this.inventory, entry);
  }

  /** Adds an outcome, if the journal still takes it. Without it, a later run looks at the account and finds out what became of the intent. */
  async #appendIfPossible(entry: JournalEntry): Promise<void> {
    await this.#append(entry).catch((error: unknown) => {
      if (!isUnwritten(error)) throw error;
    });
  }

  #finish(step: Step, warning: Problem | undefined): void {
    this.results.set(step.id, { step: step.id, status: "done", ...(warning && { problem: warning }) });
    this.#input.events({ event: "step-done", at: this.since(), step: step.id, remaining: this.#remaining() });
  }

  #skip(step: Step, warning: Problem | undefined): void {
    this.results.set(step.id, { step: step.id, status: "skipped", ...(warning && { problem: warning }) });
    this.#input.events({
      event: "step-skipped",
      at: this.since(),
      step: step.id,
      remaining: this.#remaining(),
    });
  }

  #remaining(): Millis {
    return Math.max(0, this.#input.plan.schedule.end - this.since());
  }

  async #fail(step: Step, error: unknown): Promise<void> {
    // It was announced, and the journal took nothing after that, whyever: the call may have been done.
    const isSilent = this.#unnoted.has(step.id) && this.#announced.has(step.id);
    const isMaybe = isSilent || (error instanceof CallError && error.reached === "maybe");
    const unsent = step.step === "write" && !this.#announced.has(step.id);
    const outcome = (code: string): Outcome =>
      isMaybe ? { status: "unknown" } : { status: "failed", code, ...(unsent && { unsent }) };
    if (isInterruption(error)) {
      if (this.#announced.has(step.id))
        await this.#appendIfPossible(outcomeOf(this.#input, step, outcome("interrupted")));
      this.results.set(step.id, { step: step.id, status: "left" });
      return;
    }
    this.#begin(step);
    const failure = failureProblem(step, error);
    if (error instanceof CallError && (error.status === 401 || error.status === 402)) this.isHalted = true;
    await this.#appendIfPossible(outcomeOf(this.#input, step, outcome(failure.code)));
    this.#refuse(step, isMaybe ? "uncertain" : "failed", failure);
  }

  /** Notes a failed step. Steps that need it are not begun. */
  #refuse(step: Step, status: "failed" | "uncertain", failure: Problem): void {
    this.results.set(step.id, { step: step.id, status, problem: failure });
    this.#input.events({ event: "step-failed", at: this.since(), step: step.id, problem: failure });
  }
}

/** A step that never started: blocked by a failure somewhere below it, or left because the run stopped. */
function leftOver(step: Step, steps: readonly Step[], results: ReadonlyMap<StepId, StepResult>): StepResult {
  const byId = new Map(steps.map((one) => [one.id, one]));
  const seen = new Set<StepId>();
  const open = [...step.needs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { status } = results.get(id) ?? {};
    if (status === "failed" || status === "uncertain") return { step: step.id, status: "blocked", by: id };
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return { step: step.id, status: "left" };
}

/** The journal entry for a call. A wait step sends calls too: the rollback of a failed deploy, or the proof of a rotated token. */
function intentOf(input: ExecuteInput, step: Step, call: Parameters<Announce>[0]): JournalEntry {
  const { id, address, kind } = step;
  const base = { run: input.run, at: input.world.now(), step: id, address, kind, ...call };
  if (step.step !== "write")
    return {
      entry: "intent",
      verb: step.step === "wait" && step.for === "proven" ? "prove" : "rollback",
      ...base,
    };
  const { verb, takesEffectIn, incomplete } = step;
  return {
    entry: "intent",
    verb,
    ...base,
    ...(takesEffectIn && { takesEffectIn }),
    ...(incomplete && { incomplete }),
  };
}

function outcomeOf(input: ExecuteInput, step: Step, result: Outcome): JournalEntry {
  const { id, address } = step;
  const base = { run: input.run, at: input.world.now(), step: id, address };
  return step.step === "write"
    ? { entry: "outcome", ...base, verb: step.verb, result }
    : { entry: "recorded", ...base, result };
}

function isInterruption(error: unknown): boolean {
  const codes = ["interrupted", "wait-too-long"];
  return error instanceof ProblemError && error.problems.some((one) => codes.includes(one.code));
}

function failureProblem(step: Step, error: unknown): Problem {
  const [first] = error instanceof ProblemError ? error.problems : [];
  if (first) return { ...first, address: first.address ?? step.address };
  throw error;
}
