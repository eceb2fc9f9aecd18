import type { Course } from "./explore.ts";
import { diskOf } from "./files.ts";
import { digest, hear, type Operation, type Runner, type Stage } from "./stage.ts";
import type { Event, Touched } from "./touched.ts";

/** A world from its beginning: who acts in it, and where. */
export type Play = {
  readonly stage: Stage;
  start(name: string): Runner;
  /** All that is in it beside the runners that run: how the others ended, and what was found wrong. */
  describe(): string;
  /** Whether what it reads can still come to anything: it has the lock. */
  hasLock(runner: Runner): boolean;
};

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
      const first = nextOf(stage.pending, runner, policy);
      const done = [{ ...first, touched: first.touches() }];
      if (!("at" in blow) || isCall(first)) went[thread]! += 1;
      if (isDue) points.add(String(blow.at));
      const before = group.filter(({ state }) => state === "running");
      runner.hasLooked = false;
      runner.hasChecked = false;
      stage.letGo(first, isDue ? blow.blow : "truth");
      for (await stage.settle(); runner.state === "running"; await stage.settle()) {
        const next = nextOf(stage.pending, runner, policy);
        const areReads = !play.hasLock(runner) && areLooks(next, done.at(-1)!);
        if (!areReads && !belongsTo(next, done.at(-1)!, isFine)) break;
        done.push({ ...next, touched: next.touches() });
        stage.letGo(next);
      }
      if (runner.hasLooked) hear(runner, "clock", stage.now);
      const over = before.filter(({ state }) => state !== "running").map(processOf);
      return eventOf(done, runner, { thread, over, isFine });
    };
    for (await stage.settle(); ;) {
      const able = group.flatMap(({ state }, thread) => (state === "running" ? [thread] : []));
      if (!isStruck) able.push(group.length);
      const state = (): string =>
        digest(JSON.stringify([isStruck, stage.now, group.map(whatItIs), play.describe()]));
      const turn = choose(isOut ? [] : able, state);
      if (turn === undefined) break;
      if (turn < group.length) did(await go(group[turn]!, turn));
      else {
        isStruck = true;
        isOut = isTooLate(blow, stage);
        if (!isOut) points.add(blow.blow === "kill" ? String(went[0]) : went.join(" "));
        did({ thread: turn, reads: [], ...strike(stage, blow, isOut) });
      }
      if (stage.course.length > 3_000) throw new Error(`no end:\n${stage.course.slice(-40).join("\n")}`);
    }
    const isWhole = isStruck && !isOut && group.every(({ state }) => state !== "running");
    if (isWhole) await ended(play);
  };
  return { course, points };
}

/** A program does the same again when it hears the same, so what it has heard stands for all that it knows and for where it is. */
function whatItIs({ state, heard }: Runner): string {
  return state === "running" ? heard : state;
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

/**
 * A run asks for the time on many occasions, mostly to write it down. What it does depends on it where it takes, checks or
 * prolongs the lock, and where it has waited; so time passes between any two of these, and not before and after each other step.
 */
function isOfLock({ sort, paths }: Operation): boolean {
  return sort !== "file" ? sort !== "read" : paths.some((path) => /\/lock(?:$|\.)/u.test(path));
}

/** What they touched, and what the code touched that they let go on; whoever ends it has to be noticed by each of its events. */
function eventOf(
  done: readonly (Operation & { readonly touched: Partial<Touched> })[],
  runner: Runner,
  {
    thread,
    over,
    isFine,
  }: { readonly thread: number; readonly over: readonly string[]; readonly isFine: boolean },
): Event {
  const isTimed = runner.hasLooked && (isFine || done.some(isOfLock));
  const looks = isTimed || runner.hasChecked || done.some(({ sort }) => sort === "write") ? [clock] : [];
  const all = (way: keyof Touched): readonly string[] => done.flatMap(({ touched }) => touched[way] ?? []);
  return {
    thread,
    reads: [...new Set([...all("reads"), lifeOf(runner), ...looks])],
    changes: [...new Set([...all("changes"), ...over])],
    adds: [...new Set(all("adds"))],
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
  const isOnly = ({ paths }: Operation, pattern: RegExp): boolean =>
    paths.every((path) => pattern.test(path) || path.endsWith("/"));
  const areBoth = (pattern: RegExp): boolean =>
    last.paths.length > 0 && isOnly(next, pattern) && isOnly(last, pattern);
  if (next.sort !== "file" || last.sort !== "file") return false;
  if (!isFine && areBoth(/\/lock(?:$|\.)|^\/proc\//u)) return true;
  if (areBoth(/\.temporary$/u)) return true;
  return next.name.startsWith("read ") && last.name.startsWith("open ") && next.paths[0] === last.paths[0];
}

/** What is read one after the other, and what is staged beside: of a runner without the lock one event. */
function areLooks(...all: readonly Operation[]): boolean {
  return all.every(({ sort, paths, touches }) => {
    const { changes = [], adds = [] } = touches();
    if (sort === "sleep" || sort === "write" || sort === "remote") return false;
    return changes.length + adds.length === 0 || paths.every((path) => path.endsWith(".temporary"));
  });
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

function strike(stage: Stage, { blow }: Blow, isOut: boolean): Pick<Touched, "changes" | "adds"> {
  const [first, ...others] = stage.runners;
  const dead = blow === "power" || isOut ? [first!, ...others] : blow === "kill" ? [first!] : [];
  for (const one of dead) stage.kill(one);
  if (blow === "power") diskOf(stage).losePower();
  const passes = blow === "stall" || stage.isApart;
  if (passes) {
    stage.course.push("time passes");
    stage.now += longStall;
  }
  return { changes: dead.flatMap((one) => [lifeOf(one), processOf(one)]), adds: passes ? [clock] : [] };
}
