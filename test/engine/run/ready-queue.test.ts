import { expect, test } from "vitest";
import type { Step } from "../../../src/core/model/plan.ts";
import { ReadyQueue } from "../../../src/engine/run/ready-queue.ts";
import { makeStep } from "../../core/schedule/timetable.ts";

/** `s0`, `s1`, ...: each with what it needs. */
const stepsOf = (needs: readonly (readonly string[])[]): readonly Step[] =>
  needs.map((one, index) => makeStep(index, { spends: [], takes: 0, needs: one }));

function queueOf(needs: readonly (readonly string[])[], ranks: { readonly [id: string]: number } = {}) {
  const queue = new ReadyQueue(stepsOf(needs), new Map(Object.entries(ranks)));
  const take = (): readonly string[] => queue.take().map(({ id }) => id);
  return { queue, take };
}

test("a step is handed out once, when all that it needs are done", () => {
  const { queue, take } = queueOf([[], [], ["s0", "s1"], ["s0"], ["s2"]]);
  expect(take()).toEqual(["s0", "s1"]);
  expect(take()).toEqual([]);
  queue.done("s0");
  expect(take()).toEqual(["s3"]);
  queue.done("s1");
  expect(take()).toEqual(["s2"]);
  queue.done("s3");
  expect(take()).toEqual([]);
  queue.done("s2");
  expect(take()).toEqual(["s4"]);
});

test("several that became ready are handed out together, the most urgent first and the unranked last", () => {
  const { queue, take } = queueOf([[], ["s0"], ["s0"], ["s0"], ["s0"]], { s1: 5, s2: 1, s4: 3 });
  expect(take()).toEqual(["s0"]);
  queue.done("s0");
  expect(take()).toEqual(["s2", "s4", "s1", "s3"]);
});

test("what a step needs and this plan does not do is done, and a need that is said twice is one", () => {
  const { queue, take } = queueOf([["of another plan"], ["s0", "s0", "of another plan"]]);
  expect(take()).toEqual(["s0"]);
  queue.done("s0");
  expect(take()).toEqual(["s1"]);
});
