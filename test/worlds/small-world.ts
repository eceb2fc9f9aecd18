import { join } from "node:path";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { HttpRequest } from "../../src/world/transport.ts";
import type { Store } from "../../src/store/base/store.ts";
import { wrap } from "../crash/mortal.ts";
import { planDefaults } from "../scene.ts";
import type { Play } from "./play.ts";
import { Program } from "./program.ts";
import { describeRemote } from "./remote.ts";
import { emptyModel, Runner, type Model } from "./stage.ts";

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

const start = Date.UTC(2026, 10, 22, 9);

/** What is wrong at the moment in which a write reaches the account. */
export type JudgeWrite = (model: Model, name: string, request: HttpRequest) => readonly string[];

export function playOf(world: SmallWorld, judge: JudgeWrite): Play {
  const first = emptyModel(world.folder, start);
  const programs = new Map<string, Program>();
  return {
    first,
    isApart: world.isApart,
    program: (name, number) => {
      const known = programs.get(name);
      const program =
        known ??
        new Program((now) => startRun({ world, judge, env: first.account.env }, { name, number, now }));
      programs.set(name, program);
      return program;
    },
    describe: ({ disk: shared, remote, account: { id }, wrong }) =>
      JSON.stringify([world.isApart ? "" : shared.describe(), describeRemote(remote), id, wrong]),
    // Machines of their own share no files, and each call of git is an event.
    hasLock: ({ disk: shared }, name) =>
      world.isApart ||
      shared.find(join(world.folder, "state/default/lock"))?.text.includes(`"user":"${name}"`) === true,
  };
}

type Around = {
  readonly world: SmallWorld;
  readonly judge: JudgeWrite;
  readonly env: { readonly [name: string]: string };
};

function startRun(
  around: Around,
  who: { readonly name: string; readonly number: number; readonly now: number },
): Runner {
  const { isApart, folder } = around.world;
  return new Runner({ ...who, isApart }, async (runner) => {
    runner.own?.disk.makeFolder(folder);
    try {
      return (await runApply({ ...planDefaults, yes: true }, depsOf(around, runner))).verdict;
    } catch (error) {
      if (error instanceof ProblemError) return error.problems.map(({ code }) => code).join(", ");
      return `broke: ${error instanceof Error ? String(error.stack) : String(error)}`;
    }
  });
}

function depsOf({ world, judge, env }: Around, runner: Runner): Deps {
  const { file, folder, environment } = world;
  const { name, number: pid } = runner;
  let drawn = 0;
  return {
    world: {
      now: runner.look,
      steady: runner.look,
      random: () => 0.5,
      randomHex: (bytes) => {
        drawn += 1;
        return `${pid}${drawn.toString(16).padStart(bytes * 2 - 1, "0")}`;
      },
      stop: new AbortController().signal,
      sleep: (time) => sleep(runner, time),
      send: (request) => send(judge, runner, request),
    },
    environment: { ...env, ...environment },
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
    wrapStore: (store) => wrapStore(world, runner, store),
  };
}

function wrapStore({ forgets, isUnchecked, pauses }: SmallWorld, runner: Runner, store: Store): Store {
  const lock: Store["lock"] = async (...given) => {
    const locked = await store.lock(...given);
    return wrap(locked, {
      ...(forgets && { append: async () => undefined }),
      hold: async () => {
        if (pauses) await runner.pause();
        if (!isUnchecked) await locked.hold();
      },
    });
  };
  return wrap(store, { lock });
}

/** Time passes for all. Less than a second is no time: nothing that a run decides depends on so little. */
function sleep(runner: Runner, time: number): Promise<void> {
  const isLong = time >= 1_000;
  return runner.begin({
    name: `sleep ${time}`,
    sort: "sleep",
    effect: (model) => void (model.now += isLong ? time : 0),
  });
}

async function send(
  judge: JudgeWrite,
  runner: Runner,
  request: HttpRequest,
): ReturnType<Deps["world"]["send"]> {
  const { pathname } = new URL(request.url);
  const isRead = request.method === "GET";
  const answer = await runner.begin({
    name: `${request.method} ${pathname}${isRead ? "" : ` ${nameIn(request.body)}`}`,
    isChange: () => !isRead,
    sort: isRead ? "read" : "write",
    effect: (model) => {
      if (!isRead) model.wrong = [...model.wrong, ...judge(model, runner.name, request)];
      const { answer: given, after } = model.account.answer(request, model.now);
      model.account = after;
      return given;
    },
  });
  return { ...answer, headers: { ...answer.headers } };
}

function nameIn(body: string | undefined): string {
  return /"name":"([^"]*)"/u.exec(body ?? "")?.[1] ?? "";
}
