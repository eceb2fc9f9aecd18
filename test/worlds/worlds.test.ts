import { beforeAll, describe, expect, test } from "vitest";
import { exploreAll } from "./explore.ts";
import { modelFiles } from "./files.ts";
import { judgeEnd, openFileWorld } from "./judge.ts";
import { coursesOf, pointsOf, type Blow, type SmallWorld } from "./small-world.ts";

/**
 * Small worlds, looked at from all sides: two runs of `apply` on one state in a folder, three things to make, every operation on
 * a file or on the account a choice, one blow from outside at every point. The program is the real one; the disk and the account
 * are models (`disk.ts`, `account.ts`). Of each point this looks at the first few courses; with TRUEUP_WORLDS=all at
 * all of them.
 */
const three = ["one", "two", "three"];
const block = (name: string): string =>
  `  - {type: keyvalue, name: ${name}, plan: starter, ipAllowList: []}\n`;
const world: SmallWorld = {
  file: `services:\n${three.map(block).join("")}`,
  environment: {},
  folder: "/work",
  runners: 2,
};
const isWhole = process.env["TRUEUP_WORLDS"] === "all";
/** Every so many points, and so many courses of each. */
const few = { none: [1, 30], kill: [6, 6], stall: [18, 6], power: [18, 1], lost: [1, 6] } as const;

// What it answers puts the real functions back at the end.
beforeAll(modelFiles);

async function explore(
  blow: Blow,
  most: number,
): Promise<{ readonly courses: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  const course = coursesOf(
    () => openFileWorld(world),
    world,
    blow,
    "oldest",
    async (replay) => {
      const found = await judgeEnd(replay, three);
      if (found.length > 0) wrong.push(`${found.join("\n")}\n${replay.stage.course.join("\n")}`);
    },
  );
  const courses = await exploreAll(course, most);
  return { courses, wrong };
}

describe("two runs on one state write nothing twice, lose no intent, and never write both", () => {
  test(
    "in every order of what they do",
    async () => {
      const { courses, wrong } = await explore({ blow: "none" }, isWhole ? Infinity : few.none[1]);
      expect(wrong[0]).toBeUndefined();
      expect(courses).toBeGreaterThan(20);
      if (isWhole) process.stdout.write(`nothing from outside: ${courses} courses\n`);
    },
    isWhole ? 7_200_000 : 300_000,
  );

  test.each(["kill", "stall", "power", "lost"] as const)(
    "with a %s at every point of the first",
    async (blow) => {
      const points = await pointsOf(() => openFileWorld(world), blow, "oldest");
      const [every, most] = isWhole ? [1, Infinity] : few[blow];
      let all = 0;
      for (const at of points.filter((_, index) => index % every === 0)) {
        const { courses, wrong } = await explore({ blow, at }, most);
        all += courses;
        expect(wrong[0], `${blow} before operation ${at}`).toBeUndefined();
      }
      if (isWhole) process.stdout.write(`${blow}: ${points.length} points, ${all} courses\n`);
      expect(points.length).toBeGreaterThan(2);
    },
    isWhole ? 7_200_000 : 300_000,
  );
});
