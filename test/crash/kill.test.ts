import { expect, test } from "vitest";
import { journeys } from "../faults/shop.ts";
import { walk } from "./course.ts";
import { killAt, killPoints } from "./kill.ts";
import { journeys as replacements } from "./replacement.ts";

const [create] = journeys;
const [replace] = replacements;

test("each write is a point, and each third line of the journal, except the last ones", () => {
  const names = killPoints({ passed: { writes: 3, appends: 12 } }).map(
    ({ when, number }) => `${when} ${number}`,
  );
  expect(names).toEqual(["write 1", "write 2", "write 3", "line 1", "line 4"]);
});

test.each([create!, replace!])(
  "the real process, killed without warning on its way to $name, leaves what the next one finishes",
  async (journey) => {
    const course = await walk(journey);
    const point = { when: "write", number: 5 } as const;
    expect({ point, wrong: await killAt(course, point) }).toEqual({ point, wrong: [] });
    await course.close();
  },
);
