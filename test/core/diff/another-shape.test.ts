import { expect, test } from "vitest";
import { leaveOtherShape, type OtherShape } from "../../../src/core/diff/another-shape.ts";
import type { Note } from "../../../src/core/model/change.ts";
import { kinds } from "../../../src/providers/kinds.ts";
import { field } from "../guards/guard-input.ts";

const [wanted, shape] = kinds.get("render/service")!.shapes;
const known: OtherShape = { wanted: wanted!, shape: shape! };
const unknown: OtherShape = { wanted: wanted! };
const absent = { show: "absent" } as const;
const stays: Note = {
  note: "stays",
  field: "type",
  before: absent,
  after: absent,
  verdict: "outside",
  text: "",
};
const asked: Note = { note: "needs-value", field: "envVars", entry: "TOKEN" };

const left = {
  fields: [field({ field: "plan" })],
  optional: [field({ field: "envVars", entry: "TOKEN" })],
  notes: [stays, asked],
  converged: ["region"],
  moved: ["region"],
  settled: { region: "aa" },
};

test("nothing is written to an object of another shape, and what stays is told", () => {
  expect(leaveOtherShape(left, known, false)).toEqual({ ...left, fields: [], optional: [], notes: [stays] });
});

test("of an object of another shape that is not ours nothing is noted either, known or not", () => {
  const nothing = { fields: [], optional: [], converged: [], moved: [], settled: {}, notes: [] };
  expect(leaveOtherShape(left, known, true)).toEqual(nothing);
  expect(leaveOtherShape(left, unknown, true)).toEqual(nothing);
});

test("all is left as it is where the shape is the block's, where nobody knows it of ours, or where another one takes its place", () => {
  expect(leaveOtherShape(left, undefined, false)).toBe(left);
  expect(leaveOtherShape(left, undefined, true)).toBe(left);
  expect(leaveOtherShape(left, unknown, false)).toBe(left);
  const replaced = { ...left, fields: [...left.fields, field({ field: "type", forcesReplace: true })] };
  for (const isForeign of [true, false]) expect(leaveOtherShape(replaced, known, isForeign)).toBe(replaced);
});
