import { describe, expect, it } from "vitest";
import { renderSchedule } from "../../../src/views/plan/schedule.ts";
import { makePlan, makeStep } from "./plan-makers.ts";

const screen = { columns: 100, colour: false, unicode: true };

describe("renderSchedule", () => {
  it("lists every step under the time it starts at, and what each limit carries", () => {
    const steps = [
      "create render/postgres/main",
      "create render/service/api",
      "deploy render/service/api",
    ].map((id) => makeStep(id));
    const plan = makePlan([], {
      steps,
      schedule: {
        slots: [
          { step: "create render/postgres/main", start: 0 },
          { step: "create render/service/api", start: 300 },
          { step: "deploy render/service/api", start: 3_725_000, budget: "render/create" },
        ],
        order: steps.map(({ id }) => id),
        waves: [
          { start: 0, steps: ["create render/postgres/main", "create render/service/api"] },
          { start: 3_725_000, steps: ["deploy render/service/api"], budget: "render/create" },
        ],
        end: 3_730_000,
        tightest: "render/create",
        calls: {
          "render/write": 3,
          "render/create": 2,
          "render/service-change:render/service/api": 1,
          "render/service-change:cron": 1,
        },
      },
    });
    expect(`\n${renderSchedule(plan, screen)}`).toBe(`
Timetable   3 steps in 2 waves, about 1 h 3 min, limited by render/create (20 an hour)

  Wave 1
    0:00  create render/postgres/main
          create render/service/api

  Wave 2   when render/create (20 an hour) has calls again
 1:02:05  deploy render/service/api

  render/create          2 calls (20 an hour)
  render/service-change  2 calls over 2 counters (10 a minute)
  render/write           3 calls (30 a minute)
`);
  });

  it("says nothing of waves where all starts in one", () => {
    const plan = makePlan([], {
      steps: [makeStep("create render/service/api")],
      schedule: {
        slots: [{ step: "create render/service/api", start: 0 }],
        order: ["create render/service/api"],
        waves: [{ start: 0, steps: ["create render/service/api"] }],
        end: 1_900,
        tightest: null,
        calls: { "render/create": 1 },
      },
    });
    expect(`\n${renderSchedule(plan, screen)}`).toBe(`
Timetable   1 step, a few seconds, no limit delays it

    0:00  create render/service/api

  render/create  1 call (20 an hour)
`);
  });

  it("says that there is nothing to do", () => {
    expect(renderSchedule(makePlan([]), screen)).toBe("Timetable   nothing to do\n");
  });
});
