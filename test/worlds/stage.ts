import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { Account } from "./account.ts";
import { Disk } from "./disk.ts";
import type { Remote } from "./remote.ts";

/** What an operation of a program finds and changes, all at one moment. */
export type Machine = {
  now: number;
  readonly disk: Disk;
  /** The numbers of the processes that run on it. */
  running: ReadonlySet<number>;
};

/** All that a world is beside its programs: a copy of it is another world that goes its own way. */
export type Model = Machine & {
  remote: Remote;
  account: Account;
  /** The processes that have the lock, where a world asks for it (`lock-world.ts`). */
  holders: readonly number[];
  wrong: readonly string[];
};

/** Before anything has happened: an account, and a folder with nothing in it. `now` is milliseconds since 1970. */
export function emptyModel(folder: string, now: number): Model {
  const disk = new Disk();
  disk.makeFolder(folder);
  return {
    now,
    disk,
    running: new Set(),
    remote: new Map(),
    account: new Account(now),
    holders: [],
    wrong: [],
  };
}

export function copyOf(model: Model): Model {
  return { ...model, disk: model.disk.copy() };
}

/**
 * What a program asks for: it happens when somebody chooses it, on whichever world that is then. Nothing in it knows the world in
 * which it was asked for, because a program that has heard the same asks for the same in another one (`program.ts`).
 */
export type Operation = {
  /** For people, and for telling two replays of one program apart. */
  readonly name: string;
  /** The files that it is about, by their names. */
  readonly paths: readonly string[];
  /** It would change something if it happened now: what fails only looks. */
  readonly isChange: (model: Model) => boolean;
  /** It is nothing to choose about, and happens as soon as it is asked for. */
  readonly isAtOnce: (model: Model) => boolean;
  readonly sort: "read" | "write" | "file" | "sleep" | "remote" | "pause";
  /** What it answers or throws is what the program hears. */
  readonly effect: (model: Model) => unknown;
};

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

type Waiting = {
  readonly operation: Operation;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

const current = new AsyncLocalStorage<Runner>();

/** The program that this code runs for, if any. */
export function here(): Runner | undefined {
  return current.getStore();
}

/** The real program while it runs. Each thing that it asks for waits until it is told what came of it. */
export class Runner {
  readonly name: string;
  /** Its process number; the first has 1. */
  readonly number: number;
  /** It has a machine of its own, whose files no other one sees; what it does there is nothing to choose about. */
  readonly own: Machine | undefined;
  now: number;
  /** It has asked for the time since it was last told something. */
  hasLooked = false;
  /** How it ended. */
  end: string | undefined;
  #waiting: Waiting[] = [];

  constructor(
    { name, number, now, isApart }: { name: string; number: number; now: number; isApart: boolean },
    work: (runner: Runner) => Promise<string>,
  ) {
    this.name = name;
    this.number = number;
    this.now = now;
    // What time its own files were changed at is nothing that a run looks at.
    this.own = isApart ? { now: 0, disk: new Disk(), running: new Set([number]) } : undefined;
    void current.run(this, async () => {
      this.end = await work(this);
    });
  }

  get pending(): readonly Operation[] {
    return this.#waiting.map(({ operation }) => operation);
  }

  /** What was asked for the time. */
  readonly look = (): number => {
    this.hasLooked = true;
    return this.now;
  };

  begin<T>(
    operation: Pick<Operation, "name" | "sort"> &
      Partial<Operation> & { readonly effect: (model: Model) => T },
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const heard = { resolve: resolve as (value: unknown) => void, reject };
      const whole = { paths: [], isChange: () => false, isAtOnce: () => false, ...operation };
      this.#waiting.push({ operation: whole, ...heard });
    });
  }

  /** A moment in which its process can stand still, and which nobody notices. */
  pause(): Promise<void> {
    return this.begin({ name: "goes on", sort: "pause", effect: () => undefined });
  }

  /** What came of its operation of that number, and when. Resolves when it asks for more and waits, or has ended. */
  async tell(index: number, outcome: Outcome, now: number): Promise<void> {
    const [told] = this.#waiting.splice(index, 1);
    this.now = now;
    this.hasLooked = false;
    if ("error" in outcome) told!.reject(outcome.error);
    else told!.resolve(outcome.value);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 5_000; turn += 1) {
      const isIdle = this.end === undefined && this.#waiting.length === 0;
      await setImmediate();
      if (!isIdle) return;
    }
    throw new Error(`${this.name} neither ends nor waits`);
  }
}
