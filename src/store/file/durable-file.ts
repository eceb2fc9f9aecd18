import type { Dirent } from "node:fs";
import { link, mkdir, open, readdir, rename, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Documents } from "../base/backend.ts";
import { labelOfFolder } from "../partition/partition-folder.ts";
import { openNew, openOwn, temporaryName } from "../base/temporary.ts";

/**
 * Whole or not at all: to a temporary file, synced, renamed, and the folder synced. A link at `path` is replaced. `confirm`
 * is asked when all but the rename is done.
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

/** The same where nothing is there yet; false, and what is there stays, where somebody was faster. */
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

/** `take` gives the synced file its place. */
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
 * Aside first, then `confirm`, then gone: what turns out to be another holder's gets its place back, unless that one has written it
 * anew.
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
 * The whole text or nothing of it: where the disk takes only a part, that part is cut off again, so that the next line does
 * not begin behind half of this one. The first append makes the file, so its folder has to be synced as well. `confirm` is
 * asked before and after, and before anything is cut off: it may be another holder's by then.
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

/** `undefined` when there is none. Never through a link. */
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

/** Linux answers `ELOOP` for a link, others `EMLINK`. */
async function openUnlinked(path: string, how: "read" | "append", mode?: number): Promise<FileHandle> {
  try {
    return await openOwn(path, how, mode);
  } catch (error) {
    if (isCode(error, "ELOOP") || isCode(error, "EMLINK")) throw isLinked(path);
    throw error;
  }
}

export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

export function documentsIn(folder: string): Documents {
  return {
    text: (name) => readIfThere(join(folder, name)),
    names: (inner) => listFiles(join(folder, inner)),
  };
}

/** Names of the files in a folder, sorted; none when it is not there. */
async function listFiles(folder: string): Promise<readonly string[]> {
  return (await listEntries(folder)).flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}

/** Partitions that lie beside one, each with its folder. */
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

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A link where the state has a file or a folder of its own. */
export function isLinked(path: string): ProblemError {
  const message = `${path} is a link, and the state is neither read nor written through one.`;
  return new ProblemError([
    problem("error", "state-link", message, "Put the file or folder itself there, or remove the link."),
  ]);
}
