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
 * The lock is a file that says who holds it and never changes; its modification time is the heartbeat. It comes into being
 * with its text by a hard link, which fails when there is one, and goes by a rename, which only one can do: so both steps
 * are decided by the file system.
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

  /** The lock, or who has it. */
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
   * It is ours still after its time was set: whoever took it over before that is found out now, and whoever looks at it later
   * finds a lease that is not over.
   */
  async beat(): Promise<void> {
    do await this.check();
    while (!(await this.#touch()));
    await this.check();
  }

  /**
   * False while another run, a holder of before for example, has it aside to look at. Were it taken over in this instant, the
   * other's lease would become longer, which harms nobody.
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

  async check(): Promise<void> {
    let text = await readIfThere(this.#path);
    if (text === undefined) {
      await this.#takeBack();
      text = await readIfThere(this.#path);
    }
    if (text === undefined) throw lockLost("somebody took it away");
    if (text !== this.#text) throw lockLost("another run took it over");
  }

  /** Another run looks at it right now, or died while it did: what is aside is still ours. */
  async #takeBack(): Promise<void> {
    for (const aside of await listAside(this.#path)) {
      if ((await readIfThere(aside)) === this.#text) await link(aside, this.#path).catch(() => undefined);
    }
  }

  /** Takes the file aside before it looks whose it is: between a look and a removal it could become another's. */
  async release(): Promise<void> {
    await this.check();
    const isOwn = async (aside: string): Promise<boolean> => (await readIfThere(aside)) === this.#text;
    if (!(await removeIf(this.#path, isOwn))) throw lockLost("another run took it over");
  }
}

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

/** What cannot be read is taken for a lock of somebody unknown: it ends by its time like any other. */
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

/** A holder that is certainly dead keeps nobody waiting; where that cannot be known, the lease decides. */
async function isOver(found: { readonly lease: Lease }, now: Millis): Promise<boolean> {
  return found.lease.expires <= now || (await isProcessGone(found.lease.process));
}

/** False when somebody else was faster. */
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

/** A holder that beat in the same instant gets its file back, and it is false. */
function removeOver(path: string, now: () => Millis): Promise<boolean> {
  return removeIf(path, async (aside) => {
    const found = await readLock(aside);
    return !found || isOver(found, now());
  });
}

/** Whoever succeeds in the rename decides, and puts it back where it has to stay. */
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

/** A lock that another run looks at has its file aside for a moment, and is nobody else's meanwhile. One that is over goes. */
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
