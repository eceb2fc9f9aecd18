import { expect, test } from "vitest";
import { makeDigestKey } from "../../../src/core/base/digest.ts";
import { preconditionOf } from "../../../src/core/steps/precondition.ts";
import { ProblemError } from "../../../src/core/base/problem.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import type { Kind } from "../../../src/core/kind/kind.ts";
import type { WriteStep } from "../../../src/core/model/plan.ts";
import type { LiveSpec } from "../../../src/core/model/live.ts";
import { refuseStale, type StaleCheck } from "../../../src/engine/run/refuse-stale.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { makeStep } from "../../core/schedule/timetable.ts";

const key = makeDigestKey("66".repeat(32));
const address = "render/service/api";
const planned: LiveSpec = { plan: "starter", envVars: { LEVEL: new Secret("info") }, autoDeploy: "yes" };
const fields = ["envVars.LEVEL", "plan"];

/** The object as it is by now: what it is read with, and what is read beside it. */
function check(now: LiveSpec | undefined, more: Partial<StaleCheck> = {}) {
  const found = { id: "srv-1", name: "api", spec: planned, outputs: {}, raw: {} };
  const { envVars, ...spec } = now ?? {};
  const service = kinds.get("render/service")!;
  const kind: Kind = {
    ...service,
    findById: async () => now && { ...found, spec },
    facets: {
      [service.fields["envVars"]!.facet]: async () => ({ ...(envVars !== undefined && { envVars }) }),
    },
  };
  const step = {
    ...makeStep(0, { spends: ["render/write"], takes: 0, needs: [] }),
    address,
    fields,
  } as WriteStep;
  const precondition = preconditionOf(key, address, fields, planned);
  const checked = refuseStale({
    step: { ...step, precondition },
    kind,
    found,
    reader: {} as StaleCheck["reader"],
    scope: { ownerId: "tea-1" },
    key,
    live: new Map(),
    age: 60_001,
    ...more,
  });
  return checked.then(
    () => [],
    (error: unknown) => (error instanceof ProblemError ? error.problems : [error]),
  );
}

test("what is as the plan saw it is written, whatever else somebody changed", async () => {
  expect(await check(planned)).toEqual([]);
  expect(await check({ ...planned, autoDeploy: "no" })).toEqual([]);
});

test("what somebody changed after the plan was made is not overwritten", async () => {
  for (const now of [
    { ...planned, plan: "pro" },
    { ...planned, envVars: { LEVEL: new Secret("debug") } },
    { ...planned, envVars: {} },
  ])
    expect(await check(now)).toMatchObject([
      {
        code: "stale",
        address,
        message: "Somebody changed envVars.LEVEL, plan of render/service/api after the plan was made.",
      },
    ]);
});

test("what was deleted meanwhile is told as deleted", async () => {
  expect(await check(undefined)).toMatchObject([
    { code: "stale", address, message: "render/service/api was deleted after the plan was made." },
  ]);
});

test("what was read within the last minute is not read again, nor what overwrites nothing", async () => {
  expect(await check(undefined, { age: 60_000 })).toEqual([]);
  const step = {
    ...makeStep(0, { spends: ["render/write"], takes: 0, needs: [] }),
    address,
    fields,
  } as WriteStep;
  expect(await check(undefined, { step })).toEqual([]);
});
