import { expect, test } from "vitest";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { walk } from "../crash/course.ts";
import { breakAt, faultyCallsOf } from "./points.ts";
import { journeys } from "./shop.ts";

/** `npm run matrix` breaks every call with every fault. */
const sampled = 8;

test.each(journeys)(
  "one call that goes wrong on the way to $name a shop: no wrong delete, no duplicate, and the next run is done",
  async (journey) => {
    const course = await walk(journey);
    const points = faultyCallsOf(course);
    const random = makeRandom(Number(process.env["MATRIX_SEED"] ?? 1));
    for (let index = 0; index < sampled; index += 1) {
      const point = points[Math.floor(random.next() * points.length)]!;
      expect({ ...point, wrong: await breakAt(course, point) }).toEqual({ ...point, wrong: [] });
    }
    await course.close();
  },
);
