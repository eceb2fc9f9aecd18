import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/**
 * Files that are being written, and folders that only one run uses. Their names cannot be guessed and they are made
 * exclusively, so that nobody can lay a link in their place beforehand; and they say which process they are of, so that what
 * a killed run left can be told from what is in use: `inventory.json.4711.9f86d081884c7d65.temporary`.
 */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${randomBytes(8).toString("hex")}.temporary`;
}

/** Made here and now, or an error: what is there already, be it a link, is neither opened nor followed (POSIX on `O_EXCL`). */
export function openNew(path: string, mode: number): Promise<FileHandle> {
  return open(path, flags("O_WRONLY", "O_CREAT", "O_EXCL"), mode);
}

/** To read, or to add to; a link in its place is an error (`ELOOP`). */
export function openOwn(path: string, how: "read" | "append", mode?: number): Promise<FileHandle> {
  const names = how === "read" ? (["O_RDONLY"] as const) : (["O_WRONLY", "O_APPEND", "O_CREAT"] as const);
  return open(path, flags(...names, "O_NOFOLLOW"), mode);
}

/** Windows has no `O_NOFOLLOW`; making a link takes rights there that few have. */
function flags(...names: readonly (keyof typeof constants)[]): number {
  return names.reduce((all, name) => all | ((constants[name] as number | undefined) ?? 0), 0);
}

const leftover = /\.(\d{1,10})\.[0-9a-f]{16}\.temporary$/u;
/** Of a lock that somebody is about to make no more than of one that is looked at. */
const staged = /^(?!lock\.).*\.(\d{1,10})\.[0-9a-f]{16}\.temporary$/u;
const checkout = /^trueup-state-(\d{1,10})-/u;

/** For `mkdtemp` in the system's temporary folder. */
export function checkoutPrefix(): string {
  return `trueup-state-${process.pid}-`;
}

/** Removes what killed runs left in a folder of the state. What cannot be removed stays: it is in nobody's way. */
export function sweepTemporaries(folder: string): Promise<void> {
  return sweep(folder, leftover);
}

/**
 * Removes whatever is being written in the folder of a partition, by whomever: only who holds the lock may, and the new holder
 * does it before it reads. One that overslept its lease renames nothing any more (`file-store.ts`).
 */
export function sweepStaged(partition: string): Promise<void> {
  return sweep(partition, staged, () => false);
}

/** The same for checkouts of the state branch; only folders of this user, never what a link points to. */
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

/** A process of somebody else answers that it may not be signalled, and so is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
