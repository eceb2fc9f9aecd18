import { rm } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import { pointsOf } from "../crash/points.ts";
import { countPoints, cutAt, reachStart, type Start, type Way } from "./crash.ts";

/** Every boundary of the journal and of HTTP, in every run of the suite: a value that is lost is found out by nobody else. */
describe.each<Way>(["delivery", "rotation"])("a %s that is killed anywhere", (way) => {
  let start: Start = {};
  afterAll(async () => {
    if (start.state !== undefined) await rm(start.state, { recursive: true, force: true });
  });

  test("is whole after one more run", async () => {
    start = await reachStart(way);
    const passed = await countPoints(way, start);
    const points = pointsOf(passed);
    expect(points).toHaveLength(passed.writes * 2 + passed.appends);
    const wrong: string[] = [];
    for (const cut of points) {
      const found = await cutAt(way, start, cut);
      wrong.push(...found.map((what) => `${cut.at} ${cut.number}: ${what}`));
    }
    expect(wrong).toEqual([]);
  });
});
