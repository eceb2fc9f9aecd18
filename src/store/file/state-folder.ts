import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { isCode, isLinked } from "./durable-file.ts";

/**
 * Where the state of the file backend may lie. A file that somebody else wrote says `state.path`, and a checkout may hold
 * links, so neither may make a run write outside: the folder is inside the repository (without one, beside the file), also
 * once its links are followed, and no folder below it is a link.
 */
export type StateFolder = {
  readonly path: string;
  /** Nothing in it is worth a commit. */
  readonly isScratch: boolean;
  /** Throws a `ProblemError` unless `inner`, a folder below, is what it seems to be. It may be missing. */
  readonly check: (inner: string) => Promise<void>;
  /** The same, and makes it where it is missing. */
  readonly prepare: (inner: string) => Promise<void>;
};

/** `beside`: the folder of the first file. */
export function openStateFolder(
  path: string,
  beside: string,
  { isScratch = false }: { readonly isScratch?: boolean } = {},
): StateFolder {
  const check = async (inner: string): Promise<void> => {
    const root = await repositoryRoot(beside);
    if (!isInside(root, path) || !isInside(await realpath(root), await realPlace(path)))
      throw outside(path, root);
    let folder = path;
    for (const part of inner.split(/[/\\]/u).filter((one) => one !== "")) {
      folder = join(folder, part);
      if (await isLink(folder)) throw isLinked(folder);
    }
  };
  const prepare = async (inner: string): Promise<void> => {
    await check(inner);
    await mkdir(join(path, inner), { recursive: true });
  };
  return { path, isScratch, check, prepare };
}

/** The folder of the nearest `.git` above, else the one it began with. */
export async function repositoryRoot(start: string): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isThere(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}

/** Where a path leads that may not be there yet: what is there of it counts. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isCode(error, "ENOENT") || (await isLink(path)) || dirname(path) === path) throw error;
    return join(await realPlace(dirname(path)), relative(dirname(path), path));
  }
}

export async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return false;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

function outside(path: string, root: string): ProblemError {
  const message = `The state would lie in ${path}, which is not inside ${root}.`;
  const remedy =
    "Correct state.path (and the links on its way): it stays inside the repository, or beside the file where there is none.";
  return new ProblemError([problem("error", "state-path", message, remedy)]);
}
