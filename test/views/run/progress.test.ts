import { describe, expect, it } from "vitest";
import { problem } from "../../../src/core/base/problem.ts";
import type { RunEvent } from "../../../src/core/run/report.ts";
import { displayWidth } from "../../../src/views/base/escape.ts";
import { renderLive, renderPulse, renderReading } from "../../../src/views/run/live.ts";
import { advance, noProgress, renderProgressLine, renderStepEnd } from "../../../src/views/run/progress.ts";
import { makeStep } from "../plan/plan-makers.ts";

const screen = { columns: 80, colour: false, unicode: true };
const steps = ["create render/postgres/main", "create render/service/api", "deploy render/service/api"];
const began: RunEvent = {
  event: "run-began",
  at: 0,
  run: "r1",
  steps: steps.map((id) => makeStep(id)),
  end: 125_000,
};
const failure = problem("error", "http-400", "render/service/api: the plan is unknown.", "Correct it.");

function fold(events: readonly RunEvent[]) {
  return events.reduce(advance, noProgress);
}

describe("renderLive", () => {
  it("shows what runs and for how long, the share that is done, and the time left", () => {
    const progress = fold([
      began,
      { event: "step-began", at: 0, step: "create render/postgres/main" },
      { event: "step-done", at: 900, step: "create render/postgres/main", remaining: 124_000 },
      { event: "step-began", at: 1000, step: "create render/service/api" },
    ]);
    expect(renderLive(progress, 5_000, screen)).toEqual([
      "  ⠋ create render/service/api  4 s",
      "  ████████░░░░░░░░░░░░░░░░  1 of 3   about 2 min left",
    ]);
    expect(renderLive(progress, 90_000, screen).at(-1)).toContain("about 40 s left");
  });

  it("says which limit it waits for while nothing runs", () => {
    const progress = fold([
      began,
      { event: "budget-wait", at: 1000, budget: "render/create", until: 61_000 },
    ]);
    expect(renderLive(progress, 2_000, screen)).toEqual([
      "  waiting 59 s for render/create (20 an hour), until 00:01:01 UTC",
      "  ░░░░░░░░░░░░░░░░░░░░░░░░  0 of 3   about 3 min left",
    ]);
  });

  it("stays within the screen and draws at most six running steps", () => {
    const running = Array.from({ length: 9 }, (_, index) => ({
      event: "step-began" as const,
      at: 0,
      step: `create render/service/${"a-very-long-name-".repeat(6)}${index}`,
    }));
    const lines = renderLive(fold([began, ...running]), 65_000, screen);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(lines).toHaveLength(8);
    expect(lines[6]).toBe("    and 3 more");
  });
});

describe("renderReading", () => {
  it("has a bar and the time left once it is known how much there is", () => {
    const few = { done: 1, asked: 2, remaining: 10 };
    expect(renderReading(noProgress, few, 0, screen)).toEqual(["  ⠋ reading the account  1 call"]);
    const many = { done: 120, asked: 480, remaining: 65_000 };
    expect(renderReading(noProgress, many, 0, screen)).toEqual([
      "  ⠋ reading the account  █████░░░░░░░░░░░░░  120 of 480 calls   about 2 min left",
    ]);
    const long = { done: 1200, asked: 48_000, remaining: 20 * 3_600_000 + 59 * 60_000 };
    for (const columns of [40, 60, 80, 120])
      for (const line of renderReading(noProgress, long, 0, { ...screen, columns }))
        expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });
});

describe("renderPulse", () => {
  it("says in one line how far the reads or the run are, and what is waited for", () => {
    const reads = { done: 120, asked: 480, remaining: 65_000 };
    const waits = fold([{ event: "budget-wait", at: 0, budget: "render/read", until: 30_000 }]);
    expect(renderPulse(waits, reads, 10_000, screen)).toBe(
      "reading the account: 120 of 480 calls, about 2 min left; waiting 20 s for render/read (400 a minute), until 00:00:30 UTC\n",
    );
    const runs = fold([
      began,
      { event: "step-began", at: 0, step: "create render/postgres/main" },
      { event: "step-began", at: 0, step: "create render/service/api" },
    ]);
    expect(renderPulse(runs, undefined, 30_000, screen)).toBe(
      "[0/3] under way: create render/postgres/main and 1 more, about 2 min left\n",
    );
    expect(renderPulse(fold([began]), undefined, 0, screen)).toBe("");
    expect(renderPulse(noProgress, undefined, 0, screen)).toBe("");
  });
});

describe("renderStepEnd", () => {
  it("leaves one line per finished step, with the time it took", () => {
    const before = fold([began, { event: "step-began", at: 1000, step: "create render/service/api" }]);
    const done: RunEvent = {
      event: "step-done",
      at: 13_400,
      step: "create render/service/api",
      remaining: 0,
    };
    const failed: RunEvent = {
      event: "step-failed",
      at: 1200,
      step: "create render/service/api",
      problem: failure,
    };
    expect(renderStepEnd(before, done, screen)).toBe("  ✓ create render/service/api  12 s\n");
    expect(renderStepEnd(before, failed, screen)).toBe(
      "  ✗ create render/service/api  render/service/api: the plan is unknown.\n",
    );
  });
});

describe("renderProgressLine", () => {
  it("is one numbered line per step where nothing can be redrawn", () => {
    const events: readonly RunEvent[] = [
      began,
      { event: "step-began", at: 0, step: "create render/postgres/main" },
      { event: "step-done", at: 2100, step: "create render/postgres/main", remaining: 124_000 },
      { event: "budget-wait", at: 2200, budget: "render/create", until: 62_200 },
      { event: "budget-wait", at: 2300, budget: "render/create", until: 62_200 },
      { event: "step-began", at: 62_200, step: "create render/service/api" },
      { event: "step-failed", at: 62_300, step: "create render/service/api", problem: failure },
      { event: "run-ended", at: 62_300, verdict: "failed" },
    ];
    const lines = events.map((event, index) =>
      renderProgressLine(fold(events.slice(0, index)), event, screen),
    );
    expect(`\n${lines.join("")}`).toBe(`
run r1: 3 steps, about 3 min
[1/3] create render/postgres/main: done 2 s
waiting 1 min for render/create (20 an hour), until 00:01:02 UTC
[2/3] create render/service/api: FAILED: render/service/api: the plan is unknown.
`);
  });
});
