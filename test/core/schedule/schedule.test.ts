import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budgetsOf, placeSteps } from "../../../src/core/schedule/place-steps.ts";
import type { Step } from "../../../src/core/model/plan.ts";
import { makeSchedule } from "../../../src/core/schedule/schedule.ts";
import {
  arbitraryCircumstances,
  arbitrarySteps,
  budgets,
  durationOf,
  makeStep,
  now,
  Timetable,
} from "./timetable.ts";

const unlimited = { now, windows: new Map(), reserve: {}, duration: durationOf, concurrency: 4 };
const some = arbitrarySteps(40);

function makeSteps(count: number, spends: readonly string[]): readonly Step[] {
  return Array.from({ length: count }, (_, index) => makeStep(index, { spends, takes: 700, needs: [] }));
}

function permute<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((first, index) =>
    permute(list.toSpliced(index, 1)).map((rest) => [first, ...rest] as const),
  );
}

describe("the schedule", () => {
  test("exceeds no window, whatever earlier runs have spent and others shall keep", () => {
    fc.assert(
      fc.property(some, arbitraryCircumstances, (steps, input) => {
        const { slots } = makeSchedule({ ...input, steps });
        const table = new Timetable(steps, slots, input);
        for (const { step, start } of slots) {
          for (const budget of budgetsOf(steps.find(({ id }) => id === step)!))
            expect(table.used(budget, start)).toBeLessThanOrEqual(table.usable(budget));
        }
      }),
    );
  });

  test("starts each step once, after all it needs have ended, and never more writes at once than allowed", () => {
    fc.assert(
      fc.property(some, arbitraryCircumstances, (steps, input) => {
        const { slots, end, order } = makeSchedule({ ...input, steps });
        const table = new Timetable(steps, slots, input);
        const ids = steps.map(({ id }) => id).sort();
        expect(slots.map(({ step }) => step).sort()).toEqual(ids);
        expect([...order].sort()).toEqual(ids);
        for (const slot of slots) {
          expect(slot.start).toBeGreaterThanOrEqual(table.readyAt(slot));
          expect(table.writersAt(slot.start)).toBeLessThanOrEqual(input.concurrency);
        }
        expect(end).toBe(Math.max(0, ...slots.map((slot) => table.endOf(slot))));
      }),
    );
  });

  test("never idles while something could run: before it starts, each step lacks a writer or a call", () => {
    fc.assert(
      fc.property(arbitrarySteps(25), arbitraryCircumstances, (steps, input) => {
        const { slots } = makeSchedule({ ...input, steps });
        const table = new Timetable(steps, slots, input);
        const moments = table.moments();
        for (const slot of slots) {
          const ready = table.readyAt(slot);
          const idle = moments.filter((at) => at >= ready && at < slot.start && table.couldStart(slot, at));
          expect({ step: slot.step, idle }).toEqual({ step: slot.step, idle: [] });
        }
      }),
    );
  });

  test("ends at most 1.02 times as late as the best of all orders", () => {
    fc.assert(
      fc.property(arbitrarySteps(6), arbitraryCircumstances, (steps, input) => {
        const best = Math.min(...permute(steps).map((order) => placeSteps(order, input).end));
        expect(makeSchedule({ ...input, steps }).end).toBeLessThanOrEqual(1.02 * best);
      }),
      { numRuns: 300 },
    );
  });

  test("gives the last call of an hour to the step that others wait for", () => {
    const create = (index: number, needs: readonly string[]): Step =>
      makeStep(index, { spends: ["render/create"], takes: 1_900, needs });
    const wait = makeStep(24, { spends: [], takes: 300_000, needs: ["s23"] });
    const alone = Array.from({ length: 23 }, (_, index) => create(index, []));
    const steps = [...alone, create(23, []), wait, create(25, ["s24"])];
    const { slots, end } = makeSchedule({ ...unlimited, steps });
    expect(slots.find(({ step }) => step === "s23")?.start).toBe(0);
    // Five creations are left for ten o'clock, the one behind the wait among them.
    expect(now + end).toBeLessThan(Date.UTC(2026, 10, 22, 10, 0, 10));
  });

  test("gives it to the step behind which more windows lie, though another has the longer way", () => {
    const windows = new Map(
      ["render/create", "render/custom-domain"].map((budget) => [
        budget,
        { limit: 1, used: 0, endsAt: Date.UTC(2026, 10, 22, 10) },
      ]),
    );
    const steps = [
      makeStep(0, { spends: ["render/create"], takes: 1_900, needs: [] }),
      makeStep(1, { spends: [], takes: 60_000, needs: ["s0"] }),
      makeStep(2, { spends: ["render/create"], takes: 1_900, needs: [] }),
      makeStep(3, { spends: ["render/custom-domain"], takes: 600, needs: ["s2"] }),
      makeStep(4, { spends: ["render/custom-domain"], takes: 600, needs: ["s2"] }),
    ];
    const { end } = makeSchedule({ ...unlimited, windows, steps });
    expect(now + end).toBe(Date.UTC(2026, 10, 22, 10) + 1_900 + 60_000);
  });

  test("names the budget without which it would end soonest", () => {
    const { tightest, end, calls } = makeSchedule({ ...unlimited, steps: makeSteps(45, ["render/create"]) });
    expect(tightest).toBe("render/create");
    expect(calls).toEqual({ "render/create": 45 });
    // Twenty at once, twenty at ten o'clock, five at eleven.
    expect(now + end).toBe(Date.UTC(2026, 10, 22, 11, 0, 0) + 2 * 700);
  });

  test("names none where none is in the way", () => {
    expect(makeSchedule({ ...unlimited, steps: makeSteps(1, ["render/write"]) })).toMatchObject({
      tightest: null,
      end: 700,
    });
    const nothing = { slots: [], order: [], waves: [], end: 0, tightest: null, calls: {} };
    expect(makeSchedule({ ...unlimited, steps: [] })).toEqual(nothing);
  });

  test("knows when windows end of which a header has told, also where the API's clock is another", () => {
    const windows = new Map([["render/create", { limit: 20, used: 20, endsAt: now + 60_000 }]]);
    const { slots } = makeSchedule({ ...unlimited, windows, steps: makeSteps(21, ["render/create"]) });
    expect(slots[0]?.start).toBe(60_000);
    expect(slots.at(-1)?.start).toBe(60_000 + 3_600_000);
  });

  test("twenty thousand steps start in as many windows as they need", () => {
    const steps = Array.from({ length: 20_000 }, (_, index) =>
      makeStep(index, {
        spends: ["render/write", `render/service-change:s${index % 5_000}`],
        takes: 1_000,
        needs: index < 5_000 ? [] : [`s${index - 5_000}`],
      }),
    );
    const { waves, end } = makeSchedule({ ...unlimited, steps });
    expect(waves).toHaveLength(Math.ceil(20_000 / 30));
    expect(now + end).toBeGreaterThan(Math.floor(now / 60_000) * 60_000 + (waves.length - 1) * 60_000);
  });
});

describe("waves", () => {
  test("hold every step once, in the order of the timetable", () => {
    fc.assert(
      fc.property(some, arbitraryCircumstances, (steps, input) => {
        const { slots, waves } = makeSchedule({ ...input, steps });
        expect(waves.flatMap((wave) => wave.steps)).toEqual(slots.map(({ step }) => step));
        expect(waves.map(({ start }) => start)).toEqual(
          waves.map(({ steps: [first] }) => slots.find(({ step }) => step === first)?.start),
        );
      }),
    );
  });

  test("are as few as can be: each begins with a step that no call was left for in the window before", () => {
    fc.assert(
      fc.property(some, arbitraryCircumstances, (steps, input) => {
        const { slots, waves } = makeSchedule({ ...input, steps });
        const table = new Timetable(steps, slots, input);
        waves.slice(1).forEach(({ steps: [first], start, budget }) => {
          const slot = slots.find(({ step }) => step === first)!;
          expect(slot.budget).toBe(budget);
          const before = table.moments().filter((at) => at >= table.readyAt(slot) && at < start);
          expect(before.length).toBeGreaterThan(0);
          expect(before.filter((at) => table.couldStart(slot, at))).toEqual([]);
        });
      }),
    );
  });

  test.each(budgets.slice(0, 3))("of steps that only spend %s are as many as it needs windows", (budget) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), arbitraryCircumstances, (count, input) => {
        const { limit, used } = input.windows.get(budget)!;
        const usable = Math.max(1, limit - (input.reserve[budget] ?? 0));
        const first = Math.max(0, usable - used);
        const { waves } = makeSchedule({ ...input, steps: makeSteps(count, [budget]) });
        // A wave that would hold nothing is none: with a window that is spent, the first begins later.
        const needed = (first > 0 ? 1 : 0) + Math.ceil(Math.max(0, count - first) / usable);
        expect(waves).toHaveLength(needed);
      }),
    );
  });

  test("name the budget whose window opens", () => {
    const { waves } = makeSchedule({ ...unlimited, steps: makeSteps(45, ["render/write", "render/create"]) });
    expect(waves.map(({ start, steps, budget }) => [now + start, steps.length, budget])).toEqual([
      [now, 20, undefined],
      [Date.UTC(2026, 10, 22, 10), 20, "render/create"],
      [Date.UTC(2026, 10, 22, 11), 5, "render/create"],
    ]);
  });
});
