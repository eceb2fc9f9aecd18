import type { Step, StepId } from "../../core/model/plan.ts";

/** Hands out each step once, as soon as all the steps that it needs are done; of several, the one with the smallest rank first. */
export class ReadyQueue {
  readonly #steps: ReadonlyMap<StepId, Step>;
  readonly #ranks: ReadonlyMap<StepId, number>;
  readonly #waiting = new Map<StepId, number>();
  readonly #dependants = new Map<StepId, StepId[]>();
  #ready: Step[] = [];

  constructor(steps: readonly Step[], ranks: ReadonlyMap<StepId, number>) {
    this.#ranks = ranks;
    this.#steps = new Map(steps.map((step) => [step.id, step]));
    for (const step of steps) {
      const needs = new Set(step.needs.filter((id) => this.#steps.has(id)));
      this.#waiting.set(step.id, needs.size);
      for (const id of needs) this.#dependants.set(id, [...(this.#dependants.get(id) ?? []), step.id]);
      if (needs.size === 0) this.#ready.push(step);
    }
  }

  /** The steps that can begin now. */
  take(): readonly Step[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready.sort((a, b) => this.#rankOf(a) - this.#rankOf(b) || 0);
  }

  #rankOf({ id }: Step): number {
    return this.#ranks.get(id) ?? Infinity;
  }

  /** A step is done: steps that waited for it alone become ready. */
  done(id: StepId): void {
    for (const dependant of this.#dependants.get(id) ?? []) {
      const left = this.#waiting.get(dependant)! - 1;
      this.#waiting.set(dependant, left);
      if (left === 0) this.#ready.push(this.#steps.get(dependant)!);
    }
  }
}
