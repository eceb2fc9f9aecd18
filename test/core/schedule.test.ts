import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budgetOf } from "../../src/core/budget.ts";
import type { Step, WriteStep } from "../../src/core/plan.ts";
import { budgetsOf, makeSchedule, windowOf, type ScheduleInput } from "../../src/core/schedule.ts";

const budgets = ["render/write", "render/create", "render/service-change:a", "render/service-change:b"];
const now = Date.UTC(2026, 10, 22, 9, 41, 7);

function makeStep(index: number, spends: readonly string[], needs: readonly string[]): WriteStep {
  return {
    step: "write",
    id: `s${index}`,
    address: "render/service/a",
    kind: "render/service",
    verb: "update",
    needs,
    write: { method: "PATCH", path: "/services/a", budgets: spends },
    fields: [],
    removed: [],
    optional: false,
  };
}

/** Steps in plan order: each may need any before it. */
const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.record({
      spends: fc.subarray(budgets, { minLength: 1, maxLength: 2 }),
      needs: fc.array(fc.nat(), { maxLength: 2 }),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    list.map(({ spends, needs }, index) =>
      makeStep(index, spends, index === 0 ? [] : needs.map((need) => `s${need % index}`)),
    ),
  );

function inputOf(list: readonly Step[], more: Partial<ScheduleInput> = {}): ScheduleInput {
  return {
    steps: list,
    now,
    windows: new Map(),
    reserve: {},
    duration: () => 700,
    concurrency: 4,
    ...more,
  };
}

/** How many starts fall into each window of each budget. */
function countStarts(
  list: readonly Step[],
  slots: readonly { readonly step: string; readonly start: number }[],
) {
  const counts = new Map<string, { readonly budget: string; readonly startsAt: number; count: number }>();
  for (const { step, start } of slots) {
    for (const budget of budgetsOf(list.find(({ id }) => id === step)!)) {
      const { startsAt } = windowOf(budget, now + start);
      const key = `${budget} ${startsAt}`;
      counts.set(key, { budget, startsAt, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()];
}

describe("the schedule", () => {
  test("overruns no window, whatever earlier runs have spent and others shall keep", () => {
    fc.assert(
      fc.property(
        steps,
        fc.dictionary(fc.constantFrom(...budgets), fc.nat({ max: 40 })),
        fc.nat({ max: 15 }),
        (list, spent, reserved) => {
          const windows = new Map(
            Object.entries(spent).map(([budget, used]) => [
              budget,
              { limit: budgetOf(budget).calls, used, endsAt: windowOf(budget, now).endsAt },
            ]),
          );
          const reserve = { "render/write": reserved };
          const { slots } = makeSchedule(inputOf(list, { windows, reserve }));
          for (const { budget, startsAt, count } of countStarts(list, slots)) {
            const kept = budget === "render/write" ? reserved : 0;
            const isFirst = startsAt <= now;
            const before = isFirst ? (windows.get(budget)?.used ?? 0) : 0;
            expect(count + before).toBeLessThanOrEqual(Math.max(budgetOf(budget).calls - kept, before));
          }
        },
      ),
    );
  });

  test("starts each step once, after all it needs have ended, and never more writes at once than allowed", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (list, concurrency) => {
        const { slots, end } = makeSchedule(inputOf(list, { concurrency }));
        const starts = new Map(slots.map(({ step, start }) => [step, start]));
        expect([...starts.keys()].sort()).toEqual(list.map(({ id }) => id).sort());
        for (const { id, needs } of list) {
          for (const need of needs) expect(starts.get(id)).toBeGreaterThanOrEqual(starts.get(need)! + 700);
        }
        for (const { start } of slots) {
          const running = slots.filter((other) => other.start <= start && start < other.start + 700);
          expect(running.length).toBeLessThanOrEqual(concurrency);
        }
        expect(end).toBe(Math.max(0, ...slots.map(({ start }) => start + 700)));
      }),
    );
  });

  test("names the budget without which it would end soonest", () => {
    const many = Array.from({ length: 45 }, (_, index) => makeStep(index, ["render/create"], []));
    const { tightest, end, calls } = makeSchedule(inputOf(many));
    expect(tightest).toBe("render/create");
    expect(calls).toEqual({ "render/create": 45 });
    // Twenty at once, twenty at ten o'clock, five at eleven.
    expect(now + end).toBe(Date.UTC(2026, 10, 22, 11, 0, 0) + 2 * 700);
  });

  test("names none where none is in the way", () => {
    expect(makeSchedule(inputOf([makeStep(0, ["render/write"], [])]))).toMatchObject({
      tightest: null,
      end: 700,
    });
    expect(makeSchedule(inputOf([]))).toEqual({ slots: [], end: 0, tightest: null, calls: {} });
  });
});
