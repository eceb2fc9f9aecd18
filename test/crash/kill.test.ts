import { expect, test } from "vitest";
import { journeys } from "../faults/shop.ts";
import { walk } from "./course.ts";
import { killAt, killPoints } from "./kill.ts";

const [create] = journeys;

test("there are thirty points, and one has its own name", () => {
  expect(new Set(killPoints.map(({ when, number }) => `${when} ${number}`)).size).toBe(30);
});

test("the real process, killed without warning, leaves what the next one finishes", async () => {
  const course = await walk(create!);
  const point = killPoints[4]!;
  expect({ point, wrong: await killAt(course, point) }).toEqual({ point, wrong: [] });
  await course.close();
});
