import { describe, expect, it } from "vitest";
import { problem } from "../../../src/core/base/problem.ts";
import type { RunReport } from "../../../src/core/run/report.ts";
import { renderRun } from "../../../src/views/run/run.ts";
import { makePlan } from "../plan/plan-makers.ts";

const screen = { columns: 80, colour: false, unicode: true };

function makeReport(more: Partial<RunReport>): RunReport {
  return {
    formatVersion: "1.0",
    run: "r1",
    verdict: "done",
    plan: makePlan([]),
    results: [],
    problems: [],
    took: 64_000,
    ...more,
  };
}

describe("renderRun", () => {
  it("counts what succeeded", () => {
    const report = makeReport({ results: [{ step: "create render/service/api", status: "done" }] });
    expect(renderRun(report, screen)).toBe("Done   1 step in 1 min 4 s\n");
    expect(renderRun(makeReport({}), screen)).toBe("Done   nothing to do\n");
  });

  it("names every step that did not end well, why, and how to go on", () => {
    const report = makeReport({
      verdict: "failed",
      results: [
        { step: "create render/postgres/main", status: "done" },
        {
          step: "create render/service/api",
          status: "failed",
          problem: problem("error", "http-400", "Render refused it: plan is unknown.", "Correct the plan.", {
            where: { file: "trueup.yaml", line: 4, column: 3 },
          }),
        },
        { step: "deploy render/service/api", status: "blocked", by: "create render/service/api" },
        { step: "delete render/service/old", status: "left" },
      ],
    });
    expect(`\n${renderRun(report, screen)}`).toBe(`
  ✗ create render/service/api
    http-400  trueup.yaml:4:3
      Render refused it: plan is unknown.
      Correct the plan.
  . deploy render/service/api  blocked, it needs: create render/service/api
  . delete render/service/old  not started

Failed   1 done, 1 failed, 1 blocked, 1 left, after 1 min 4 s
Run apply again when the cause is gone: what is done stays done, the rest is
planned anew.
`);
  });

  it("shows a log behind a bar, made harmless, and a problem of a step once", () => {
    const log = ["::error::not a command", "moves\u001b[2J \u202eback", "long ".repeat(30).trim()];
    const failure = problem("error", "not-ready", "It is not live.", "Run again.", { log });
    const step = "wait render/service/api live";
    const results = [{ step, status: "failed" as const, problem: failure }];
    const report = makeReport({ verdict: "failed", results, problems: [failure] });
    expect(`\n${renderRun(report, screen)}`).toBe(`
  ✗ wait render/service/api live
    not-ready
      It is not live.
      | \\u{3a}:error::not a command
      | moves\\u{1b}[2J \\u{202e}back
      | long long long long long long long long long long long long long long
      | long long long long long long long long long long long long long long
      | long long
      Run again.

Failed   1 failed, after 1 min 4 s
Run apply again when the cause is gone: what is done stays done, the rest is
planned anew.
`);
  });

  it("says that an interrupted run can go on, and that a refused or declined one wrote nothing", () => {
    const left = [{ step: "create render/service/api", status: "left" as const }];
    expect(renderRun(makeReport({ verdict: "interrupted", results: left }), screen)).toContain(
      "Interrupted   1 left, after 1 min 4 s\nNothing is lost: run apply again, and it goes on from here.\n",
    );
    expect(renderRun(makeReport({ verdict: "refused" }), screen)).toBe("Refused   nothing was written\n");
    expect(renderRun(makeReport({ verdict: "declined" }), screen)).toBe(
      "Not applied   nothing was written\n",
    );
  });
});
