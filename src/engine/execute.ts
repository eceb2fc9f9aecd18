import type { Address } from "../core/address.ts";
import type { Millis } from "../core/budget.ts";
import { foldEntry, type JournalEntry, type Outcome } from "../core/journal.ts";
import type { Inventory } from "../core/inventory.ts";
import type { Plan, Step, StepId } from "../core/plan.ts";
import { problem, ProblemError, type Problem } from "../core/problem.ts";
import type { RunEvent, RunVerdict, StepResult } from "../core/report.ts";
import { CallError } from "../http/failure.ts";
import type { World } from "../world/world.ts";

export type ExecuteInput = {
  readonly run: string;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly world: World;
  readonly events: (event: RunEvent) => void;
  /** Durable when it resolves. */
  readonly append: (entry: JournalEntry) => Promise<void>;
  /** Does the work of one step; throws a `ProblemError` when it could not be done. */
  readonly perform: (step: Step, announce: Announce) => Promise<Outcome>;
};

/** Called by a step right before its call is sent, with the path as it is sent; resolves when the intent is on disk. */
export type Announce = (call: {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  /** Of a deploy: id of the newest one before it. */
  readonly after?: string | null;
}) => Promise<void>;

type Finished = Extract<RunVerdict, "done" | "failed" | "stopped" | "interrupted">;
export type Executed = {
  readonly inventory: Inventory;
  readonly results: readonly StepResult[];
  readonly verdict: Finished;
  readonly problems: readonly Problem[];
};

/**
 * Walks the plan: a step starts when all it needs are done; independent steps go on after a failure; 401 and 402 stop the
 * run. The only place from which anything is written.
 */
export async function execute(input: ExecuteInput): Promise<Executed> {
  const { world, plan } = input;
  const startedAt = world.now();
  const since = (): Millis => world.now() - startedAt;
  const results = new Map<StepId, StepResult>();
  const running = new Map<StepId, Promise<void>>();
  let inventory = input.inventory;
  let halted = false;

  const append = async (entry: JournalEntry): Promise<void> => {
    await input.append(entry);
    inventory = foldEntry(inventory, entry);
  };

  const start = async (step: Step): Promise<void> => {
    let began = false;
    let announced = false;
    const begin = (): void => {
      if (!began) input.events({ event: "step-began", at: since(), step: step.id });
      began = true;
    };
    // A write begins when the limits let it go: until then it waits, and says for what.
    if (step.step !== "write") begin();
    try {
      const outcome = await input.perform(step, async (call) => {
        begin();
        await append(intentOf(input, step, call));
        announced = true;
      });
      begin();
      await append(outcomeOf(input, step, outcome));
      const warning = outcome.status === "done" ? outcome.warning : undefined;
      results.set(step.id, { step: step.id, status: "done", ...(warning && { problem: warning }) });
      input.events({
        event: "step-done",
        at: since(),
        step: step.id,
        left: Math.max(0, plan.schedule.end - since()),
      });
    } catch (error) {
      const isMaybe = error instanceof CallError && error.reached === "maybe";
      if (isInterruption(error)) {
        const result = isMaybe
          ? { status: "unknown" as const }
          : { status: "failed" as const, code: "interrupted" };
        if (announced) await append(outcomeOf(input, step, result));
        results.set(step.id, { step: step.id, status: "left" });
        return;
      }
      begin();
      const failure = failureProblem(step, error);
      if (error instanceof CallError && (error.status === 401 || error.status === 402)) halted = true;
      const result = isMaybe
        ? { status: "unknown" as const }
        : { status: "failed" as const, code: failure.code };
      await append(outcomeOf(input, step, result));
      results.set(step.id, { step: step.id, status: "failed", problem: failure });
      input.events({ event: "step-failed", at: since(), step: step.id, problem: failure });
    }
  };

  const queue = new ReadyQueue(plan.steps);
  for (;;) {
    const ready = halted || world.stop.aborted ? [] : queue.take();
    for (const step of ready) {
      const work = start(step).finally(() => {
        running.delete(step.id);
        if (results.get(step.id)?.status === "done") queue.done(step.id);
      });
      running.set(step.id, work);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const all = plan.steps.map((step) => results.get(step.id) ?? leftOver(step, plan.steps, results));
  const failed = all.some((result) => result.status === "failed" || result.status === "blocked");
  const unfinished = world.stop.aborted ? "interrupted" : "stopped";
  const verdict = failed ? "failed" : all.some((result) => result.status === "left") ? unfinished : "done";
  input.events({ event: "run-ended", at: since(), verdict });
  const problems = all.flatMap((result) => ("problem" in result && result.problem ? [result.problem] : []));
  return { inventory, results: all, verdict, problems };
}

/** Hands out each step once, when all that it needs are done. */
class ReadyQueue {
  readonly #steps: ReadonlyMap<StepId, Step>;
  readonly #waiting = new Map<StepId, number>();
  readonly #dependants = new Map<StepId, StepId[]>();
  #ready: Step[] = [];

  constructor(steps: readonly Step[]) {
    this.#steps = new Map(steps.map((step) => [step.id, step]));
    for (const step of steps) {
      const needs = new Set(step.needs.filter((id) => this.#steps.has(id)));
      this.#waiting.set(step.id, needs.size);
      for (const id of needs) this.#dependants.set(id, [...(this.#dependants.get(id) ?? []), step.id]);
      if (needs.size === 0) this.#ready.push(step);
    }
  }

  take(): readonly Step[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  done(id: StepId): void {
    for (const dependant of this.#dependants.get(id) ?? []) {
      const left = this.#waiting.get(dependant)! - 1;
      this.#waiting.set(dependant, left);
      if (left === 0) this.#ready.push(this.#steps.get(dependant)!);
    }
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
    if (results.get(id)?.status === "failed") return { step: step.id, status: "blocked", by: id };
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return { step: step.id, status: "left" };
}

/** A wait announces a call too: the rollback of a deploy that failed while it was waited for. */
function intentOf(input: ExecuteInput, step: Step, call: Parameters<Announce>[0]): JournalEntry {
  const { id, address, kind } = step;
  const base = { run: input.run, at: input.world.now(), step: id, address, kind, ...call };
  if (step.step !== "write") return { entry: "intent", verb: "rollback", ...base };
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
  return error instanceof ProblemError && error.problems.some((one) => one.code === "interrupted");
}

function failureProblem(step: Step, error: unknown): Problem {
  const [first] = error instanceof ProblemError ? error.problems : [];
  if (first) return { ...first, address: first.address ?? step.address };
  throw error;
}

export function stepFailed(address: Address, code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", code, message, remedy, { address })]);
}
