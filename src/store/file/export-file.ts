import { lstat, mkdir, open, rename, unlink, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isCode, syncFolder } from "./durable-file.ts";

/** A file that is being written. Until it is complete its name ends with `.partial`. */
export type ExportFile = {
  /** Adds bytes at the end. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** To be called when all bytes are written: puts the file on the disk under its own name, and answers with that path. */
  readonly finish: () => Promise<string>;
  /** To be called when the bytes could not all be written: removes the file. */
  readonly discard: () => Promise<void>;
};

const mostOfOneName = 100;
const ending = ".partial";

/**
 * Begins a file `NAME.TYPE` in a folder, or `NAME-2.TYPE` and so on when there is one already: no file is overwritten. Only its
 * owner can read it. A folder that has to be made gets a `.gitignore`, so that git does not see the file. Throws an error of the
 * system when the folder cannot be written to.
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

/** Makes the unfinished file, whose name reserves the final one. `undefined` when either name is taken. */
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
