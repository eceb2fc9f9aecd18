import { describe, expect, test } from "vitest";
import { digestOf, fingerprint } from "../../../src/core/base/digest.ts";
import { Secret } from "../../../src/core/base/secret.ts";
import type { Resolved } from "../../../src/core/compare/comparison.ts";
import { digestDesired } from "../../../src/core/compare/field-change.ts";
import { askedNotes, listDeclared } from "../../../src/core/diff/find-differences.ts";
import type { FieldTable } from "../../../src/core/model/field.ts";
import type { Value } from "../../../src/core/model/value.ts";
import { comparisonOf } from "../compare/comparison.ts";

const plain = { description: "", schema: {}, facet: "core", onChange: "update" } as const;
const table: FieldTable = {
  plan: plain,
  setting: { ...plain, onChange: "none" },
  envVars: { ...plain, value: true, entries: { key: ["key"] } },
};
const where = { file: "trueup.yaml", line: 1, column: 1 };
const asked: Value = { from: "asked" };
const known: Resolved = { state: "known", secret: new Secret("one") };

describe("a creation", () => {
  test("lists every declared field and entry, as what it will be", () => {
    const token: Value = { from: "secret-literal", secret: new Secret("one") };
    const spec = { plan: "starter", setting: "x", envVars: { TOKEN: token } };
    const comparison = comparisonOf(spec, { resolved: new Map([["envVars.TOKEN", known]]) });
    const added = {
      where,
      before: { show: "absent" },
      verdict: "unknown",
      removed: false,
      forcesReplace: false,
    };
    const place = { address: "render/service/api", field: "envVars.TOKEN" };
    const digest = fingerprint(digestOf(comparison.key, place, new Secret("one")));
    expect(listDeclared(comparison, table)).toEqual([
      { ...added, field: "plan", after: { show: "public", value: "starter" } },
      { ...added, field: "envVars", entry: "TOKEN", after: { show: "secret", fingerprint: digest } },
    ]);
  });

  test("says which values nobody gave yet", () => {
    const spec = {
      plan: "starter",
      envVars: { TOKEN: asked, GIVEN: asked, MADE: { from: "generated" } as const },
    };
    const comparison = comparisonOf(spec, { resolved: new Map([["envVars.GIVEN", known]]) });
    expect(askedNotes(comparison, table)).toEqual([
      { note: "needs-value", field: "envVars", entry: "TOKEN" },
    ]);
  });
});

describe("what is remembered of a value", () => {
  const remembered = (value: Value, resolved?: Resolved) => {
    const states = new Map(resolved ? [["envVars.TOKEN", resolved]] : []);
    const comparison = comparisonOf({}, { resolved: states });
    const place = { address: "render/service/api", field: "envVars.TOKEN" };
    const digest = digestDesired(comparison, table["envVars"]!, "envVars", "TOKEN", value);
    const words = ["one", "kept", "generated", "asked"];
    return digest && words.find((word) => digest === digestOf(comparison.key, place, word));
  };
  const output: Value = { from: "output", of: "rendercad/token/ci", output: "token" };

  test("is the value itself where it is known", () => {
    expect(remembered(output, known)).toBe("one");
    expect(remembered({ from: "generated" }, known)).toBe("one");
  });

  test("is that it was kept, where nobody can tell what it is", () => {
    expect(remembered(output, { state: "kept" })).toBe("kept");
  });

  test("is where it comes from, for what is made once or asked for, and nothing for all else", () => {
    expect(remembered({ from: "generated" }, { state: "untouched" })).toBe("generated");
    expect(remembered(asked)).toBe("asked");
    expect(remembered(output, { state: "later" })).toBeUndefined();
  });
});
