import { lstat, mkdir, open, rename, unlink, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isCode, syncFolder } from "./durable-file.ts";

/** A file that is being written, under a name that nobody takes for the whole. */
export type ExportFile = {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** It is all there: on disk, under its own name. Answers that path. */
  readonly finish: () => Promise<string>;
  /** It is not: nothing is left of it. */
  readonly discard: () => Promise<void>;
};

const mostOfOneName = 100;
const ending = ".partial";

/**
 * Begins `NAME.ENDING` in a folder, or `NAME-2.ENDING` and so on: nothing is written over. Only its owner can read it, and
 * git does not see a folder that is made for it.
 */
export async function openExportFile(folder: string, name: string, type: string): Promise<ExportFile> {
  const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
  if (isNew) await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" });
  for (let number = 1; number <= mostOfOneName; number += 1) {
    const path = join(folder, `${name}${number === 1 ? "" : `-${number}`}${type}`);
    const file = await reserve(path);
    if (file) return fileAt(path, folder, file);
  }
  throw new Error(`${folder} has ${mostOfOneName} files named ${name} already`);
}

/** The name of the unfinished file keeps others away from the name that it will have. */
async function reserve(path: string): Promise<FileHandle | undefined> {
  const file = await open(`${path}${ending}`, "wx", 0o600).catch((error: unknown) => {
    if (isCode(error, "EEXIST")) return undefined;
    throw error;
  });
  if (!file || !(await isThere(path))) return file;
  await drop(file, path);
  return undefined;
}

function fileAt(path: string, folder: string, file: FileHandle): ExportFile {
  return {
    write: async (bytes) => {
      await file.writeFile(bytes);
    },
    finish: async () => {
      await file.sync();
      await file.close();
      await rename(`${path}${ending}`, path);
      await syncFolder(folder);
      return path;
    },
    discard: () => drop(file, path),
  };
}

async function drop(file: FileHandle, path: string): Promise<void> {
  await file.close();
  await unlink(`${path}${ending}`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}
