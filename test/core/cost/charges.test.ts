import { describe, expect, test } from "vitest";
import { sumCharges } from "../../../src/core/cost/cost.ts";
import type { Spec } from "../../../src/core/model/desired.ts";
import {
  cronPlans,
  keyValuePlans,
  legacyPostgresPlans,
  paidPlans,
  postgresPlans,
} from "../../../src/providers/render/plans.ts";
import {
  customDomainCharges,
  diskCharges,
  keyValueCharges,
  postgresCharges,
  serviceCharges,
} from "../../../src/providers/render/prices/charges.ts";

const of = (charges: ReturnType<typeof serviceCharges>) => sumCharges(charges);
const exactly = (dollars: number) => ({ low: dollars * 100, high: dollars * 100, unknown: 0 });

describe("a month of", () => {
  test.each<readonly [string, Spec, number]>([
    ["a worker", { type: "worker", runtime: "node", plan: "standard" }, 25],
    ["a service without a plan", { type: "web", runtime: "node" }, 7],
    ["three instances", { type: "web", runtime: "node", plan: "pro plus", numInstances: 3 }, 525],
    ["a free web service", { type: "web", runtime: "node", plan: "free" }, 0],
    ["a static site", { type: "web", runtime: "static" }, 0],
    ["scaling that was turned off", { type: "web", plan: "starter", scaling: null, numInstances: 2 }, 14],
  ])("%s is one number", (_what, spec, dollars) => {
    expect(of(serviceCharges(spec))).toEqual(exactly(dollars));
  });

  test("an autoscaled service lies between its fewest and its most instances", () => {
    const spec = {
      type: "web",
      plan: "standard",
      numInstances: 9,
      scaling: { minInstances: 2, maxInstances: 5 },
    };
    expect(of(serviceCharges(spec))).toEqual({ low: 5_000, high: 12_500, unknown: 0 });
  });

  test("a cron job is by the minutes that it runs: a dollar at least, the whole instance at most", () => {
    expect(of(serviceCharges({ type: "cron", plan: "standard" }))).toEqual({
      low: 100,
      high: 2_500,
      unknown: 0,
    });
  });

  test.each<readonly [string, Spec, number]>([
    ["no size", { plan: "basic-1gb" }, 19 + 15 * 0.3],
    ["a size", { plan: "pro-8gb", diskSizeGB: 250 }, 100 + 75],
    ["a standby", { plan: "1c-4g", diskSizeGB: 100, highAvailability: { enabled: true } }, 55 + 30 + 55],
    [
      "two replicas",
      { plan: "pro-4gb", diskSizeGB: 10, readReplicas: [{ name: "a" }, { name: "b" }] },
      3 * 58,
    ],
    ["the free plan", { plan: "free" }, 0],
  ])("a database with %s is plan and storage", (_what, spec, dollars) => {
    expect(of(postgresCharges(spec))).toEqual(exactly(dollars));
  });

  test("what has no published price is counted, and in no sum", () => {
    expect(of(postgresCharges({ plan: "pro plus", diskSizeGB: 10 }))).toEqual({
      low: 300,
      high: 300,
      unknown: 1,
    });
    expect(of(postgresCharges({ plan: "1c-2g" }))).toEqual({ low: 4_000, high: 4_000, unknown: 1 });
    expect(of(serviceCharges({ type: "web", plan: "starter plus" }))).toEqual({
      low: 0,
      high: 0,
      unknown: 1,
    });
  });

  test("a large Key Value instance is at most the older price", () => {
    expect(of(keyValueCharges({ plan: "starter" }))).toEqual(exactly(10));
    expect(of(keyValueCharges({ plan: "1g" }))).toEqual({ low: 2_000, high: 3_200, unknown: 0 });
    expect(of(keyValueCharges({ plan: "pro max" }))).toEqual({ low: 0, high: 55_000, unknown: 0 });
  });

  test("what is suspended is at most what it costs when it runs", () => {
    expect(of(serviceCharges({ type: "worker", plan: "pro", suspended: true }))).toEqual({
      low: 0,
      high: 8_500,
      unknown: 0,
    });
  });

  test("a disk is its size, and a domain may be included", () => {
    expect(of(diskCharges({ name: "data" }))).toEqual(exactly(2.5));
    expect(of(diskCharges({ sizeGB: 40 }))).toEqual(exactly(10));
    expect(of(customDomainCharges())).toEqual({ low: 0, high: 25, unknown: 0 });
  });
});

test("every plan that can be created has a price", () => {
  const unpriced = [
    ...paidPlans.filter((plan) => of(serviceCharges({ type: "worker", plan })).unknown > 0),
    ...cronPlans.filter((plan) => of(serviceCharges({ type: "cron", plan })).unknown > 0),
    ...postgresPlans
      .filter((plan) => !legacyPostgresPlans.includes(plan))
      .filter((plan) => of(postgresCharges({ plan, diskSizeGB: 10 })).unknown > 0),
    ...keyValuePlans.filter((plan) => of(keyValueCharges({ plan })).unknown > 0),
  ];
  expect(unpriced).toEqual([]);
});
