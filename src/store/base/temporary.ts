import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/**
 * The name for a file that is being written: `inventory.json.4711.9f86d081884c7d65.temporary`. It cannot be guessed, and `openNew`
 * makes the file only if there is none, so that no other user of the machine can put a link there beforehand. The number is the
 * process, so that files of a killed run can be told from files in use.
 */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(8).toString("hex")}.temporary`;
}

/** Makes a new file and opens it; an error (`EEXIST`) when there is one already. A link is not followed either (POSIX on `O_EXCL`). */
export function openNew(path: string, mode: number): Promise<FileHandle> {
  return open(path, flags("O_WRONLY", "O_CREAT", "O_EXCL"), mode);
}

/** Opens a file to read it or to add to its end. A link in its place is an error (`ELOOP`). */
export function openOwn(path: string, how: "read" | "append", mode?: number): Promise<FileHandle> {
  const names = how === "read" ? (["O_RDONLY"] as const) : (["O_WRONLY", "O_APPEND", "O_CREAT"] as const);
  return open(path, flags(...names, "O_NOFOLLOW"), mode);
}

/** Flags by name; those that the system does not have are left out. Windows lacks `O_NOFOLLOW`, but few users may make links there. */
function flags(...names: readonly (keyof typeof constants)[]): number {
  return names.reduce((all, name) => all | ((constants[name] as number | undefined) ?? 0), 0);
}

const leftover = /\.(\d{1,10})\.[0-9a-f]{16}\.temporary$/u;
/** Temporary files except those of a lock that another run is making or looking at. */
const staged = /^(?!lock\.).*\.(\d{1,10})\.[0-9a-f]{16}\.temporary$/u;
const checkout = /^trueup-state-(\d{1,10})-/u;

/** How the name of a checkout of the state branch begins, for `mkdtemp` in the system's temporary folder. */
export function checkoutPrefix(): string {
  return `trueup-state-${process.pid}-`;
}

/** Removes temporary files of killed runs from a folder of the state. A file that cannot be removed stays and does no harm. */
export function sweepTemporaries(folder: string): Promise<void> {
  return sweep(folder, leftover);
}

/**
 * Removes all temporary files from the folder of a partition, also those of running processes. Only the holder of the lock may
 * call it, and a new holder does so before it reads: an earlier holder that slept past the end of its lease then finds nothing
 * to rename any more (`file-store.ts`).
 */
export function sweepStaged(partition: string): Promise<void> {
  return sweep(partition, staged, () => false);
}

/** Removes checkouts of the state branch that killed runs left: only folders of this user, and never what a link points to. */
export function sweepCheckouts(folder: string): Promise<void> {
  return sweep(folder, checkout);
}

async function sweep(folder: string, pattern: RegExp, spares = isAlive): Promise<void> {
  const names = await readdir(folder).catch((): readonly string[] => []);
  for (const name of names) {
    const pid = pattern.exec(name)?.[1];
    if (pid === undefined || spares(Number(pid))) continue;
    const path = join(folder, name);
    const own = await lstat(path).catch(() => undefined);
    if (own && own.uid === (process.getuid?.() ?? own.uid))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether there is a process of this number. One of another user may not be signalled (`EPERM`), which shows that it exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
