import { expect, test } from "vitest";
import { canonical, type Json } from "../../../src/core/base/json.ts";
import { isSamePlain, isSayable, projected } from "../../../src/core/compare/compare-plain.ts";
import type { Field } from "../../../src/core/model/field.ts";

const plain: Field = { description: "", schema: {}, facet: "core", onChange: "update" };
const of = (schema: object): Field => ({ ...plain, schema: schema as Field["schema"] });

test("what the file clears is the same as whatever an API shows for cleared", () => {
  const cleared: readonly (Json | undefined)[] = [undefined, null, "", [], {}, { a: null, b: { c: "" } }];
  for (const wanted of [null, "", {}]) {
    for (const live of cleared) expect(isSamePlain(plain, wanted, live)).toBe(true);
    for (const live of ["x", 0, false, ["x"], { a: null, b: 1 }])
      expect(isSamePlain(plain, wanted, live)).toBe(false);
  }
});

test("an empty list in the file is the same as an empty list only", () => {
  expect(isSamePlain(plain, [], [])).toBe(true);
  for (const live of [undefined, null, "", {}, ["x"]]) expect(isSamePlain(plain, [], live)).toBe(false);
});

test("a value is the same as its equal, and as what the field says is the same", () => {
  expect(isSamePlain(plain, { a: [1] }, { a: [1] })).toBe(true);
  expect(isSamePlain(plain, { a: [1] }, { a: [2] })).toBe(false);
  expect(isSamePlain(plain, "x", undefined)).toBe(false);
  const prefixed: Field = {
    ...plain,
    same: (wanted, live) => canonical(live).startsWith(canonical(wanted).slice(0, -1)),
  };
  expect(isSamePlain(prefixed, "main", "main_x1")).toBe(true);
  expect(isSamePlain(prefixed, "main", "other")).toBe(false);
  expect(isSamePlain({ ...plain, same: () => true }, "main", undefined)).toBe(false);
});

test("live is cut down to the members that the file names, in depth, and one that is not shown is null", () => {
  expect(projected({ a: { b: 1 }, c: 2 }, { a: { b: 3, x: 4 }, y: 5 })).toEqual({ a: { b: 3 }, c: null });
  expect(projected("x", { a: 1 })).toEqual({ a: 1 });
  expect(projected({ a: 1 }, "x")).toBe("x");
});

test.each<[string, Field, readonly Json[], readonly (Json | undefined)[]]>([
  ["any value", plain, [0, false, "x", [], {}], [undefined, null, ""]],
  ["a text", of({ type: "string" }), ["x"], [1, true, null]],
  ["a number", of({ type: "number" }), [1, 1.5], ["1"]],
  ["a whole number", of({ type: "integer" }), [1], [1.5, "1", null]],
  ["a word of some", of({ enum: ["oregon"] }), ["oregon"], ["OREGON", "mars"]],
  ["an object", of({ type: "object" }), [{}], [[], "x"]],
  ["a list", of({ type: "array" }), [[], [1]], [{}, "x"]],
  ["a list of texts", of({ type: "array", items: { type: "string" } }), [[], ["x"]], [[1], ["x", null]]],
])("a file could say %s that fits the field, and nothing else that an API shows", (_what, field, yes, no) => {
  for (const live of yes) expect(isSayable(field, live)).toBe(true);
  for (const live of no) expect(isSayable(field, live)).toBe(false);
});

test("a file could say a word that was retired", () => {
  const loose = { retired: ["starter-old"] };
  const field: Field = { ...of({ enum: ["starter"] }), loose };
  expect(isSayable(field, "starter-old")).toBe(true);
  expect(isSayable(field, "other-old")).toBe(false);
});
