import { dirname } from "node:path";
import type { Disk, Inode } from "./disk.ts";
import type { Touched } from "./touched.ts";

/**
 * The places that an operation on a disk touches, as the disk is at that moment. Three sorts of them, since one file may have two
 * names, and a name may come to mean another file while somebody has the first one open:
 *
 *   `/work/lock`      the name: whether it is there, and for which file it stands
 *   `/work/`          the list of a folder's names; of two names that come or go it is all the same which was first
 *   `text of ada 3`   what is in a file; `time of ada 3`: when it was changed
 *
 * What fails changes nothing, so it only looks.
 */
type Touches = (disk: Disk) => Partial<Touched>;

export const nothing: Touches = () => ({});

function textOf({ id }: Inode): string {
  return `text of ${id}`;
}

function timeOf({ id }: Inode): string {
  return `time of ${id}`;
}

function listOf(path: string): string {
  return `${dirname(path)}/`;
}

export function looking(path: string): Touches {
  return (disk) => {
    const file = disk.find(path);
    return { reads: file ? [path, textOf(file), timeOf(file)] : [path] };
  };
}

export function listing(folder: string): Touches {
  return () => ({ reads: [`${folder}/`] });
}

export function opening(
  path: string,
  { creates, truncates }: { readonly creates: boolean; readonly truncates: boolean },
): Touches {
  return (disk) => {
    const file = disk.find(path);
    if (file) return { reads: [path], changes: truncates ? [textOf(file), timeOf(file)] : [] };
    return creates && !disk.isFolder(path) ? { changes: [path], adds: [listOf(path)] } : { reads: [path] };
  };
}

/** Of the time of its last change. */
export function dating(path: string): Touches {
  return (disk) => {
    const file = disk.find(path);
    return { reads: [path], changes: file ? [timeOf(file)] : [] };
  };
}

export function linking(from: string, to: string): Touches {
  return (disk) => {
    const isDone = disk.find(from) !== undefined && !disk.find(to);
    return isDone ? { reads: [from], changes: [to], adds: [listOf(to)] } : { reads: [from, to] };
  };
}

export function renaming(from: string, to: string): Touches {
  return (disk) =>
    disk.find(from) ? { changes: [from, to], adds: [listOf(from), listOf(to)] } : { reads: [from] };
}

export function removing(path: string): Touches {
  return (disk) => (disk.find(path) ? { changes: [path], adds: [listOf(path)] } : { reads: [path] });
}

/** Whoever looks for one of them finds it then; one that is there stays. */
export function makingFolders(path: string): Touches {
  return (disk) => {
    const made = disk.lacking(path);
    return { changes: made, adds: made.map(listOf) };
  };
}
