import { lstat, mkdir, realpath } from "node:fs/promises";
import systemPath, { basename, dirname, join } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { isCode, isLinked } from "./durable-file.ts";

/** How paths are written on a system: this one's, or in a test another one's. */
type PathSystem = Pick<typeof systemPath, "relative" | "isAbsolute" | "sep">;

/**
 * The folder of the state, with checks that it lies where it may. `state.path` stands in a file that another person may have
 * written, and a checkout may hold links; neither may make a run write elsewhere. So the folder has to be inside the repository
 * (without one, beside the file), also after links are followed, and no folder below it may be a link.
 */
export type StateFolder = {
  readonly path: string;
  /** Whether git should ignore all of the folder: nothing in it is worth a commit. */
  readonly isScratch: boolean;
  /** Throws `state-path` or `state-link` unless `inner`, a folder below, really lies inside. It may be missing. */
  readonly check: (inner: string) => Promise<void>;
  /** Checks the same, and makes the folder when it is missing. */
  readonly prepare: (inner: string) => Promise<void>;
};

/** `beside` is the folder of the first file of the run: its repository is the one that the state has to lie in. */
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

/** The nearest folder, from `start` upwards, that has a `.git`; without one, `start` itself. */
export async function repositoryRoot(start: string): Promise<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isThere(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

/** Whether a path is the folder `root` or lies below it, by its text alone. */
export function isInside(root: string, path: string, system: PathSystem = systemPath): boolean {
  const way = system.relative(root, path);
  return way === "" || (!system.isAbsolute(way) && way !== ".." && !way.startsWith(`..${system.sep}`));
}

/** Where a path leads once links are followed. It may not exist yet; then the part of it that exists is followed. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isCode(error, "ENOENT") || (await isLink(path)) || dirname(path) === path) throw error;
    return join(await realPlace(dirname(path)), basename(path));
  }
}

/** Whether there is a link at the path. */
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
