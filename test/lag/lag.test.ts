import { expect, test } from "vitest";
import { kinds } from "../../src/providers/kinds.ts";
import { madeKinds } from "./kinds.ts";
import { lagPoints, loseAt } from "./points.ts";

/** `npm run matrix -- lag` takes every loss with every lag. Here each kind goes through the two that doubled it. */
const shown = lagPoints(madeKinds).filter(
  ({ loss, lag }) =>
    (loss === "drop-after-commit" && lag === 90) || (loss === "killed before the answer" && lag === 5),
);

test("every kind of both accounts that can be made has its points", () => {
  const makeable = [...kinds.values()].filter(({ permanent }) => !permanent).map(({ name }) => name);
  expect(new Set(madeKinds.map(({ kind }) => kind))).toEqual(new Set(makeable));
});

test.each(shown.map((point) => ({ kind: point.made.kind, ...point })))(
  "a $kind of which the answer is lost ($loss) while lists lag by $lag seconds is made once",
  async (point) => {
    expect(await loseAt(point)).toEqual([]);
  },
);
