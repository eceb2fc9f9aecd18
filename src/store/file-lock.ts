import { link, mkdir, open, rename, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { Millis } from "../core/budget.ts";
import { isObject } from "../core/json.ts";
import { isCode, readIfThere, removeIfThere } from "./durable-file.ts";
import { leaseLength, lockLost } from "./lease.ts";
import { identifyProcess, isProcessGone } from "./process-identity.ts";
import type { Holder, Lease } from "./store.ts";

/**
 * The lock is a file that says who holds it and never changes; its modification time is the heartbeat. It comes into being
 * with its text by a hard link, which fails when there is one, and goes by a rename, which only one can do: so both steps
 * are decided by the file system. The holder beats through its own open file: were the lock taken over, the beat
 * would reach a file that nobody looks at, and comparing inodes shows it.
 */
export class FileLock {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #now: () => Millis;

  private constructor(path: string, file: FileHandle, now: () => Millis) {
    this.#path = path;
    this.#file = file;
    this.#now = now;
  }

  /** The lock, or who has it. */
  static async take(path: string, holder: Holder, now: () => Millis): Promise<FileLock | Lease | undefined> {
    await mkdir(dirname(path), { recursive: true });
    for (;;) {
      const lock = await create(path, holder, now);
      if (lock) return new FileLock(path, lock, now);
      const found = await readLock(path);
      if (found && !(await isOver(found, now()))) return found.lease;
      if (found && !(await removeOver(path, holder.run, now))) return found.lease;
    }
  }

  async beat(): Promise<void> {
    const now = this.#now() / 1000;
    await this.#file.utimes(now, now);
    await this.check();
  }

  async check(): Promise<void> {
    const [own, current] = await Promise.all([this.#file.stat(), statIfThere(this.#path)]);
    if (own.ino !== current?.ino || own.dev !== current.dev)
      throw lockLost("another run took it over, or somebody took it away");
  }

  async release(): Promise<void> {
    try {
      await this.check();
      await removeIfThere(this.#path);
    } finally {
      await this.#file.close();
    }
  }
}

export async function readLease(path: string): Promise<Lease | undefined> {
  return (await readLock(path))?.lease;
}

type Found = { readonly lease: Lease; readonly process: string | undefined };

/** What cannot be read is taken for a lock of somebody unknown: it ends by its time like any other. */
async function readLock(path: string): Promise<Found | undefined> {
  const text = await readIfThere(path);
  const stats = await statIfThere(path);
  if (text === undefined || !stats) return undefined;
  const expires = Math.round(stats.mtimeMs) + leaseLength;
  const value = parseLock(text);
  const process = value["process"];
  return {
    lease: { holder: value["holder"] as Holder, expires },
    process: typeof process === "string" ? process : undefined,
  };
}

function parseLock(text: string): { readonly [key: string]: unknown } {
  const unknown = {
    holder: {
      user: "somebody",
      host: "an unknown machine",
      pid: 0,
      since: "an unknown time",
      run: "unknown",
    } satisfies Holder,
  };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isObject(value["holder"]) ? value : unknown;
  } catch {
    return unknown;
  }
}

/** A holder that is certainly dead keeps nobody waiting; where that cannot be known, the lease decides. */
async function isOver(found: Found, now: Millis): Promise<boolean> {
  return found.lease.expires <= now || (await isProcessGone(found.process));
}

async function create(path: string, holder: Holder, now: () => Millis): Promise<FileHandle | undefined> {
  const own = `${path}.${encodeURIComponent(holder.run)}`;
  const file = await open(own, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify({ version: 1, holder, process: await identifyProcess(holder.pid) }));
    await file.utimes(now() / 1000, now() / 1000);
    await file.sync();
    await link(own, path);
    return file;
  } catch (error) {
    await file.close();
    if (isCode(error, "EEXIST")) return undefined;
    throw error;
  } finally {
    await removeIfThere(own);
  }
}

/** Whoever succeeds in the rename removes it; a holder that beat in the same instant gets its file back. */
async function removeOver(path: string, run: string, now: () => Millis): Promise<boolean> {
  const aside = `${path}.${encodeURIComponent(run)}.over`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return true;
    throw error;
  }
  const found = await readLock(aside);
  const over = !found || (await isOver(found, now()));
  if (!over) await link(aside, path).catch(() => undefined);
  await removeIfThere(aside);
  return over;
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
