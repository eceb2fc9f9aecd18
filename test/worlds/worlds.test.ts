import { beforeAll, describe, expect, test } from "vitest";
import { coursesOf, type Play } from "./courses.ts";
import { modelFiles } from "./files.ts";
import { modelGit } from "./git.ts";
import { openSmallWorld } from "./judge.ts";
import { lookAtLock, LockPlay } from "./lock-world.ts";
import { callsOf, lookAround, smallWorlds, type Looked } from "./look-around.ts";

/**
 * Small worlds, looked at from all sides: two runs of `apply` on one state, three things to make, every operation on a file, on a
 * remote or on the account a choice, one blow from outside at every moment. The program is the real one; the disk, git and the
 * account are models (`disk.ts`, `git.ts`, `account.ts`). This looks at the first courses of each world; `npm run worlds` at all.
 *
 * What all means: every order of what the two do that can make a difference (`explore.ts` says why the others cannot), each with
 * at most one blow at any moment of it. Of several operations that one run has under way at once the oldest goes first. In
 * the worlds of whole runs each step of the lock in a folder is one event, and `lock-world.ts` takes those apart; reading a
 * file is one event, and so is staging one, and what a run reads in a folder while it has not the lock (`courses.ts`). Time passes
 * between any two steps that may depend on it, not between all others. Lists of the account do not lag here: `npm run matrix`
 * has that.
 */
// What they answer puts the real ones back at the end.
beforeAll(modelFiles);
beforeAll(modelGit);

function expectRight({ courses, ends, wrong }: Looked, least: number): void {
  expect(wrong[0]).toBeUndefined();
  expect(courses).toBeGreaterThanOrEqual(least);
  expect(ends).toBeGreaterThan(0);
}

/** One course: the first run stands still right before it asks for its lease once more, and the other goes to its end. */
async function standStill(
  open: () => Play & { readonly wrong: readonly string[] },
  { after, isFine }: { readonly after: number; readonly isFine: boolean },
): Promise<readonly string[]> {
  let play: ReturnType<typeof open> | undefined;
  const asked = new Set<unknown>();
  const { course } = coursesOf(
    () => (play = open()),
    { blow: { blow: "stall" }, policy: "oldest", isFine },
    async () => undefined,
  );
  await course({
    choose: (able) => {
      if (!able.includes(2)) return able.find((one) => one === 1) ?? able[0];
      for (const one of play!.stage.pending) if (one.sort === "pause") asked.add(one);
      return asked.size > after ? 2 : 0;
    },
    did: () => undefined,
  });
  return play!.wrong;
}

describe("of two who want the lock of a folder", () => {
  test("one has it, in every order of all steps of taking, looking, beating and giving back", async () => {
    expectRight(await lookAtLock({ blow: "none" }), 150);
  });

  test("and it is found out when one writes that has not asked for its lease", async () => {
    expect(await standStill(() => new LockPlay(false), { after: 0, isFine: true })).toEqual([]);
    const wrong = await standStill(() => new LockPlay(true), { after: 0, isFine: true });
    expect(wrong).toEqual([expect.stringMatching(/^ada writes, and the lock says /u)]);
  });

  test.each(["kill", "stall", "power"] as const)("one has it, with a %s at any moment", async (blow) => {
    expectRight(await lookAtLock({ blow }, { most: 300 }), 300);
  });
});

describe.each(["file", "git"] as const)(
  "two runs on one state (%s) write nothing twice, lose no intent, and never write both",
  (place) => {
    const world = smallWorlds[place];

    test.each(["none", "kill", "stall", ...(place === "file" ? (["power"] as const) : [])] as const)(
      "in the first orders of what they do, with a %s from outside",
      async (blow) => {
        expectRight(await lookAround(world, { blow }, { most: 25 }), 4);
      },
    );

    test("with the answer to a call lost", async () => {
      const calls = await callsOf(world);
      expect(calls).toBeGreaterThan(2);
      for (const at of [0, calls - 1])
        expectRight(await lookAround(world, { blow: "lost", at }, { most: 4 }), 2);
    });

    test("and it is found out when a call is sent without a check of the lease", async () => {
      const stalled = { ...world, pauses: true };
      // Each of the three is asked about before it is looked for, and the first one again right before it is sent.
      const at = { after: 3, isFine: false };
      expect(await standStill(() => openSmallWorld(stalled), at)).toEqual([]);
      const wrong = await standStill(() => openSmallWorld({ ...stalled, isUnchecked: true }), at);
      expect(wrong).toContainEqual(expect.stringMatching(/^ada sends POST one, and the lock says /u));
    });

    test("and it is found out when an intent is not kept", async () => {
      const { wrong } = await lookAround({ ...world, forgets: true }, { blow: "none" }, { most: 1 });
      expect(wrong.join("\n")).toContain("without an intent that is kept");
    });
  },
);
