import { describe, expect, it } from "vitest";
import { valueHole } from "../../../src/core/model/write.ts";
import { problem } from "../../../src/core/base/problem.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import { renderPlanJson } from "../../../src/views/json/plan-json.ts";
import { makePlan, makeSamplePlan, makeStep } from "../plan/plan-makers.ts";

describe("renderPlanJson", () => {
  it("is the plan with its counts, and whether anything is pending", () => {
    const told = JSON.parse(renderPlanJson(makeSamplePlan(), [])) as { [key: string]: unknown };
    expect(told).toMatchObject({
      formatVersion: "1.0",
      kind: "plan",
      verdict: "pending",
      pending: true,
      counts: { create: 2, drifted: 1, delete: 1 },
    });
    expect(JSON.parse(renderPlanJson(makePlan([]), []))).toMatchObject({
      pending: false,
      verdict: "done",
    });
  });

  it("says which call a step sends, and nothing of what is in it", () => {
    const value = { from: "secret-literal" as const, secret: new Secret("hunter2") };
    const step = makeStep("update render/service/api");
    const body = { value: valueHole(value, "render/service/api", "envVars.PASSWORD"), plan: "starter" };
    const plan = makePlan([], {
      steps: [{ ...step, write: { method: "PUT", path: "/", budgets: [], body } } as typeof step],
    });
    const text = renderPlanJson(plan, []);
    expect(text).not.toContain("hunter2");
    const { steps } = JSON.parse(text) as { steps: object[] };
    expect(steps[0]).toMatchObject({ call: { method: "PUT", path: "/", budgets: [] } });
    expect(steps[0]).not.toHaveProperty("write");
    expect(text).not.toContain("body");
  });

  it("holds the problems alone when there is no plan", () => {
    const found = problem("error", "no-file", "There is no file.", "Write one.");
    expect(JSON.parse(renderPlanJson(undefined, [found]))).toEqual({
      formatVersion: "1.0",
      kind: "problems",
      verdict: "failed",
      problems: [found],
    });
  });
});
