import { mkdir, open, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { Inventory } from "../core/inventory.ts";
import type { JournalEntry } from "../core/journal.ts";
import { isObject } from "../core/json.ts";
import { problem, ProblemError } from "../core/problem.ts";
import { makeDigestKey } from "../core/secret.ts";
import type { Holder, LockedStore, Store } from "./store.ts";

const version = 1;

/**
 * State in a folder beside the file: `<label>/inventory.json` (may be committed), `<label>/journal.ndjson` and
 * `<label>/lock` (never), and `key` for all labels (0600, never). Every write is to a temporary file, synced, then renamed.
 */
export function openFileStore(folder: string, label: string): Store {
  const partition = join(folder, encodeURIComponent(label));
  const paths = { inventory: join(partition, "inventory.json"), journal: join(partition, "journal.ndjson"), lock: join(partition, "lock"), key: join(folder, "key") };
  return {
    place: partition,
    inventory: () => readInventory(paths.inventory),
    journal: () => readJournal(paths.journal),
    key: async () => {
      const hex = await readText(paths.key);
      return hex === undefined ? undefined : makeDigestKey(checkedKey(hex.trim(), paths.key));
    },
    async lock(holder) {
      await mkdir(partition, { recursive: true });
      await takeLock(paths.lock, holder);
      await writeIgnoreFile(folder);
      return lockedStore(paths);
    },
  };
}

type Paths = { readonly inventory: string; readonly journal: string; readonly lock: string; readonly key: string };

function lockedStore(paths: Paths): LockedStore {
  return {
    async makeKey(hex) {
      await writeDurably(paths.key, `${hex}\n`, 0o600);
      return makeDigestKey(hex);
    },
    async append(entry) {
      const file = await open(paths.journal, "a", 0o600);
      try {
        await file.write(`${JSON.stringify(entry)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async commit(inventory) {
      const stored = await readInventory(paths.inventory);
      if (stored && (stored.lineage !== inventory.lineage || stored.serial !== inventory.serial)) throw moved(paths.inventory);
      const next: Inventory = { ...inventory, serial: inventory.serial + 1 };
      await writeDurably(paths.inventory, `${JSON.stringify(next, null, 2)}\n`, 0o644);
      await writeDurably(paths.journal, "", 0o600);
      return next;
    },
    unlock: () => removeIfThere(paths.lock),
  };
}

async function readInventory(path: string): Promise<Inventory | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const value = parse(text, path);
  if (isObject(value) && value["version"] === version && isObject(value["resources"])) return value as unknown as Inventory;
  const newer = isObject(value) && typeof value["version"] === "number" && value["version"] > version;
  const message = newer ? `${path} was written by a newer trueup.` : `${path} is not an inventory of trueup.`;
  const remedy = newer ? "Use that version of trueup or a newer one." : "Restore it from a backup, or delete it: the next plan then adopts everything by name.";
  throw new ProblemError([problem("error", newer ? "state-newer" : "state-unreadable", message, remedy)]);
}

/** A torn last line is a write that never finished, and so nothing that was announced; a torn line elsewhere is damage. */
async function readJournal(path: string): Promise<readonly JournalEntry[]> {
  const text = await readText(path);
  const lines = (text ?? "").split("\n");
  const complete = lines.slice(0, -1).filter((line) => line !== "");
  return complete.map((line) => parse(line, path) as JournalEntry);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ProblemError([problem("error", "state-unreadable", `${path} cannot be read: it is not JSON.`, "Restore it from a backup.")], { cause: error });
  }
}

function checkedKey(hex: string, path: string): string {
  if (/^[0-9a-f]{64}$/u.test(hex)) return hex;
  throw new ProblemError([problem("error", "key-unreadable", `${path} does not hold 64 hex digits.`, "Restore it; with another key every value has to be compared anew.")]);
}

function moved(path: string): ProblemError {
  return new ProblemError([problem("error", "state-moved", `${path} was changed by somebody else during this run.`, "The journal holds what this run did; run again to take it up.")]);
}

async function takeLock(path: string, holder: Holder): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await writeFile(path, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
      const other = await readHolder(path);
      if (attempt > 0 || !isDead(other)) throw locked(path, other);
      await removeIfThere(path);
    }
  }
}

/** Only a process of this machine can be known to be gone. */
function isDead(holder: Holder | undefined): boolean {
  if (!holder || holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return isCode(error, "ESRCH");
  }
}

function locked(path: string, holder: Holder | undefined): ProblemError {
  const who = holder ? `${holder.user} on ${holder.host} (process ${holder.pid}, since ${holder.since})` : "somebody";
  return new ProblemError([problem("error", "locked", `The state is locked by another run: ${who}.`, `Wait for it to end. If it is certainly gone, delete ${path}.`)]);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readText(path);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Holder);
  } catch {
    return undefined;
  }
}

async function writeIgnoreFile(folder: string): Promise<void> {
  const path = join(folder, ".gitignore");
  if ((await readText(path)) === undefined) await writeDurably(path, "key\n*/journal.ndjson\n*/lock\n*.temporary\n", 0o644);
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.temporary`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(temporary, "w", mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
