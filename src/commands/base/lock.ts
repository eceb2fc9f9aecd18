import type { RunBy } from "../../core/run/journal.ts";
import type { Writer, Writers } from "../../http/client.ts";
import type { Heartbeat } from "../../store/base/heartbeat.ts";
import type { Holder, LockedStore, Store } from "../../store/base/store.ts";
import type { Deps } from "./deps.ts";

/** The name of a new run: its time and something random, so that names sort by time and never meet. */
export function newRun(deps: Deps): string {
  const time = new Date(deps.world.now()).toISOString().replaceAll(/[-:]|\.\d+Z$/gu, "");
  return `${time}-${deps.world.randomHex(3)}`;
}

/** Who holds the lock of a state during a run, for the one who finds it held. */
export function holderOf(run: string, deps: Deps): Holder {
  const since = new Date(deps.world.now()).toISOString();
  return { ...runBy(deps), pid: deps.user.pid, run, since };
}

/** The person or machine, and the page of the CI run. */
export function runBy({ user, environment }: Deps): RunBy {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = environment;
  const url = server && repository && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
  return { user: user.name, host: user.host, ...(url !== undefined && { url }) };
}

/** What a lock is taken with. */
export type RunLockOptions = {
  readonly store: Store;
  readonly holder: Holder;
  /** Of the world that the run sleeps in, so that the lease outlives long waits. */
  readonly heartbeat: Heartbeat;
  /** Milliseconds to wait for another run to give the lock back. */
  readonly timeout: number;
};

/** The lock of one run: taken once, when it is first asked for, and given back whatever happens. */
export class RunLock {
  readonly #options: RunLockOptions;
  #locked: LockedStore | undefined;

  constructor(options: RunLockOptions) {
    this.#options = options;
  }

  async take(): Promise<LockedStore> {
    const { store, holder, heartbeat, timeout } = this.#options;
    if (this.#locked) return this.#locked;
    const locked = await store.lock(holder, { timeout });
    heartbeat.start(() => locked.hold());
    this.#locked = locked;
    return locked;
  }

  /** Does the work and gives the lock back. When both fail, the error of the work is thrown: the lease ends by itself. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      await this.#release();
      return done;
    } catch (error) {
      await this.#release().catch(() => undefined);
      throw error;
    }
  }

  async #release(): Promise<void> {
    this.#options.heartbeat.stop();
    const locked = this.#locked;
    this.#locked = undefined;
    await locked?.unlock();
  }
}

/** Checks the lease right before each call, however long that had to wait for its limit. */
export function guardWriters({ render, rendercad, as }: Writers, locked: LockedStore): Writers {
  return {
    render: guardWriter(render, locked),
    rendercad: guardWriter(rendercad, locked),
    as: (provider, token) => guardWriter(as(provider, token), locked),
  };
}

function guardWriter(writer: Writer, locked: LockedStore): Writer {
  return {
    release: (budgets) => writer.release(budgets),
    send: (send) =>
      writer.send({
        ...send,
        content: async () => {
          // The lease is renewed first, since that may take seconds, and the content has to be fresh.
          await locked.hold();
          const content = await send.content();
          await locked.hold();
          return content;
        },
      }),
  };
}
