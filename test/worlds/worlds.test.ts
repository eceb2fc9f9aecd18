import { beforeAll, describe, expect, test } from "vitest";
import { makeRandom } from "../../src/simulator/base/random.ts";
import { coursesOf, endsOf, linesOf } from "./courses.ts";
import type { Play } from "./play.ts";
import { modelFiles } from "./files.ts";
import { modelGit } from "./git.ts";
import { openSmallWorld } from "./judge.ts";
import { lookAtLock, openLockWorld } from "./lock-world.ts";
import { callsOf, lookAround, smallWorlds, type Looked } from "./look-around.ts";

/**
 * Small worlds, looked at from all sides: two runs of `apply` on one state, three things to make, every operation on a file, on a
 * remote or on the account a choice, one blow from outside at every moment. The program is the real one, and what it does after
 * what it hears is kept (`program.ts`); the disk, git and the account are models (`disk.ts`, `git.ts`, `account.ts`). This looks at
 * all courses of most worlds, and at the first ones of those with a stall; `npm run worlds` at all.
 *
 * What all means: every order of what the two do, each with at most one blow at any moment of it. Of several operations that one
 * run has under way at once the oldest goes first. In the worlds of whole runs each step of the lock in a folder is one event, and
 * `lock-world.ts` takes those apart; reading a file is one event, and so is staging one, and what a run reads in a folder while it
 * has not the lock: it comes to nothing, since no write goes on from it (`courses.ts`). Time passes between any two events, only
 * not while a call is on its way, and a wait of less than a second takes none. Lists of the account do not lag here:
 * `npm run matrix` has that.
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
  play: Play,
  { after, isFine }: { readonly after: number; readonly isFine: boolean },
): Promise<readonly string[]> {
  const options = { blow: { blow: "stall" as const }, policy: "oldest" as const, isFine };
  const { system } = await coursesOf(play, options, async () => undefined);
  let state = system.first;
  for (let able = system.able(state); able.length > 0; able = system.able(state)) {
    const stood = linesOf(state).filter((line) => line.endsWith(" goes on")).length;
    const [ada] = state.places;
    const stands = typeof ada === "object" ? ada.pending.filter(({ sort }) => sort === "pause").length : 0;
    const turn = able.includes(2)
      ? stood + stands > after
        ? 2
        : 0
      : (able.find((one) => one === 1) ?? able[0]!);
    state = await system.step(state, turn);
  }
  return state.model.wrong;
}

describe("of two who want the lock of a folder", () => {
  test("one has it, in every order of all steps of taking, looking, beating and giving back", async () => {
    expectRight(await lookAtLock({ blow: "none" }), 150);
  });

  test("and it is found out when one writes that has not asked for its lease", async () => {
    expect(await standStill(openLockWorld(false), { after: 0, isFine: true })).toEqual([]);
    const wrong = await standStill(openLockWorld(true), { after: 0, isFine: true });
    expect(wrong).toEqual([expect.stringMatching(/^ada writes, and the lock says /u)]);
  });

  test.each(["kill", "stall", "power"] as const)("one has it, with a %s at any moment", async (blow) => {
    expectRight(await lookAtLock({ blow }, { most: 3_000 }), 300);
  });
});

/** Some courses of a world that is opened for each, every turn drawn; the same ones each time. */
async function wander(open: () => Play): Promise<readonly unknown[]> {
  const options = { blow: { blow: "stall" as const }, policy: "oldest" as const, isFine: false };
  const random = makeRandom(7);
  const found: unknown[] = [];
  for (let count = 0; count < 6; count += 1) {
    const play = open();
    const { system } = await coursesOf(play, options, async () => undefined);
    let state = system.first;
    for (let able = system.able(state); able.length > 0; able = system.able(state)) {
      state = await system.step(state, able[Math.floor(random.next() * able.length)]!);
      found.push(play.describe(state.model));
    }
    found.push(linesOf(state), endsOf(state));
  }
  return found;
}

describe.each(["file", "git"] as const)("a program in a world (%s)", (place) => {
  test("does where it goes on from what is known of it what it does when it runs from the beginning", async () => {
    const world = { ...smallWorlds[place], pauses: true };
    const known = openSmallWorld(world);
    const anew = await wander(() => openSmallWorld(world));
    expect(await wander(() => known)).toEqual(anew);
    expect(await wander(() => known)).toEqual(anew);
  });
});

describe.each(["file", "git"] as const)(
  "two runs on one state (%s) write nothing twice, lose no intent, and never write both",
  (place) => {
    const world = smallWorlds[place];

    test.each(["none", "kill", "stall", ...(place === "file" ? (["power"] as const) : [])] as const)(
      "in every order of what they do, or with a stall in the first ones: with a %s from outside",
      async (blow) => {
        // With a stall there are half a million states.
        const most = blow === "stall" ? 300 : Infinity;
        expectRight(await lookAround(world, { blow }, { most }), 100);
      },
    );

    test("with the answer to a call lost", async () => {
      const calls = await callsOf(world);
      expect(calls).toBeGreaterThan(2);
      for (const at of [0, calls - 1]) expectRight(await lookAround(world, { blow: "lost", at }), 2);
    });

    test("and it is found out when a call is sent without a check of the lease", async () => {
      const stalled = { ...world, pauses: true };
      // Each of the three is asked about before it is looked for, and the first one again right before it is sent.
      const at = { after: 3, isFine: false };
      expect(await standStill(openSmallWorld(stalled), at)).toEqual([]);
      const wrong = await standStill(openSmallWorld({ ...stalled, isUnchecked: true }), at);
      expect(wrong).toContainEqual(expect.stringMatching(/^ada sends POST one, and the lock says /u));
    });

    test("and it is found out when an intent is not kept", async () => {
      const { wrong } = await lookAround({ ...world, forgets: true }, { blow: "none" }, { most: 1 });
      expect(wrong.join("\n")).toContain("without an intent that is kept");
    });
  },
);
