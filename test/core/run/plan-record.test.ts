import { expect, test } from "vitest";
import type { Plan } from "../../../src/core/model/plan.ts";
import { newestOfEach, recordPlan, recordsOf, type PlanRecord } from "../../../src/core/run/plan-record.ts";

/** Recorded so many minutes after nine. */
const planned = (minutes: number, more: Partial<PlanRecord> = {}): PlanRecord => ({
  version: 1,
  hash: `${minutes}`.padStart(64, "0"),
  at: new Date(Date.UTC(2026, 10, 22, 9, minutes)).toISOString(),
  pullRequest: 7,
  head: "3f2a".repeat(10),
  counts: { create: 1, update: 0, drifted: 0, adopt: 0, replace: 0, delete: 0, unchanged: 3 },
  calls: { "render/create": 1 },
  end: 60_000,
  ...more,
});

test("a record has the plan's hash, counts, calls and end, and who made it for which commit", () => {
  const plan = {
    hash: "9c41".repeat(16),
    changes: [{ action: "create" }, { action: "keep" }, { action: "keep" }],
    schedule: { calls: { "render/create": 1 }, end: 60_000 },
  } as unknown as Plan;
  const facts = {
    at: Date.UTC(2026, 10, 22, 9),
    by: { user: "ada", host: "ci" },
    pullRequest: 7,
    head: "3f2a".repeat(10),
  };
  expect(recordPlan(plan, facts)).toMatchObject({
    version: 1,
    hash: plan.hash,
    at: "2026-11-22T09:00:00.000Z",
    by: facts.by,
    pullRequest: 7,
    head: facts.head,
    counts: { create: 1, unchanged: 2 },
    calls: { "render/create": 1 },
    end: 60_000,
  });
});

test("the plans of one commit of a pull request are those, the newest first, however they lie", () => {
  const [first, second, third] = [planned(1), planned(2), planned(3)];
  const others = [planned(4, { pullRequest: 8 }), planned(5, { head: "77".repeat(20) })];
  for (const records of [
    [first, second, third],
    [second, third, first],
    [third, first, second],
  ])
    expect(recordsOf([...others, ...records], first)).toEqual([third, second, first]);
  expect(recordsOf(others, first)).toEqual([]);
});

test("of each pull request the newest plan counts, and they are told by number", () => {
  const [old, fresh, other] = [planned(1), planned(9), planned(4, { pullRequest: 3 })];
  expect(newestOfEach([old, fresh, other])).toEqual([other, fresh]);
  expect(newestOfEach([fresh, other, old])).toEqual([other, fresh]);
  expect(newestOfEach([])).toEqual([]);
});
