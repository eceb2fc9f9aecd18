import type { Dirent } from "node:fs";
import { link, mkdir, open, readdir, rename, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Documents } from "../base/backend.ts";
import { labelOfFolder } from "../partition/partition-folder.ts";
import { openNew, openOwn, temporaryName } from "../base/temporary.ts";

/**
 * Writes a file so that after a crash it has either the old or the new text: the text goes to a temporary file, which is synced
 * and renamed, and then the folder is synced. A link at `path` is replaced and not followed. `confirm` is called right before
 * the rename and may throw to prevent it.
 */
export async function writeDurably(
  path: string,
  text: string,
  mode: number,
  confirm: () => Promise<void> = async () => undefined,
): Promise<void> {
  await stageDurably(path, text, mode, async (temporary) => {
    await confirm();
    await rename(temporary, path);
  });
}

/** Makes a file in the same way, but only if there is none: false when another process was faster, whose file then stays. */
export async function makeDurably(path: string, text: string, mode: number): Promise<boolean> {
  let isMade = true;
  await stageDurably(path, text, mode, async (temporary) => {
    await link(temporary, path).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error;
      isMade = false;
    });
    await removeIfThere(temporary);
  });
  return isMade;
}

/** Writes and syncs a temporary file; `take` then moves it to its place. */
async function stageDurably(
  path: string,
  text: string,
  mode: number,
  take: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryName(path);
  await mkdir(dirname(path), { recursive: true });
  const file = await openNew(temporary, mode);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await take(temporary);
  } catch (error) {
    await removeIfThere(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Removes a file in three steps: it is renamed, `confirm` is called, and only then is it deleted. When `confirm` throws, the file
 * belongs to another holder of the lock and gets its name back, unless that holder has written a new one.
 */
export async function removeConfirmed(path: string, confirm: () => Promise<void>): Promise<void> {
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  try {
    await confirm();
  } catch (error) {
    await link(aside, path).catch(() => undefined);
    throw error;
  } finally {
    await removeIfThere(aside);
  }
}

/**
 * Adds the whole text to a file, or nothing. When the disk takes only a part (it is full), that part is cut off again, so that
 * the next line does not begin behind half of this one. The first append makes the file, so the folder is synced then too.
 * `confirm` is called before the write, after it, and before anything is cut off, since the file may be another holder's by then.
 */
export async function appendDurably(
  path: string,
  text: string,
  mode: number,
  confirm: () => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await openUnlinked(path, "append", mode);
  try {
    const { size } = await file.stat();
    await confirm();
    try {
      await file.writeFile(text);
      await file.sync();
    } catch (error) {
      await confirm()
        .then(() => file.truncate(size))
        .catch(() => undefined);
      throw error;
    }
    if (size === 0) await syncFolder(dirname(path));
    await confirm();
  } finally {
    await file.close();
  }
}

/** The text of a file; `undefined` when there is none. Throws `state-link` when the path is a link. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    const file = await openUnlinked(path, "read");
    try {
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Opens a file, or throws `state-link` for a link: Linux answers `ELOOP` to that, other systems `EMLINK`. */
async function openUnlinked(path: string, how: "read" | "append", mode?: number): Promise<FileHandle> {
  try {
    return await openOwn(path, how, mode);
  } catch (error) {
    if (isCode(error, "ELOOP") || isCode(error, "EMLINK")) throw isLinked(path);
    throw error;
  }
}

/** Removes a file; nothing happens when there is none. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

/** The documents in a folder. */
export function documentsIn(folder: string): Documents {
  return {
    text: (name) => readIfThere(join(folder, name)),
    names: (inner) => listFiles(join(folder, inner)),
  };
}

/** The names of the files in a folder, sorted; none when there is no such folder. */
async function listFiles(folder: string): Promise<readonly string[]> {
  return (await listEntries(folder)).flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

/** The other partitions in a folder, each with its label and its own folder. `own` is the folder name of this one. */
export async function listNeighbours(
  folder: string,
  own: string,
): Promise<readonly { readonly label: string; readonly folder: string }[]> {
  const names = (await listEntries(folder)).flatMap((entry) =>
    entry.isDirectory() && entry.name !== own ? [entry.name] : [],
  );
  return names.sort().flatMap((name) => {
    const label = labelOfFolder(name);
    return label === undefined ? [] : [{ label, folder: join(folder, name) }];
  });
}

async function listEntries(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Whether an error of Node has this code: `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Writes a folder's entries to the disk, so that a file that was just made or renamed is there after a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The error for a link in the place where the state has a file or a folder. */
export function isLinked(path: string): ProblemError {
  const message = `${path} is a link, and the state is neither read nor written through one.`;
  return new ProblemError([
    problem("error", "state-link", message, "Put the file or folder itself there, or remove the link."),
  ]);
}
