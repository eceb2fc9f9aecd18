import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { runApply } from "../../src/commands/apply.ts";
import type { ApplyInput } from "../../src/commands/run/apply-input.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import type { JournalEntry } from "../../src/core/run/journal.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { LockedStore, Store } from "../../src/store/base/store.ts";
import type { Transport } from "../../src/world/transport.ts";
import type { Scene } from "../scene.ts";

/**
 * Where a run dies. `before-write`: its n-th write is announced and never sent. `after-write`: it is done and never
 * answered. `append`: its n-th line of the journal is not written, `torn-append`: only half of it is. `commit`: the new
 * inventory is written, and the journal not yet emptied.
 */
export type Cut = {
  readonly at: "before-write" | "after-write" | "append" | "torn-append" | "commit";
  readonly number: number;
};

/** How many points of each sort a run passed. */
export type Passed = { writes: number; appends: number };

/**
 * A process that may die: after the cut nothing of it reaches the API or the disk any more, and nobody hears of it again.
 * What it sent before may still arrive.
 */
export class Mortal {
  readonly deps: Deps;
  readonly passed: Passed = { writes: 0, appends: 0 };
  readonly #scene: Scene;
  readonly #cut: Cut | undefined;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #death: Promise<"died">;
  #isDead = false;
  #die: (word: "died") => void = () => undefined;

  constructor(scene: Scene, cut?: Cut) {
    this.#scene = scene;
    this.#cut = cut;
    this.#death = new Promise((resolve) => (this.#die = resolve));
    this.deps = {
      ...scene.deps,
      world: { ...scene.world, send: this.#send, sleep: (time) => this.#live(() => scene.world.sleep(time)) },
      wrapStore: (store) => this.#wrapStore(store),
    };
  }

  apply(input: ApplyInput): Promise<RunReport | "died"> {
    return this.run((deps) => runApply(input, deps));
  }

  /** Until it is done or dead; then whatever was sent has arrived. */
  async run(command: (deps: Deps) => Promise<RunReport>): Promise<RunReport | "died"> {
    const end = await Promise.race([command(this.deps), this.#death]);
    await Promise.allSettled(this.#underWay);
    return end;
  }

  readonly #send: Transport = (request) =>
    this.#live(async () => {
      if (request.method === "GET") return this.#track(this.#scene.world.send(request));
      this.passed.writes += 1;
      const number = this.passed.writes;
      if (this.#isCut("before-write", number)) return this.#end();
      const answer = await this.#track(this.#scene.world.send(request));
      return this.#isCut("after-write", number) ? this.#end() : answer;
    });

  #wrapStore(store: Store): Store {
    // Someone saw that the run is gone; how long that takes is the business of the lock's own tests.
    const lock: Store["lock"] = async (...holder) => {
      await store.breakLock();
      return this.#wrapLocked(store, await store.lock(...holder));
    };
    return wrap(store, { lock });
  }

  #wrapLocked(store: Store, locked: LockedStore): LockedStore {
    const append = (entry: JournalEntry): Promise<void> =>
      this.#live(async () => {
        this.passed.appends += 1;
        const number = this.passed.appends;
        if (this.#isCut("append", number)) return this.#end();
        if (this.#isCut("torn-append", number)) {
          const line = JSON.stringify(entry);
          this.#isDead = true;
          // Lines are written one after another: the torn one is the last.
          await Promise.allSettled(this.#underWay);
          await appendFile(join(store.place, "journal.ndjson"), line.slice(0, line.length / 2));
          return this.#end();
        }
        return this.#track(locked.append(entry));
      });
    const commit: LockedStore["commit"] = (...what) =>
      this.#live(async () => {
        if (!this.#isCut("commit", 1)) return this.#track(locked.commit(...what));
        const journal = await store.journal();
        await locked.commit(...what);
        const lines = journal.map((entry) => `${JSON.stringify(entry)}\n`).join("");
        await appendFile(join(store.place, "journal.ndjson"), lines);
        return this.#end();
      });
    const whileAlive = {
      append,
      commit,
      keep: (...kept: Parameters<LockedStore["keep"]>) => this.#live(() => this.#track(locked.keep(...kept))),
      unlock: () => this.#live(() => locked.unlock()),
    };
    return wrap(locked, whileAlive);
  }

  #isCut(at: Cut["at"], number: number): boolean {
    return this.#cut?.at === at && this.#cut.number === number;
  }

  async #live<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isDead) return never();
    const result = await work();
    return this.#isDead ? never() : result;
  }

  #end(): Promise<never> {
    this.#isDead = true;
    this.#die("died");
    return never();
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    return work;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The object with some of its methods replaced; the others stay bound to it, private fields and all. */
export function wrap<T extends object>(whole: T, replaced: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name) as unknown;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}
