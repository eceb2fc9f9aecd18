import fc from "fast-check";
import { budgetOf, type BudgetName, type Window } from "../../../src/core/model/budget.ts";
import { budgetsOf, type PlaceInput } from "../../../src/core/schedule/place-steps.ts";
import type { Slot, Step } from "../../../src/core/model/plan.ts";

export const now = Date.UTC(2026, 10, 22, 9, 41, 7);

/** One with windows of a minute and of an hour each, of which some belong to one resource, and a sliding one. */
export const budgets = [
  "render/write",
  "render/create",
  "render/service-change:a",
  "render/service-change:b",
  "rendercad/token-write",
];

type StepParts = {
  readonly spends: readonly BudgetName[];
  readonly takes: number;
  readonly needs: readonly string[];
};

/** A write when it spends something, else a wait. */
export function makeStep(index: number, { spends, takes, needs }: StepParts): Step {
  const base = { id: `s${index}`, address: "render/service/a", kind: "render/service", needs } as const;
  if (spends.length === 0) return { step: "wait", for: "ready", ...base, until: "available", timeout: takes };
  const path = `/takes/${takes}`;
  return {
    step: "write",
    ...base,
    verb: "update",
    write: { method: "PATCH", path, budgets: spends },
    fields: [],
    removed: [],
    optional: false,
  };
}

export function durationOf(step: Step): number {
  if (step.step === "wait") return step.timeout;
  return step.step === "write" ? Number(step.write.path.split("/")[2]) : 0;
}

/** Steps in plan order: each may need any before it. */
export function arbitrarySteps(most: number): fc.Arbitrary<readonly Step[]> {
  const parts = fc.record({
    spends: fc.subarray(budgets, { maxLength: 2 }),
    takes: fc.constantFrom(600, 1_000, 1_900),
    waits: fc.constantFrom(10_000, 60_000, 300_000),
    needs: fc.array(fc.nat(), { maxLength: 2 }),
  });
  return fc.array(parts, { maxLength: most }).map((list) =>
    list.map(({ spends, takes, waits, needs }, index) =>
      makeStep(index, {
        spends,
        takes: spends.length === 0 ? waits : takes,
        needs: index === 0 ? [] : needs.map((need) => `s${need % index}`),
      }),
    ),
  );
}

/** Small limits, some of them spent by earlier runs, something left for others, and one to four writers. */
export const arbitraryCircumstances: fc.Arbitrary<PlaceInput> = fc
  .record({
    limits: fc.tuple(...budgets.map(() => fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 6 })))),
    reserved: fc.nat({ max: 3 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ limits, reserved, concurrency }) => ({
    now,
    windows: new Map(
      budgets.map((budget, index) => [budget, windowWith(budget, ...limits[index]!)] as const),
    ),
    reserve: { "render/write": reserved },
    duration: durationOf,
    concurrency,
  }));

function windowWith(budget: BudgetName, limit: number, used: number): Window {
  const { per, window } = budgetOf(budget);
  const spent = Math.min(limit, used);
  if (window === "aligned") return { limit, used: spent, endsAt: Math.floor(now / per) * per + per };
  const leaves = Array.from({ length: spent }, (_, index) => now + ((index + 1) * per) / (spent + 1));
  return { limit, used: spent, endsAt: leaves.at(-1) ?? now, leaves };
}

/** Counts anew, from the starts alone: how many calls of a budget the window that holds at `at` has seen by then. */
export class Timetable {
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #slots: readonly Slot[];
  readonly #input: PlaceInput;

  constructor(steps: readonly Step[], slots: readonly Slot[], input: PlaceInput) {
    this.#steps = new Map(steps.map((step) => [step.id, step]));
    this.#slots = slots;
    this.#input = input;
  }

  used(budget: BudgetName, at: number): number {
    const { per, window } = budgetOf(budget);
    const known = this.#input.windows.get(budget)!;
    const from = window === "aligned" ? Math.floor((now + at) / per) * per - now : at - per + 1;
    const before =
      window === "aligned"
        ? now + at < known.endsAt
          ? known.used
          : 0
        : known.leaves!.filter((leaves) => leaves > now + at).length;
    const own = this.#slots.filter(({ step, start }) => {
      return budgetsOf(this.#steps.get(step)!).includes(budget) && start >= from && start <= at;
    });
    return before + own.length;
  }

  usable(budget: BudgetName): number {
    const { windows, reserve } = this.#input;
    return Math.max(1, windows.get(budget)!.limit - (reserve[budget] ?? 0));
  }

  endOf({ step, start }: Slot): number {
    return start + durationOf(this.#steps.get(step)!);
  }

  writersAt(at: number): number {
    return this.#slots.filter((slot) => {
      return this.#steps.get(slot.step)!.step === "write" && slot.start <= at && at < this.endOf(slot);
    }).length;
  }

  /** When all that a step needs is done. */
  readyAt({ step }: Slot): number {
    const needs = new Set(this.#steps.get(step)!.needs);
    return Math.max(0, ...this.#slots.filter((slot) => needs.has(slot.step)).map((slot) => this.endOf(slot)));
  }

  /** Whether the step of this slot could have started at this moment as well. */
  couldStart({ step }: Slot, at: number): boolean {
    const budgets = budgetsOf(this.#steps.get(step)!);
    return (
      this.writersAt(at) < this.#input.concurrency &&
      budgets.every((budget) => this.used(budget, at) < this.usable(budget))
    );
  }

  /** Moments at which something changes: starts, ends, and openings of windows. */
  moments(): readonly number[] {
    const end = Math.max(0, ...this.#slots.map((slot) => this.endOf(slot)));
    const openings = [60_000, 3_600_000].flatMap((per) => {
      const first = per - (now % per);
      return Array.from(
        { length: Math.max(0, Math.ceil((end - first) / per)) },
        (_, index) => first + index * per,
      );
    });
    const leaves = this.#slots.map(({ start }) => start + 3_600_000);
    const known = [...this.#input.windows.values()]
      .flatMap((window) => window.leaves ?? [])
      .map((at) => at - now);
    const own = this.#slots.flatMap((slot) => [slot.start, this.endOf(slot)]);
    return [...new Set([...own, ...openings, ...leaves, ...known])].sort((a, b) => a - b);
  }
}
