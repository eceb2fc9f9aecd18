import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Touched } from "./touched.ts";

/**
 * One world in which runners act, and nothing happens but what is chosen: each operation that a runner begins (on a file, on
 * an API, a sleep) waits until somebody lets it go.
 */
export type Operation = {
  readonly runner: Runner;
  /** For people, and for telling two replays of one course apart. */
  readonly name: string;
  /** The files that it is about, by their names. */
  readonly paths: readonly string[];
  /** What it would look at and change if it happened now. Nothing: no other runner could notice it, or be noticed in it. */
  readonly touches: () => Partial<Touched>;
  readonly sort: "read" | "write" | "file" | "sleep" | "remote" | "pause";
  /** Happens at one moment; what it answers or throws is what the runner hears. */
  readonly effect: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

export type Runner = {
  readonly name: string;
  /** Its process number; the first has 1. */
  readonly number: number;
  /** It has asked for the time since this was last set to false. */
  hasLooked: boolean;
  /** Its state was asked to write, or for the lease, since then. */
  hasChecked: boolean;
  /** Of every answer that it was given, and the times that it looked at. */
  heard: string;
  state: "running" | "ended" | "killed";
  end: unknown;
};

export function digest(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}

export function hear(runner: Runner, name: string, answer: unknown): void {
  runner.heard = digest(
    `${runner.heard} ${name} ${typeof answer === "string" ? answer : JSON.stringify(answer)}`,
  );
}

const current = new AsyncLocalStorage<{ readonly stage: Stage; readonly runner: Runner }>();

/** The world and the runner that this code runs for, if any. */
export function here(): { readonly stage: Stage; readonly runner: Runner } | undefined {
  return current.getStore();
}

/** What waits, what was let go, and what time it is; the same for all runners of one world. */
export class Stage {
  readonly runners: Runner[] = [];
  readonly course: string[] = [];
  now: number;
  pending: Operation[] = [];
  /** Each runner has a machine of its own, whose files no other one sees. */
  readonly isApart: boolean;

  constructor(now: number, isApart: boolean) {
    this.now = now;
    this.isApart = isApart;
  }

  start(name: string, work: (runner: Runner) => Promise<unknown>): Runner {
    const number = this.runners.length + 1;
    const runner: Runner = {
      name,
      number,
      hasLooked: false,
      hasChecked: false,
      heard: "",
      state: "running",
      end: undefined,
    };
    this.runners.push(runner);
    void current.run({ stage: this, runner }, async () => {
      try {
        this.#end(runner, await work(runner));
      } catch (error) {
        this.#end(runner, error);
      }
    });
    return runner;
  }

  #end(runner: Runner, end: unknown): void {
    if (runner.state !== "running") return;
    runner.state = "ended";
    runner.end = end;
  }

  /** Resolves when it was let go. */
  begin<T>(
    operation: Pick<Operation, "runner" | "name" | "touches" | "sort"> & {
      readonly paths?: readonly string[];
      effect: () => T;
    },
  ): Promise<T> {
    // Of a killed process nothing begins any more, and nobody hears of it.
    if (operation.runner.state !== "running") return new Promise<T>(() => undefined);
    return new Promise<T>((resolve, reject) => {
      const heard = { resolve: resolve as (value: unknown) => void, reject };
      this.pending.push({ paths: [], ...operation, ...heard });
    });
  }

  /** A moment in which the runner's process can stand still, and which nobody notices. */
  pause(runner: Runner): Promise<void> {
    return this.begin({
      runner,
      name: "goes on",
      touches: () => ({}),
      sort: "pause",
      effect: () => undefined,
    });
  }

  /** It happens now. The runner hears what it answers, or of a broken connection: after it happened, or instead. */
  letGo(operation: Operation, told: "truth" | "lost" | "unsent" = "truth"): void {
    this.pending = this.pending.filter((one) => one !== operation);
    this.course.push(`${operation.runner.name} ${operation.name}${told === "truth" ? "" : ` (${told})`}`);
    try {
      const value = told === "unsent" ? undefined : operation.effect();
      if (told !== "truth") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
      hear(operation.runner, operation.name, value);
      operation.resolve(value);
    } catch (error) {
      hear(operation.runner, operation.name, String(error));
      operation.reject(error);
    }
  }

  /** Nothing of it happens any more. */
  kill(runner: Runner): void {
    if (runner.state !== "running") return;
    this.course.push(`${runner.name} is killed`);
    runner.state = "killed";
    this.pending = this.pending.filter((one) => one.runner !== runner);
  }

  /** Until everybody who runs waits for an operation, or has ended. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5_000; turn += 1) {
      const idle = this.runners.some(
        (one) => one.state === "running" && !this.pending.some(({ runner }) => runner === one),
      );
      await setImmediate();
      if (!idle) return;
    }
    throw new Error(`a runner neither ends nor waits:\n${this.course.join("\n")}`);
  }

  /** Goes on to its end, one operation after another. */
  async finish(runner: Runner): Promise<void> {
    for (await this.settle(); runner.state === "running"; await this.settle()) {
      const [next] = this.pending.filter((one) => one.runner === runner);
      if (next) this.letGo(next);
      if (this.course.length > 5_000) throw new Error("a runner does not end");
    }
  }
}
