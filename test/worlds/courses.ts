import type { Course, Event } from "./explore.ts";
import { diskOf } from "./files.ts";
import type { Operation, Runner, Stage } from "./stage.ts";

/** A world from its beginning: who acts in it, and where. */
export type Play = { readonly stage: Stage; start(name: string): Runner };

/**
 * What happens once, from outside, at any moment: the first runner is killed; everything loses its power; so much time passes
 * that every lease is over. Or the call of that number of the first runner, to an account or a remote, loses its answer, or
 * never arrives.
 */
export type Blow =
  | { readonly blow: "none" | "kill" | "power" | "stall" }
  | { readonly blow: "lost" | "unsent"; readonly at: number };

/** Of several operations of one runner that are under way at once: the oldest first, or the newest. */
export type Policy = "oldest" | "newest";

/** What everybody looks at who asks for the time. */
export const clock = "clock";
const longStall = 6 * 60_000;
const names = ["ada", "grace"] as const;

/** The courses of a world that one blow falls on. */
export type Courses = {
  readonly course: Course;
  /** Moments of the first runner, or of both, in which the blow fell. */
  readonly points: ReadonlySet<string>;
};

export type CourseOptions = {
  readonly blow: Blow;
  readonly policy: Policy;
  /** Each step of taking, checking and giving back the lock is an event of its own. */
  readonly isFine: boolean;
};

/** `ended` is called with each course that came to its end. */
export function coursesOf<P extends Play>(
  open: () => P,
  { blow, policy, isFine }: CourseOptions,
  ended: (play: P) => Promise<void>,
): Courses {
  const points = new Set<string>();
  const course: Course = async ({ choose, did }) => {
    const play = open();
    const { stage } = play;
    const group = names.map((name) => play.start(name));
    const went = group.map(() => 0);
    let isStruck = blow.blow === "none" || "at" in blow;
    let isOut = false;
    const go = async (runner: Runner, thread: number): Promise<Event> => {
      const isDue =
        "at" in blow && thread === 0 && went[0] === blow.at && isCall(nextOf(stage.pending, runner, policy));
      const done = [nextOf(stage.pending, runner, policy)];
      if (!("at" in blow) || isCall(done[0]!)) went[thread]! += 1;
      if (isDue) points.add(String(blow.at));
      const before = group.filter(({ state }) => state === "running");
      runner.hasLooked = false;
      stage.letGo(done[0]!, isDue ? blow.blow : "truth");
      for (await stage.settle(); runner.state === "running"; await stage.settle()) {
        const next = nextOf(stage.pending, runner, policy);
        if (!belongsTo(next, done.at(-1)!, isFine)) break;
        done.push(next);
        stage.letGo(next);
      }
      const over = before.filter(({ state }) => state !== "running").map(processOf);
      return eventOf(done, runner, { thread, over });
    };
    for (await stage.settle(); ;) {
      const able = group.flatMap(({ state }, thread) => (state === "running" ? [thread] : []));
      if (!isStruck) able.push(group.length);
      const turn = choose(isOut ? [] : able);
      if (turn === undefined) break;
      if (turn < group.length) did(await go(group[turn]!, turn));
      else {
        isStruck = true;
        isOut = isTooLate(blow, stage);
        if (!isOut) points.add(blow.blow === "kill" ? String(went[0]) : went.join(" "));
        did({ thread: turn, reads: [], changes: strike(stage, blow, isOut) });
      }
      if (stage.course.length > 3_000) throw new Error(`no end:\n${stage.course.slice(-40).join("\n")}`);
    }
    const isWhole = isStruck && !isOut && group.every(({ state }) => state !== "running");
    if (isWhole) await ended(play);
  };
  return { course, points };
}

/** How many calls a run that is alone sends, whose answers can be lost. */
export async function countCalls(open: () => Play): Promise<number> {
  const play = open();
  const { stage } = play;
  const runner = play.start(names[0]);
  let calls = 0;
  for (await stage.settle(); runner.state === "running"; await stage.settle()) {
    const next = nextOf(stage.pending, runner, "oldest");
    if (isCall(next)) calls += 1;
    stage.letGo(next);
  }
  return calls;
}

/** Reads of an account are asked again by the client, and tell nobody anything. */
function isCall({ sort }: Operation): boolean {
  return sort === "write" || sort === "remote";
}

/** What they touched, and what the code touched that they let go on; whoever ends it has to be noticed by each of its events. */
function eventOf(
  done: readonly Operation[],
  runner: Runner,
  { thread, over }: { readonly thread: number; readonly over: readonly string[] },
): Event {
  const looks = runner.hasLooked || done.some(({ sort }) => sort === "write") ? [clock] : [];
  const all = (of: "reads" | "changes"): readonly string[] => done.flatMap((one) => one[of]);
  return {
    thread,
    reads: [...new Set([...all("reads"), lifeOf(runner), ...looks])],
    changes: [...new Set([...all("changes"), ...over])],
  };
}

/**
 * Operations of one runner that are one event:
 *
 *   the lock       taking, checking, giving back: `lock-world.ts` looks at each of their steps by itself
 *   a file read    opened and read: what is read was there at one of the two moments
 *   a file staged  made, written and synced under a name that only its runner knows
 */
function belongsTo(next: Operation, last: Operation, isFine: boolean): boolean {
  const isOnly = (one: Operation, pattern: RegExp): boolean =>
    [...one.reads, ...one.changes].every((path) => pattern.test(path) || path.endsWith("/"));
  const touches = ({ reads, changes }: Operation): boolean => reads.length + changes.length > 0;
  const areBoth = (pattern: RegExp): boolean =>
    touches(last) && isOnly(next, pattern) && isOnly(last, pattern);
  if (next.sort !== "file" || last.sort !== "file") return false;
  if (!isFine && areBoth(/\/lock(?:$|\.)|^\/proc\//u)) return true;
  if (areBoth(/\.temporary$/u)) return true;
  return touches(next) && next.changes.length === 0 && next.reads.every((path) => last.reads.includes(path));
}

function lifeOf({ name }: Runner): string {
  return `life of ${name}`;
}

function processOf({ number }: Runner): string {
  return `/proc/${number}/stat`;
}

function nextOf(pending: readonly Operation[], runner: Runner, policy: Policy): Operation {
  const own = pending.filter((one) => one.runner === runner);
  return (policy === "oldest" ? own[0] : own.at(-1))!;
}

/**
 * A call that was checked and is on its way arrives within the margin of the lease (`lease.ts`): nothing that a program does
 * could help otherwise. So time does not pass while one is.
 */
function isTooLate({ blow }: Blow, { pending, runners, isApart }: Stage): boolean {
  const goOn = blow === "stall" ? runners : blow === "kill" && isApart ? runners.slice(1) : [];
  return pending.some(({ sort, runner }) => sort === "write" && goOn.includes(runner));
}

/** Answers with what it changed. */
function strike(stage: Stage, { blow }: Blow, isOut: boolean): readonly string[] {
  const [first, ...others] = stage.runners;
  const dead = blow === "power" || isOut ? [first!, ...others] : blow === "kill" ? [first!] : [];
  for (const one of dead) stage.kill(one);
  if (blow === "power") diskOf(stage).losePower();
  const passes = blow === "stall" || stage.isApart;
  if (passes) {
    stage.course.push("time passes");
    stage.now += longStall;
  }
  return [...dead.flatMap((one) => [lifeOf(one), processOf(one)]), ...(passes ? [clock] : [])];
}
