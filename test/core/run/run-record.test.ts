import { describe, expect, test } from "vitest";
import { problem } from "../../../src/core/base/problem.ts";
import type { FieldChange, ResourceChange } from "../../../src/core/model/change.ts";
import type { Plan } from "../../../src/core/model/plan.ts";
import type { JournalEntry } from "../../../src/core/run/journal.ts";
import { countChanges, isDrifted } from "../../../src/core/run/report.ts";
import { recordRun, runsOf } from "../../../src/core/run/run-record.ts";
import { change, field } from "../guards/guard-input.ts";

const at = Date.UTC(2026, 10, 22, 9);
const address = "render/service/api";
const refused = problem("error", "refused", "It was refused.", "");

test("the record of a run has the end of each of its steps", () => {
  const facts = { run: "r1", plan: "abc", verdict: "failed", began: at, ended: at + 1_000 } as const;
  const record = recordRun(facts, [
    { step: "s1", status: "done", problem: refused },
    { step: "s2", status: "skipped", problem: refused },
    { step: "s3", status: "failed", problem: refused },
    { step: "s4", status: "uncertain", problem: refused },
    { step: "s5", status: "blocked", by: "s3" },
    { step: "s6", status: "left" },
  ]);
  expect(record).toEqual({
    version: 1,
    run: "r1",
    plan: "abc",
    verdict: "failed",
    began: "2026-11-22T09:00:00.000Z",
    ended: "2026-11-22T09:00:01.000Z",
    steps: [
      { step: "s1", status: "done" },
      { step: "s2", status: "skipped" },
      { step: "s3", status: "failed", code: "refused" },
      { step: "s4", status: "uncertain", code: "refused" },
      { step: "s5", status: "blocked", by: "s3" },
      { step: "s6", status: "left" },
    ],
  });
});

describe("the runs that a journal tells of", () => {
  const by = { user: "ada", host: "laptop" };
  const began: JournalEntry = { entry: "run-began", run: "r1", at, plan: "abc", by, commit: "c0ffee" };
  const ofStep = (step: string, verb: "create" | "update") =>
    ({ run: "r1", at, step, address, verb }) as const;
  const announced = (step: string): JournalEntry => ({
    entry: "intent",
    ...ofStep(step, "create"),
    kind: "render/service",
    name: "api",
    method: "POST",
    path: "/services",
  });

  test("are unfinished until their end is noted, and have the last word on each step", () => {
    const done = { status: "done", owned: null } as const;
    const journal: readonly JournalEntry[] = [
      began,
      announced("s1"),
      announced("s2"),
      announced("s3"),
      announced("s4"),
      { entry: "outcome", ...ofStep("s1", "create"), result: done },
      { entry: "outcome", ...ofStep("s2", "create"), result: { status: "failed", code: "refused" } },
      { entry: "outcome", ...ofStep("s3", "create"), result: { status: "unknown" } },
      { entry: "recorded", run: "r1", at, step: "s5", address, result: done },
    ];
    const run = {
      version: 1,
      run: "r1",
      began: "2026-11-22T09:00:00.000Z",
      by,
      commit: "c0ffee",
      plan: "abc",
      steps: [
        { step: "s1", status: "done" },
        { step: "s2", status: "failed", code: "refused" },
        { step: "s3", status: "uncertain" },
        { step: "s4", status: "uncertain" },
        { step: "s5", status: "done" },
      ],
    };
    expect(runsOf(journal)).toEqual([{ ...run, verdict: "unfinished" }]);
    const end: JournalEntry = { entry: "run-ended", run: "r1", at: at + 1_000, verdict: "stopped" };
    const ended = { ...run, ended: "2026-11-22T09:00:01.000Z", verdict: "stopped" };
    expect(runsOf([...journal, end])).toEqual([ended]);
  });

  test("are told apart, and none is told of where none began", () => {
    const second: JournalEntry = { entry: "run-began", run: "r2", at, plan: "def" };
    const runs = runsOf([began, announced("s1"), second]);
    expect(runs.map(({ run, steps }) => [run, steps.length])).toEqual([
      ["r1", 1],
      ["r2", 0],
    ]);
    expect(runs[1]).not.toHaveProperty("by");
    expect(runs[1]).not.toHaveProperty("commit");
    expect(runsOf([announced("s1")])).toEqual([]);
  });
});

describe("an update", () => {
  const update = (...fields: readonly FieldChange[]): ResourceChange =>
    change(0, { action: "update", fields });
  const [file, outside] = [field({ verdict: "file" }), field({ verdict: "outside" })];

  test("is drift where the file did not move in any field", () => {
    expect(isDrifted(update(outside))).toBe(true);
    expect(isDrifted(update(outside, outside))).toBe(true);
    expect(isDrifted(update(outside, file))).toBe(false);
    expect(isDrifted(update())).toBe(false);
    expect(isDrifted({ ...update(outside), action: "adopt" })).toBe(false);
  });

  test("counts as one or the other, and what is kept or forgotten as unchanged", () => {
    const actions = ["create", "adopt", "replace", "delete", "delete", "keep", "forget"] as const;
    const changes = [
      update(outside),
      update(file),
      update(file),
      ...actions.map((action) => change(0, { action })),
    ];
    expect(countChanges({ changes } as unknown as Plan)).toEqual({
      create: 1,
      update: 2,
      drifted: 1,
      adopt: 1,
      replace: 1,
      delete: 2,
      unchanged: 2,
    });
  });
});
