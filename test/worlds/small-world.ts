import { setImmediate } from "node:timers/promises";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { HttpRequest } from "../../src/world/transport.ts";
import { planDefaults } from "../scene.ts";
import { openAccount, type Account } from "./account.ts";
import type { Course, Event } from "./explore.ts";
import { diskOf } from "./files.ts";
import { Stage, type Operation, type Runner } from "./stage.ts";

/**
 * What happens once, from outside, before the operation of that number of the first runner: it is killed; everything loses its power;
 * it stands still for longer than its lease while the others go on; the answer to that call is lost.
 */
export type Blow =
  | { readonly blow: "none" }
  | { readonly blow: "kill" | "power" | "stall" | "lost"; readonly at: number };

/** Of several operations of one runner that are under way at once: the oldest first, or the newest. */
export type Policy = "oldest" | "newest";

export type SmallWorld = {
  readonly file: string;
  readonly environment: { readonly [name: string]: string };
  readonly folder: string;
  readonly runners: number;
};

/** What everybody looks at who decides by time: whether a lock is over. Times that are only written down do not count. */
const clock = "clock";
const longStall = 6 * 60_000;
const start = Date.UTC(2026, 10, 22, 9);
const names = ["ada", "grace", "hopper"] as const;

/** One replay of a small world; `judge` says what is wrong with it at its end. */
export class Replay {
  readonly stage = new Stage(start);
  readonly account: Account;
  readonly wrong: string[] = [];
  readonly #world: SmallWorld;
  readonly #drawn = new Map<string, number>();

  constructor(world: SmallWorld) {
    this.#world = world;
    this.account = openAccount(() => this.stage.now);
    diskOf(this.stage).makeFolder(world.folder);
    diskOf(this.stage).makeFolder("/tmp");
  }

  start(name: string): Runner {
    const number = this.stage.runners.length + 1;
    const runner = this.stage.start(name, (self) =>
      runApply({ ...planDefaults, yes: true }, this.#depsOf(self, number)),
    );
    return runner;
  }

  #depsOf(runner: Runner, pid: number): Deps {
    const { stage } = this;
    const { file, folder, environment } = this.#world;
    const { name } = runner;
    return {
      world: {
        now: () => stage.now,
        steady: () => stage.now,
        random: () => 0.5,
        randomHex: (bytes) => {
          const drawn = (this.#drawn.get(name) ?? 0) + 1;
          this.#drawn.set(name, drawn);
          return `${pid}${drawn.toString(16).padStart(bytes * 2 - 1, "0")}`;
        },
        stop: new AbortController().signal,
        sleep: (time) => this.#sleep(runner, time),
        send: (request) => this.#send(runner, request),
      },
      environment: { ...this.account.env, ...environment },
      folder,
      version: "0.0.0",
      download: () => Promise.reject(new Error("nothing is downloaded here")),
      readFile: async (path) => (path.endsWith("trueup.yaml") ? Buffer.from(file) : undefined),
      origin: async () => undefined,
      checkouts: {
        realPath: async (path) => path,
        exists: async (path) => path.endsWith("trueup.yaml"),
        list: async () => [],
        openCheckout: async () => undefined,
      },
      commit: async () => undefined,
      user: { name, host: "machine", pid },
      log: () => undefined,
      events: () => undefined,
      planned: () => undefined,
      confirm: async () => "unable",
      askValue: async () => undefined,
    };
  }

  /** Time passes for all. */
  #sleep(runner: Runner, time: number): Promise<void> {
    const effect = (): void => void (this.stage.now += Math.max(0, time));
    return this.stage.begin({
      runner,
      name: `sleep ${time}`,
      reads: [],
      changes: [clock],
      sort: "sleep",
      effect,
    });
  }

  #send(runner: Runner, request: HttpRequest): ReturnType<Deps["world"]["send"]> {
    const { pathname } = new URL(request.url);
    const table = `account${pathname.split("/", 3).join("/")}`;
    const isRead = request.method === "GET";
    return this.stage.begin({
      runner,
      name: `${request.method} ${pathname}${isRead ? "" : ` ${nameIn(request.body)}`}`,
      reads: isRead ? [table] : [],
      changes: isRead ? [] : [table],
      sort: isRead ? "read" : "write",
      effect: () => {
        if (!isRead) this.wrong.push(...this.judgeWrite(runner, request));
        return this.account.answer(request);
      },
    });
  }

  /** What is wrong at the moment in which a write reaches the account. */
  judgeWrite: (runner: Runner, request: HttpRequest) => readonly string[] = () => [];

  /** Until everybody who runs waits for an operation, or has ended. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5_000; turn += 1) {
      const idle = this.stage.runners.some(
        (one) => one.state === "running" && !this.stage.pending.some(({ runner }) => runner === one),
      );
      await setImmediate();
      if (!idle) return;
    }
    throw new Error(`a runner neither ends nor waits:\n${this.stage.course.join("\n")}`);
  }

  /** Goes on to its end, one operation after another. */
  async finish(runner: Runner): Promise<void> {
    for (await this.settle(); runner.state === "running"; await this.settle()) {
      const [next] = this.stage.pending.filter((one) => one.runner === runner);
      if (next) this.stage.letGo(next);
      if (this.stage.course.length > 5_000) throw new Error("a runner does not end");
    }
  }
}

function nameIn(body: string | undefined): string {
  return /"name":"([^"]*)"/u.exec(body ?? "")?.[1] ?? "";
}

/** The courses of a world that one blow falls on. `ended` is called with each that came to its end. */
export function coursesOf(
  open: () => Replay,
  { runners }: SmallWorld,
  blow: Blow,
  policy: Policy,
  ended: (replay: Replay) => Promise<void>,
): Course {
  const at = blow.blow === "none" ? -1 : blow.at;
  const strikes = blow.blow !== "none" && blow.blow !== "lost";
  return async (choose) => {
    const replay = open();
    const { stage } = replay;
    const group = names.slice(0, runners).map((name) => replay.start(name));
    const events: Event[] = [];
    let passed = 0;
    let isStruck = false;
    for (await replay.settle(); ; await replay.settle()) {
      const isDue = (number: number): boolean => number === 0 && passed === at && !isStruck;
      const able = new Map(
        group.flatMap((runner, number) => {
          if (runner.state !== "running") return [];
          const next = nextOf(stage.pending, runner, policy);
          return [
            [
              number,
              isDue(number) && strikes ? blowEvent(blow.blow, number) : eventOf(next, number),
            ] as const,
          ];
        }),
      );
      if (able.size === 0) break;
      const turn = choose(able);
      if (turn === undefined) return events;
      events.push(able.get(turn)!);
      const next = nextOf(stage.pending, group[turn]!, policy);
      if (isDue(turn) && strikes) {
        isStruck = true;
        strike(stage, blow.blow, group[turn]!);
        continue;
      }
      const isLost = isDue(turn) && blow.blow === "lost" && next.sort === "write";
      if (turn === 0) passed += 1;
      stage.letGo(next, isLost ? "lost" : "truth");
      if (events.length > 3_000) throw new Error(`no end:\n${stage.course.slice(-40).join("\n")}`);
    }
    await ended(replay);
    return events;
  };
}

function eventOf(next: Operation, runner: number): Event {
  return { runner, reads: isOfLock(next) ? [...next.reads, clock] : next.reads, changes: next.changes };
}

function blowEvent(blow: Blow["blow"], runner: number): Event {
  return { runner, reads: [], changes: blow === "stall" ? [clock] : [`/proc/${runner + 1}/stat`] };
}

function isOfLock({ reads, changes }: Operation): boolean {
  return [...reads, ...changes].some((path) => /\/lock(?:$|\.)/u.test(path));
}

/**
 * The numbers of the operations of a run that is alone before which a blow makes a difference. What only its own eyes see
 * may as well be done or not when a process is killed.
 */
export async function pointsOf(
  open: () => Replay,
  blow: "kill" | "power" | "stall" | "lost",
  policy: Policy,
): Promise<readonly number[]> {
  const replay = open();
  const runner = replay.start(names[0]);
  const points: number[] = [];
  for (let number = 0; ; number += 1) {
    await replay.settle();
    if (runner.state !== "running") return points;
    const next = nextOf(replay.stage.pending, runner, policy);
    const isOwn = [...next.reads, ...next.changes].every(
      (path) => path.startsWith("/tmp/") || path.startsWith("/proc/"),
    );
    const isTold = next.sort === "write";
    const counts = {
      kill: next.changes.length > 0 && !isOwn,
      power: !next.name.startsWith("read"),
      stall: !isOwn && !isTold,
      lost: isTold,
    };
    if (counts[blow]) points.push(number);
    replay.stage.letGo(next);
  }
}

function nextOf(pending: readonly Operation[], runner: Runner, policy: Policy): Operation {
  const own = pending.filter((one) => one.runner === runner);
  return (policy === "oldest" ? own[0] : own.at(-1))!;
}

function strike(stage: Stage, blow: Blow["blow"], runner: Runner): void {
  if (blow === "kill") return stage.kill(runner);
  if (blow === "power") {
    for (const one of stage.runners) stage.kill(one);
    diskOf(stage).losePower();
    return;
  }
  stage.course.push(`${runner.name} stands still`);
  stage.now += longStall;
}

/** How a run ended, for people. */
export function endOf({ state, end }: Runner): string {
  if (state !== "ended") return state;
  if (end instanceof ProblemError) return end.problems.map(({ code }) => code).join(", ");
  if (end instanceof Error) return `broke: ${String(end.stack)}`;
  return (end as RunReport).verdict;
}
