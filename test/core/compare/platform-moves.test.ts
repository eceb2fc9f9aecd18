import { expect, test } from "vitest";
import { digestOf } from "../../../src/core/base/digest.ts";
import { canonical, type Json } from "../../../src/core/base/json.ts";
import { leaveToPlatform } from "../../../src/core/compare/platform-moves.ts";
import type { Field, Mover } from "../../../src/core/model/field.ts";
import type { Note } from "../../../src/core/model/change.ts";
import { comparisonOf } from "./comparison.ts";

const name = "numInstances";

/** What becomes of a size that the file says, as live is, and what is remembered of it. */
function leave(mover: Mover | undefined, live: Json | undefined, remembered?: Json) {
  const { key, desired } = comparisonOf({ [name]: 3 });
  const digest = (value: Json) => digestOf(key, { address: desired.address, field: name }, canonical(value));
  const fields: { [field: string]: string } = remembered === undefined ? {} : { [name]: digest(remembered) };
  const field: Field = {
    description: "",
    schema: {},
    facet: "core",
    onChange: "update",
    ...(mover && { movedBy: () => mover }),
  };
  const spec = live === undefined ? {} : { [name]: live };
  const found = { id: "srv-1", name: "api", spec, outputs: {}, raw: {} };
  const notes: Note[] = [];
  const converged: string[] = [];
  const isSettled = leaveToPlatform(comparisonOf({ [name]: 3 }, { fields }), { name, field }, 3, {
    live: { address: desired.address, kind: desired.kind, found, matchedBy: "inventory" },
    found: { fields: [], notes, converged, moved: [], optional: [] },
  });
  return { isSettled, notes: notes.map((note) => ("text" in note ? note.text : note.note)), converged };
}

const free: Mover = { as: "free", because: "autoscaling is on" };
const floor: Mover = { as: "floor", because: "storage autoscaling is on" };

test("what nothing moves is compared as ever", () => {
  expect(leave(undefined, 5, 3)).toEqual({ isSettled: false, notes: [], converged: [] });
});

test("a count that goes up and down is not compared, and told where it is another one", () => {
  const notes = [
    "numInstances is 5 and the file says 3: autoscaling is on, so the file's value has no effect",
  ];
  expect(leave(free, 5, 3)).toEqual({ isSettled: true, notes, converged: [] });
  expect(leave(free, 1, 3).isSettled).toBe(true);
  expect(leave(free, 3, 3)).toEqual({ isSettled: true, notes: [], converged: [] });
  expect(leave(free, undefined, 3).notes).toEqual([expect.stringContaining("is null and the file says 3")]);
});

test("a size that only grows is a floor: more than that is what the file asks, and less is not", () => {
  const notes = [
    "numInstances is 5 and the file says 3: storage autoscaling is on, so the file's value is a floor",
  ];
  expect(leave(floor, 5, 3)).toEqual({ isSettled: true, notes, converged: [] });
  expect(leave(floor, 3, 3)).toEqual({ isSettled: true, notes: [], converged: [] });
  for (const live of [2, "5", undefined])
    expect(leave(floor, live, 3)).toEqual({ isSettled: false, notes: [], converged: [] });
});

test("the file's value is remembered, so that it counts again once the platform lets go", () => {
  expect(leave(free, 5).converged).toEqual([name]);
  expect(leave(floor, 5, 2).converged).toEqual([name]);
});
