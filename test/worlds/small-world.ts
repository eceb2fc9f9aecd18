import { join } from "node:path";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { HttpRequest } from "../../src/world/transport.ts";
import type { Store } from "../../src/store/base/store.ts";
import { wrap } from "../crash/mortal.ts";
import { planDefaults } from "../scene.ts";
import { openAccount, type Account } from "./account.ts";
import { clock, type Play } from "./courses.ts";
import { diskOf } from "./files.ts";
import { remoteOf } from "./git.ts";
import { Stage, type Runner } from "./stage.ts";

export type SmallWorld = {
  readonly file: string;
  readonly environment: { readonly [name: string]: string };
  readonly folder: string;
  /** Each runner on a machine of its own, with the state on a branch of a remote; else all on one, with the state in a folder. */
  readonly isApart: boolean;
  /** Nothing of a journal is kept: what the judge has to find out. */
  readonly forgets?: boolean;
  /** A call is sent without a check of the lease: likewise. */
  readonly isUnchecked?: boolean;
  /** A process can stand still right before each check of the lease, also after the answer that it goes on with. */
  readonly pauses?: boolean;
};

/** What begins with a check of the lease. */
const checking = ["append", "commit", "keep", "makeKey", "repair"] as const;
const start = Date.UTC(2026, 10, 22, 9);

/** One replay of a small world; `judge` says what is wrong with it at its end. */
export class Replay implements Play {
  readonly stage: Stage;
  readonly account: Account;
  readonly wrong: string[] = [];
  readonly #world: SmallWorld;
  readonly #drawn = new Map<string, number>();
  readonly #written: string[] = [];

  constructor(world: SmallWorld) {
    this.#world = world;
    this.stage = new Stage(start, world.isApart);
    this.account = openAccount(() => this.stage.now);
    diskOf(this.stage).makeFolder(world.folder);
  }

  start(name: string): Runner {
    return this.stage.start(name, (self) => runApply({ ...planDefaults, yes: true }, this.#depsOf(self)));
  }

  /** What an account is follows from what was written to it, and when. */
  describe(): string {
    const { stage, wrong } = this;
    return JSON.stringify([
      stage.isApart ? "" : diskOf(stage).describeAll(),
      remoteOf(stage).describeAll(),
      this.#written,
      stage.runners.map(endOf),
      wrong,
    ]);
  }

  /** Machines of their own share no files, and each call of git is an event. */
  hasLock({ name }: Runner): boolean {
    const { isApart, folder } = this.#world;
    const lock = diskOf(this.stage).names.get(join(folder, "state/default/lock"));
    return isApart || lock?.text.includes(`"user":"${name}"`) === true;
  }

  #depsOf(runner: Runner): Deps {
    const { stage } = this;
    const { file, folder, environment } = this.#world;
    const { name, number: pid } = runner;
    const look = (): number => {
      runner.hasLooked = true;
      return stage.now;
    };
    return {
      world: {
        now: look,
        steady: look,
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
      wrapStore: (store) => this.#wrapStore(runner, store),
    };
  }

  #wrapStore(runner: Runner, store: Store): Store {
    const { forgets, isUnchecked, pauses } = this.#world;
    const lock: Store["lock"] = async (...given) => {
      const locked = await store.lock(...given);
      const checked = checking.map((name) => {
        const call = (...words: readonly unknown[]): unknown => {
          runner.hasChecked = true;
          return Reflect.apply(locked[name], locked, words);
        };
        return [name, call] as const;
      });
      return wrap(locked, {
        ...Object.fromEntries(checked),
        ...(forgets && { append: async () => undefined }),
        hold: async () => {
          if (pauses) await this.stage.pause(runner);
          runner.hasChecked = true;
          if (!isUnchecked) await locked.hold();
        },
      });
    };
    return wrap(store, { lock });
  }

  /** Time passes for all. */
  #sleep(runner: Runner, time: number): Promise<void> {
    const effect = (): void => void (this.stage.now += Math.max(0, time));
    return this.stage.begin({
      runner,
      name: `sleep ${time}`,
      touches: () => (time < 1_000 ? {} : { adds: [clock] }),
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
      touches: () => (isRead ? { reads: [table] } : { reads: this.judged(), changes: [table] }),
      sort: isRead ? "read" : "write",
      effect: () => {
        if (!isRead) this.wrong.push(...this.judgeWrite(runner, request));
        if (!isRead)
          this.#written.push(`${this.stage.now} ${request.method} ${pathname} ${request.body ?? ""}`);
        return this.account.answer(request);
      },
    });
  }

  /** What is wrong at the moment in which a write reaches the account. */
  judgeWrite: (runner: Runner, request: HttpRequest) => readonly string[] = () => [];
  /** The places that it looks at. */
  judged: () => readonly string[] = () => [];
}

function nameIn(body: string | undefined): string {
  return /"name":"([^"]*)"/u.exec(body ?? "")?.[1] ?? "";
}

/** How a run ended, for people. */
export function endOf({ state, end }: Runner): string {
  if (state !== "ended") return state;
  if (end instanceof ProblemError) return end.problems.map(({ code }) => code).join(", ");
  if (end instanceof Error) return `broke: ${String(end.stack)}`;
  return (end as RunReport).verdict;
}
