import { expect, test } from "vitest";
import { kinds } from "../../src/providers/kinds.ts";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { setOut, walk } from "./course.ts";
import { journeys } from "./everything.ts";
import { journeys as replacements } from "./replacement.ts";
import { cutAt, pointsOf } from "./points.ts";

test("the file that runs are killed on the way to has every kind of both accounts", async () => {
  const scene = await setOut({ journey: journeys[0]!, origin: undefined });
  const { changes } = await scene.plan();
  expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(kinds.keys()));
  await scene.close();
});

/** `npm run matrix` visits every point. */
const sampled = 2;

test.each([...journeys, ...replacements])(
  "a run that is killed on its way to $name everything leaves nothing that the next one cannot finish",
  async (journey) => {
    const course = await walk(journey);
    const points = pointsOf(course.passed);
    expect(points).toHaveLength(course.passed.writes * 2 + course.passed.appends);
    const random = makeRandom(Number(process.env["MATRIX_SEED"] ?? 1));
    const cuts = Array.from({ length: sampled }, () => points[Math.floor(random.next() * points.length)]!);
    for (const cut of [...cuts, { at: "commit", number: 1 } as const]) {
      expect({ cut, wrong: await cutAt(course, cut) }).toEqual({ cut, wrong: [] });
    }
    await course.close();
  },
);
