import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRandom } from "../../src/simulator/random.ts";
import { cutAt, pointsOf, walk, type Course, type Run } from "./points.ts";

const runs: readonly Run[] = ["create", "change"];
const sampled = Number(process.env["POINTS"] ?? 3);

/** `npm run matrix` visits every point; this is a sample, another one for each seed. */
describe.each(runs)("a run that is killed on its way to %s everything", (run) => {
  let course: Course;
  beforeAll(async () => void (course = await walk(run)));
  afterAll(() => course.close());

  test("ends as if it had not been, when the next one is done", async () => {
    const points = pointsOf(course.passed);
    expect(points).toHaveLength(course.passed.writes * 2 + course.passed.appends);
    const random = makeRandom(1);
    for (let index = 0; index < sampled; index += 1) {
      const cut = points[Math.floor(random.next() * points.length)]!;
      const { died, form, left } = await cutAt(course, cut);
      expect({ cut, died, left }).toEqual({ cut, died: true, left: [] });
      expect(form, `after ${cut.at} ${cut.number}`).toBe(course.form);
    }
  });
});
