import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueHole } from "../../../src/core/model/write.ts";
import { problem } from "../../../src/core/base/problem.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import { printJson, printJsonLine, renderPlanJson } from "../../../src/views/base/json.ts";
import { makePlan, makeSamplePlan, makeStep } from "../plan/plan-makers.ts";

describe("printJson", () => {
  it("gives the same bytes whatever the order of keys, and reads back as what it was", () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (pairs) => {
        const [object, turned] = [Object.fromEntries(pairs), Object.fromEntries([...pairs].reverse())];
        expect(printJson(object)).toBe(printJson(turned));
        expect(JSON.parse(printJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it("holds no character that a terminal would obey or not show, and loses none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printJson({ text })).not.toMatch(
          /[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
        );
        expect(printJsonLine({ text })).toMatch(/^[^\n]*\n$/);
        expect(JSON.parse(printJson({ text }))).toEqual({ text });
      }),
    );
  });
});

describe("renderPlanJson", () => {
  it("is the plan with its counts, and whether anything is pending", () => {
    const told = JSON.parse(renderPlanJson(makeSamplePlan(), [])) as { [key: string]: unknown };
    expect(told).toMatchObject({
      formatVersion: "1.0",
      pending: true,
      counts: { create: 2, drifted: 1, delete: 1 },
    });
    expect(JSON.parse(renderPlanJson(makePlan([]), []))).toMatchObject({ pending: false });
  });

  it("shows a secret that is sent by its source alone", () => {
    const value = { from: "secret-literal" as const, secret: new Secret("hunter2") };
    const step = makeStep("update render/service/api");
    const body = { value: valueHole(value, "render/service/api", "envVars.PASSWORD"), plan: "starter" };
    const plan = makePlan([], {
      steps: [{ ...step, write: { method: "PUT", path: "/", budgets: [], body } } as typeof step],
    });
    const text = renderPlanJson(plan, []);
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text)).toMatchObject({
      steps: [{ write: { body: { value: { source: "file" }, plan: "starter" } } }],
    });
  });

  it("holds the problems alone when there is no plan", () => {
    const found = problem("error", "no-file", "There is no file.", "Write one.");
    expect(JSON.parse(renderPlanJson(undefined, [found]))).toEqual({
      formatVersion: "1.0",
      problems: [found],
    });
  });
});
