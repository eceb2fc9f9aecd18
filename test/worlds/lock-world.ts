import { FileLock } from "../../src/store/file/file-lock.ts";
import type { Hold } from "../../src/store/base/backend.ts";
import { isLockLost, LeaseKeeper } from "../../src/store/base/lease.ts";
import type { World } from "../../src/world/world.ts";
import { coursesOf, endsOf, linesOf, type Blow, type Policy, type State } from "./courses.ts";
import { exploreAll } from "./explore.ts";
import type { Looked } from "./look-around.ts";
import { finish, type Play } from "./play.ts";
import { Program } from "./program.ts";
import { copyOf, emptyModel, Runner, type Model } from "./stage.ts";

/**
 * The lock in a folder by itself, each of its steps an event: two runners take it, look, ask for their lease, write, beat and give
 * it back. The worlds of whole runs take each of these for one event; here it is shown that nothing between their steps makes two
 * holders.
 */
const path = "/work/lock";
const start = Date.UTC(2026, 10, 22, 9);

export function openLockWorld(isUnchecked: boolean): Play {
  const first = emptyModel("/work", start);
  const programs = new Map<string, Program>();
  return {
    first,
    isApart: false,
    program: (name, number) => {
      const begin = (now: number): Runner =>
        new Runner({ name, number, now, isApart: false }, (runner) => hold(runner, isUnchecked));
      const program = programs.get(name) ?? new Program(begin);
      programs.set(name, program);
      return program;
    },
    describe: ({ disk: there, holders, wrong }) => JSON.stringify([there.describe(), holders, wrong]),
    hasLock: () => true,
  };
}

async function hold(runner: Runner, isUnchecked: boolean): Promise<string> {
  const { name, number: pid, look: now } = runner;
  const holder = { user: name, host: "machine", pid, since: "", run: name };
  const since = { now: now(), steady: now() };
  const lock = await FileLock.take(path, holder, now);
  if (!(lock instanceof FileLock)) return "locked";
  await enter(runner);
  const renew = (): Promise<void> => lock.beat();
  const keeper = new LeaseKeeper({ now, steady: now } as World, { renew } as Hold, since);
  try {
    await lock.check();
    await runner.pause();
    if (!isUnchecked) await keeper.check();
    await write(runner);
    await lock.beat();
    await leave(runner);
    await lock.release();
    return "done";
  } catch (error) {
    await leave(runner);
    return isLockLost(error) ? "lock-lost" : String(error);
  }
}

/**
 * Between the end of taking and the beginning of giving back. While no time passes and nobody dies, whoever has taken the lock has
 * it until it is given back.
 */
function enter(runner: Runner): Promise<void> {
  const { name, number } = runner;
  return tellOfHolding(runner, "enters", (model) => {
    const others = model.holders.filter((one) => model.running.has(one));
    if (others.length > 0 && model.now === start)
      model.wrong = [...model.wrong, `${name} and process ${others[0]!} have the lock`];
    model.holders = [...model.holders, number].sort((one, other) => one - other);
  });
}

function leave(runner: Runner): Promise<void> {
  return tellOfHolding(runner, "leaves", (model) => {
    model.holders = model.holders.filter((one) => one !== runner.number);
  });
}

function tellOfHolding(runner: Runner, name: string, effect: (model: Model) => void): Promise<void> {
  return runner.begin({ name, sort: "pause", isAtOnce: () => true, effect });
}

/** The lock is its runner's, at its place or aside for a moment, and nobody else's. */
function write(runner: Runner): Promise<void> {
  return runner.begin({
    name: "writes",
    sort: "write",
    effect: (model) => {
      const { disk } = model;
      const own = (name: string): boolean =>
        disk.find(name)?.text.includes(`"run":"${runner.name}"`) === true;
      const aside = disk.names().filter((name) => name.startsWith(`${path}.`) && name.endsWith(".over"));
      const there = disk.find(path);
      if (!(there ? own(path) : aside.some(own)))
        model.wrong = [
          ...model.wrong,
          `${runner.name} writes, and the lock says ${there?.text ?? "nothing"}`,
        ];
    },
  });
}

/** Whatever happened, the next one gets the lock once its lease would be over, and leaves nothing. */
async function judge(play: Play, state: State): Promise<readonly string[]> {
  const model = copyOf(state.model);
  model.now += 20 * 60_000;
  const next = await finish(play, model, "next", 3);
  const ends = endsOf(state).flatMap(([name, end]) =>
    /^(?:killed|done|locked|lock-lost)$/u.test(end) ? [] : [`${name} ended: ${end}`],
  );
  return [...model.wrong, ...ends, ...(next === "done" ? [] : [`the next one ended: ${next}`])];
}

/** `isUnchecked`: writes without asking whether the lease is over, which has to be found out; likewise up to the first wrong course. */
export async function lookAtLock(
  blow: Blow,
  {
    policy = "oldest",
    most = Infinity,
    isUnchecked = false,
  }: { readonly policy?: Policy; readonly most?: number; readonly isUnchecked?: boolean } = {},
): Promise<Looked> {
  const wrong: string[] = [];
  let ends = 0;
  const options = { blow, policy, isFine: true };
  const play = openLockWorld(isUnchecked);
  const { system, points } = await coursesOf(play, options, async (state) => {
    ends += 1;
    const found = await judge(play, state);
    if (found.length > 0) wrong.push([...found, ...linesOf(state)].join("\n"));
  });
  const { courses, states } = await exploreAll(
    system,
    (count) => count >= most || (isUnchecked && wrong.length > 0),
  );
  return { courses, states, ends, points: points.size, wrong };
}
