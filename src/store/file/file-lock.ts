import { link, mkdir, readdir, rename, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Millis } from "../../core/model/budget.ts";
import { isObject } from "../../core/base/json.ts";
import { isCode, readIfThere, removeIfThere } from "./durable-file.ts";
import { leaseLength, lockLost } from "../base/lease.ts";
import { identifyProcess, isProcessGone } from "./process-identity.ts";
import type { Holder, Lease } from "../base/store.ts";
import { openNew, temporaryName } from "../base/temporary.ts";

/**
 * A lock that is a file. Its text says who holds the lock and never changes; its modification time is the last heartbeat. The
 * file is made with its text by a hard link, which fails when there is a lock already, and is removed by a rename, which only
 * one process can do. So the file system decides who is first.
 */
export class FileLock {
  readonly #path: string;
  readonly #text: string;
  readonly #now: () => Millis;

  private constructor(path: string, text: string, now: () => Millis) {
    this.#path = path;
    this.#text = text;
    this.#now = now;
  }

  /** Takes the lock, or answers with the lease of whoever has it. `now` is the wall clock in milliseconds. */
  static async take(path: string, holder: Holder, now: () => Millis): Promise<FileLock | Lease> {
    const text = JSON.stringify({ version: 1, holder, process: await identifyProcess(holder.pid) });
    for (;;) {
      const found = await readLock(path);
      if (found && !(await isOver(found, now()))) return found.lease;
      if (found && !(await removeOver(path, now))) return found.lease;
      const aside = await findAside(path, now);
      if (aside) return aside;
      if (await create(path, text, now)) return new FileLock(path, text, now);
    }
  }

  /**
   * Sets the heartbeat to now. The lock is checked before and after: a run that took it over before is noticed by the second
   * check, and a run that looks at it later finds a lease that has not ended.
   */
  async beat(): Promise<void> {
    do await this.check();
    while (!(await this.#touch()));
    await this.check();
  }

  /**
   * Sets the modification time. False when the file is not there at this moment, because another run has renamed it for a moment
   * to look whose it is. If another run took the lock over in this instant, its lease would become a little longer, which does
   * no harm.
   */
  async #touch(): Promise<boolean> {
    const now = this.#now() / 1000;
    try {
      await utimes(this.#path, now, now);
      return true;
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
  }

  /** Throws `lock-lost` unless this run still holds the lock. */
  async check(): Promise<void> {
    let text = await readIfThere(this.#path);
    if (text === undefined) {
      await this.#takeBack();
      text = await readIfThere(this.#path);
    }
    if (text === undefined) throw lockLost("somebody took it away");
    if (text !== this.#text) throw lockLost("another run took it over");
  }

  /**
   * Puts our file back when another run has renamed it to look at it, and perhaps died while it did: it is still our lock. Not
   * once its lease is over: the other run removes it then, and the two would rename it to and fro without an end.
   */
  async #takeBack(): Promise<void> {
    for (const aside of await listAside(this.#path)) {
      if ((await readIfThere(aside)) !== this.#text) continue;
      const found = await readLock(aside);
      if (found && found.lease.expires > this.#now()) await link(aside, this.#path).catch(() => undefined);
    }
  }

  /** Gives the lock back. The file is renamed first and then looked at: between a look and a removal it could become another run's. */
  async release(): Promise<void> {
    await this.check();
    const isOwn = async (aside: string): Promise<boolean> => (await readIfThere(aside)) === this.#text;
    if (!(await removeIf(this.#path, isOwn))) throw lockLost("another run took it over");
  }
}

/** The lease of a lock that is taken, expired or not; `undefined` when there is no lock. */
export async function readLease(path: string): Promise<Lease | undefined> {
  return (await readLock(path))?.lease;
}

const unknownHolder: Holder = {
  user: "somebody",
  host: "an unknown machine",
  pid: 0,
  since: "an unknown time",
  run: "unknown",
};

/** Reads the lock. A text that cannot be read counts as a lock of an unknown holder, which ends by its time like any other. */
async function readLock(path: string): Promise<{ readonly lease: Lease } | undefined> {
  const text = await readIfThere(path);
  const beat = await readBeat(path);
  if (text === undefined || beat === undefined) return undefined;
  const value = parseLock(text);
  const holder = isObject(value["holder"]) ? (value["holder"] as Holder) : unknownHolder;
  const process = value["process"];
  const identity = typeof process === "string" ? { process } : {};
  return { lease: { holder, expires: Math.round(beat) + leaseLength, ...identity } };
}

function parseLock(text: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Whether a lock may be taken over: its lease has ended, or its holder's process is certainly gone. */
async function isOver(found: { readonly lease: Lease }, now: Millis): Promise<boolean> {
  return found.lease.expires <= now || (await isProcessGone(found.lease.process));
}

/** Makes the lock file; false when another run was faster. */
async function create(path: string, text: string, now: () => Millis): Promise<boolean> {
  const own = temporaryName(path);
  await mkdir(dirname(path), { recursive: true });
  const file = await openNew(own, 0o600);
  try {
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await utimes(own, now() / 1000, now() / 1000);
    await link(own, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await removeIfThere(own);
  }
}

const asideEnding = ".over";

/** Removes a lock that has ended. When its holder has prolonged it in the same instant, the file is put back, and the answer is false. */
function removeOver(path: string, now: () => Millis): Promise<boolean> {
  return removeIf(path, async (aside) => {
    const found = await readLock(aside);
    return !found || isOver(found, now());
  });
}

/** Renames the file, asks `goes` about it, and removes it or puts it back. Of several processes only one succeeds in the rename. */
async function removeIf(path: string, goes: (aside: string) => Promise<boolean>): Promise<boolean> {
  const aside = `${temporaryName(path)}${asideEnding}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return true;
    throw error;
  }
  const isGoing = await goes(aside);
  if (!isGoing) await link(aside, path).catch(() => undefined);
  await removeIfThere(aside);
  return isGoing;
}

/** The lease of a lock that another run has renamed for a moment to look at: it is still held. One whose lease has ended is removed. */
async function findAside(path: string, now: () => Millis): Promise<Lease | undefined> {
  for (const aside of await listAside(path)) {
    const found = await readLock(aside);
    if (found && !(await isOver(found, now()))) return found.lease;
    await removeIfThere(aside);
  }
  return undefined;
}

async function listAside(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch((): readonly string[] => []);
  const start = `${basename(path)}.`;
  return names
    .filter((name) => name.startsWith(start) && name.endsWith(asideEnding))
    .map((name) => join(dirname(path), name));
}

async function readBeat(path: string): Promise<Millis | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
