import { expect, test } from "vitest";
import { madeKinds } from "./kinds.ts";
import { lagPoints, loseAt } from "./points.ts";

/** `npm run matrix -- lag` takes every loss with every lag. Here each kind goes through the two that doubled it. */
const shown = lagPoints(madeKinds).filter(
  ({ loss, lag }) =>
    (loss === "drop-after-commit" && lag === 90) || (loss === "killed before the answer" && lag === 5),
);

test.each(shown.map((point) => ({ kind: point.made.kind, ...point })))(
  "a $kind of which the answer is lost ($loss) while lists lag by $lag seconds is made once",
  async (point) => {
    expect(await loseAt(point)).toEqual([]);
  },
);
