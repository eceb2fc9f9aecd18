import { expect, test } from "vitest";
import { problem } from "../../../src/core/base/problem.ts";
import { addFrames } from "../../../src/file/blocks/add-frames.ts";

const text = `settings: { secretKeys: [COLOUR] }
services:
  - type: web
    name: api
    runtime: docker
    envVars:
      - { key: COLOUR, value: teal }
      - key: DATABASE_URL
        fromDatabase: { name: mian, property: connectionString }`;
const where = { file: "trueup.yaml", line: 9, column: 23 };
const target = problem("error", "unknown-target", "There is no mian.", "Correct it.", { where });

test("a problem that knows only its place gets the lines around it", () => {
  const [framed] = addFrames([target], [{ name: "trueup.yaml", text }]);
  expect(framed?.frame).toBe(`  7 |       - { key: COLOUR, value: **** }
  8 |       - key: DATABASE_URL
> 9 |         fromDatabase: { name: mian, property: connectionString }
    |                       ^`);
});

test("what one file calls secret is masked in the frames of all", () => {
  const other = { name: "more.yaml", text: text.split("\n").slice(1).join("\n") };
  const there = { ...target, where: { file: "more.yaml", line: 6, column: 9 } };
  const settings = { name: "trueup.yaml", text };
  expect(addFrames([there], [settings, other])[0]?.frame).toContain("value: ****");
  expect(addFrames([there], [other])[0]?.frame).toContain("value: teal");
});

test("one that has a frame, no place, or a line that the file has no more stays as it is", () => {
  const sources = [{ name: "trueup.yaml", text }];
  const others = [
    { ...target, frame: "> 1 | as it is" },
    problem("error", "no-api-key", "There is no key.", "Set it."),
    { ...target, where: { ...where, line: 99 } },
    { ...target, where: { ...where, file: "gone.yaml" } },
  ];
  expect(addFrames(others, sources)).toEqual(others);
});
