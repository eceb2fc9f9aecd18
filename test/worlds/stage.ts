import { AsyncLocalStorage } from "node:async_hooks";

/**
 * One world in which runners act, and nothing happens but what is chosen: each operation that a runner begins (on a file, on
 * an API, a sleep) waits until somebody lets it go.
 */
export type Operation = {
  readonly runner: Runner;
  /** For people, and for telling two replays of one course apart. */
  readonly name: string;
  /** What it looks at, and what it changes. Both empty: nothing that another runner could notice, or be noticed in. */
  readonly reads: readonly string[];
  readonly changes: readonly string[];
  readonly sort: "read" | "write" | "file" | "sleep";
  /** Happens at one moment; what it answers or throws is what the runner hears. */
  readonly effect: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

export type Runner = {
  readonly name: string;
  state: "running" | "ended" | "killed";
  end: unknown;
};

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

  constructor(now: number) {
    this.now = now;
  }

  start(name: string, work: (runner: Runner) => Promise<unknown>): Runner {
    const runner: Runner = { name, state: "running", end: undefined };
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
    operation: Pick<Operation, "runner" | "name" | "reads" | "changes" | "sort"> & { effect: () => T },
  ): Promise<T> {
    // Of a killed process nothing begins any more, and nobody hears of it.
    if (operation.runner.state !== "running") return new Promise<T>(() => undefined);
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ ...operation, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** It happens now; `told` false: the runner never hears whether it did. */
  letGo(operation: Operation, told: "truth" | "lost" = "truth"): void {
    this.pending = this.pending.filter((one) => one !== operation);
    this.course.push(`${operation.runner.name} ${operation.name}${told === "lost" ? " (answer lost)" : ""}`);
    try {
      const value = operation.effect();
      if (told === "lost") operation.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
      else operation.resolve(value);
    } catch (error) {
      operation.reject(error);
    }
  }

  /** Nothing of it happens any more. */
  kill(runner: Runner): void {
    this.course.push(`${runner.name} is killed`);
    runner.state = "killed";
    this.pending = this.pending.filter((one) => one.runner !== runner);
  }
}
