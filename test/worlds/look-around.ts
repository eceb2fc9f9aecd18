import { coursesOf, linesOf, type Blow, type Policy } from "./courses.ts";
import { countCalls } from "./play.ts";
import { exploreAll } from "./explore.ts";
import { makeJudge, openSmallWorld } from "./judge.ts";
import type { SmallWorld } from "./small-world.ts";

const things = ["one", "two", "three"];
const blocks = things.map((name) => `  - {type: keyvalue, name: ${name}, plan: starter, ipAllowList: []}\n`);
const services = `services:\n${blocks.join("")}`;

/** Three things to make, with the state in a folder of one machine, or on a branch that two machines reach. */
export const smallWorlds: { readonly [place in "file" | "git"]: SmallWorld } = {
  file: { file: services, environment: {}, folder: "/work", isApart: false },
  git: {
    file: `state: {backend: git}\n${services}`,
    environment: { TRUEUP_STATE_KEY: "0123456789abcdef".repeat(4) },
    folder: "/work",
    isApart: true,
  },
};

export type Looked = {
  /** Ways that were gone, each up to an end or to a state that was come to before. */
  readonly courses: number;
  readonly states: number;
  /** States in which both had ended. */
  readonly ends: number;
  /** Moments in which the blow fell. */
  readonly points: number;
  readonly wrong: readonly string[];
};

/** All courses of a small world that one blow falls on, or the first `most` of them; of a broken one up to the first wrong course. */
export async function lookAround(
  world: SmallWorld,
  blow: Blow,
  { policy = "oldest", most = Infinity }: { readonly policy?: Policy; readonly most?: number } = {},
): Promise<Looked> {
  const wrong: string[] = [];
  let ends = 0;
  const play = openSmallWorld({ ...world, pauses: blow.blow === "stall" });
  const judge = makeJudge(play, things);
  const options = { blow, policy, isFine: false };
  const { system, points } = await coursesOf(play, options, async (state) => {
    ends += 1;
    const found = await judge(state);
    if (found.length > 0) wrong.push([...found, ...linesOf(state)].join("\n"));
  });
  const isBroken = world.forgets === true || world.isUnchecked === true;
  const { courses, states } = await exploreAll(
    system,
    (count) => count >= most || (isBroken && wrong.length > 0),
  );
  return { courses, states, ends, points: points.size, wrong };
}

/** One for each call of a run whose answer can be lost. */
export function callsOf(world: SmallWorld): Promise<number> {
  return countCalls(openSmallWorld(world));
}
