import { FileLock } from "../../src/store/file/file-lock.ts";
import type { Hold } from "../../src/store/base/backend.ts";
import { isLockLost, LeaseKeeper } from "../../src/store/base/lease.ts";
import type { World } from "../../src/world/world.ts";
import { coursesOf, type Blow, type Policy } from "./courses.ts";
import { exploreAll } from "./explore.ts";
import { diskOf } from "./files.ts";
import type { Looked } from "./look-around.ts";
import { Stage, type Runner } from "./stage.ts";

/**
 * The lock in a folder by itself, each of its steps an event: two runners take it, look, ask for their lease, write, beat and give
 * it back. The worlds of whole runs take each of these for one event; here it is shown that nothing between their steps makes two
 * holders.
 */
const path = "/work/lock";
const start = Date.UTC(2026, 10, 22, 9);

export class LockPlay {
  readonly stage = new Stage(start, false);
  readonly wrong: string[] = [];
  /** Runners between the end of taking and the beginning of giving back. */
  readonly #holders = new Set<Runner>();

  readonly #isUnchecked: boolean;

  constructor(isUnchecked: boolean) {
    this.#isUnchecked = isUnchecked;
    diskOf(this.stage).makeFolder("/work");
  }

  start(name: string): Runner {
    return this.stage.start(name, (runner) => this.#hold(runner));
  }

  describe(): string {
    const ends = this.stage.runners.map(({ end }) => String(end));
    return JSON.stringify([diskOf(this.stage).describeAll(), ends, this.wrong]);
  }

  hasLock(): boolean {
    return true;
  }

  async #hold(runner: Runner): Promise<string> {
    const { name, number: pid } = runner;
    const now = (): number => {
      runner.hasLooked = true;
      return this.stage.now;
    };
    const holder = { user: name, host: "machine", pid, since: "", run: name };
    const since = { now: now(), steady: now() };
    const lock = await FileLock.take(path, holder, now);
    if (!(lock instanceof FileLock)) return "locked";
    this.#enter(runner);
    const renew = (): Promise<void> => lock.beat();
    const keeper = new LeaseKeeper({ now, steady: now } as World, { renew } as Hold, since);
    try {
      await lock.check();
      await this.stage.pause(runner);
      if (!this.#isUnchecked) await keeper.check();
      await this.#write(runner);
      await lock.beat();
      this.#holders.delete(runner);
      await lock.release();
      return "done";
    } catch (error) {
      this.#holders.delete(runner);
      if (isLockLost(error)) return "lock-lost";
      throw error;
    }
  }

  /** While no time passes and nobody dies, whoever has taken the lock has it until it is given back. */
  #enter(runner: Runner): void {
    const others = [...this.#holders].filter(({ state }) => state === "running");
    const hasPassed = this.stage.now > start;
    if (others.length > 0 && !hasPassed)
      this.wrong.push(`${runner.name} and ${others[0]!.name} have the lock`);
    this.#holders.add(runner);
  }

  /** The lock is its runner's, at its place or aside for a moment, and nobody else's. */
  #write(runner: Runner): Promise<void> {
    return this.stage.begin({
      runner,
      name: "writes",
      touches: () => ({ reads: diskOf(this.stage).names.has(path) ? [path] : [path, "/work/"] }),
      sort: "write",
      effect: () => {
        const { names } = diskOf(this.stage);
        const own = (name: string): boolean =>
          names.get(name)?.text.includes(`"run":"${runner.name}"`) === true;
        const aside = [...names.keys()].filter(
          (name) => name.startsWith(`${path}.`) && name.endsWith(".over"),
        );
        const isOwn = names.has(path) ? own(path) : aside.some(own);
        if (!isOwn)
          this.wrong.push(`${runner.name} writes, and the lock says ${names.get(path)?.text ?? "nothing"}`);
      },
    });
  }
}

/** Whatever happened, the next one gets the lock once its lease would be over, and leaves nothing. */
async function judge({ stage, wrong }: LockPlay, next: Runner): Promise<readonly string[]> {
  const ends = stage.runners.flatMap(({ name, state, end }) =>
    state === "killed" || (typeof end === "string" && /^(?:done|locked|lock-lost)$/u.test(end))
      ? []
      : [`${name} ended: ${String(end)}`],
  );
  return [...wrong, ...ends, ...(next.end === "done" ? [] : [`the next one ended: ${String(next.end)}`])];
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
  const { course, points } = coursesOf(
    () => new LockPlay(isUnchecked),
    options,
    async (play) => {
      ends += 1;
      const course = [...play.stage.course];
      play.stage.now += 20 * 60_000;
      const next = play.start("next");
      await play.stage.finish(next);
      const found = await judge(play, next);
      if (found.length > 0) wrong.push([...found, ...course].join("\n"));
    },
  );
  const courses = await exploreAll(course, (count) => count >= most || (isUnchecked && wrong.length > 0));
  return { courses, ends, points: points.size, wrong };
}
