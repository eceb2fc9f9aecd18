import crypto from "node:crypto";
import fs, { constants } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";
import { Disk, failure, type Inode } from "./disk.ts";
import { here, type Runner, type Stage } from "./stage.ts";

/**
 * Stands in the place of `node:fs/promises`: what a runner of a stage asks for is an operation on that stage's disk, which happens
 * when it is chosen; everybody else gets the real files.
 */

const disks = new WeakMap<object, Disk>();

/** The one of all, or of a runner's own machine. */
export function diskOf(stage: Stage, runner?: Runner): Disk {
  const owner = stage.isApart && runner ? runner : stage;
  const disk = disks.get(owner) ?? new Disk();
  disks.set(owner, disk);
  return disk;
}

type Flags = { readonly creates: boolean; readonly exclusive: boolean; readonly truncates: boolean };

function readFlags(flags: string | number): Flags {
  if (typeof flags === "number") {
    const has = (bit: number): boolean => (flags & bit) !== 0;
    return {
      creates: has(constants.O_CREAT),
      exclusive: has(constants.O_EXCL),
      truncates: has(constants.O_TRUNC),
    };
  }
  return {
    creates: !flags.startsWith("r"),
    exclusive: flags.includes("x"),
    truncates: flags.startsWith("w"),
  };
}

type Touched = { readonly reads?: readonly string[]; readonly changes?: readonly string[] };

/**
 * Begins an operation on the disk of the stage that this code runs on. What nobody else can see, or nobody ever changes, is
 * nothing to choose about and happens at once.
 */
async function operate<T>(
  name: string,
  touched: Touched,
  effect: (disk: Disk, now: number) => T,
): Promise<T> {
  const { stage, runner } = here()!;
  const { reads = [], changes = [] } = touched;
  const disk = diskOf(stage, runner);
  const isStill = (path: string): boolean =>
    disk.isFolder(path) ||
    path.endsWith("/.git") ||
    (path.startsWith("/proc/") && !/^\/proc\/\d/u.test(path));
  const isNoChange = changes.length === 0 && reads.length > 0 && reads.every(isStill);
  if (stage.isApart || isNoChange) return effect(disk, stage.now);
  return stage.begin({
    runner,
    name: `${name} ${[...reads, ...changes.filter((path) => !path.endsWith("/"))].map((path) => basename(path)).join(" ")}`,
    reads,
    changes,
    sort: "file",
    effect: () => effect(disk, stage.now),
  });
}

/** A name that comes or goes is also a change of its folder's list. */
function withFolder(...paths: readonly string[]): Touched {
  return { changes: [...paths, ...paths.map((path) => `${dirname(path)}/`)] };
}

/** A name of the modelled function, and the real one for whoever is no runner. */
function choose<F extends (...given: never[]) => unknown>(modelled: F, otherwise: F): F {
  return ((...given) => (here() ? modelled(...given) : otherwise(...given))) as F;
}

const statOf = (inode: Inode): unknown => ({
  mtimeMs: inode.mtime,
  size: inode.text.length,
  mode: 0o100600,
  ino: inode.number,
  dev: 1,
  nlink: 1,
  isFile: () => true,
  isDirectory: () => false,
  isSymbolicLink: () => false,
});
const folderStat = {
  mtimeMs: 0,
  size: 0,
  mode: 0o40700,
  isFile: () => false,
  isDirectory: () => true,
  isSymbolicLink: () => false,
};

function handle(path: string, inode: Inode | "folder", appends: boolean): unknown {
  const own = <T>(
    name: string,
    touched: Touched,
    effect: (disk: Disk, file: Inode, now: number) => T,
  ): Promise<T> =>
    operate(name, touched, (disk, now) => {
      if (inode === "folder") throw failure("EISDIR", path);
      return effect(disk, inode, now);
    });
  const [reading, changing] = [{ reads: [path] }, { changes: [path] }];
  let position = 0;
  const write = (text: string | Uint8Array): Promise<void> =>
    own(appends ? "append" : "write", changing, (disk, file, now) => {
      const added = typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      const before = appends ? file.text : file.text.slice(0, position);
      disk.write(file, before + added, now);
      position = before.length + added.length;
    });
  return {
    fd: 0,
    writeFile: write,
    write,
    appendFile: write,
    readFile: () => own("read", reading, (_disk, file) => file.text),
    truncate: (length = 0) =>
      own("truncate", changing, (disk, file, now) => disk.write(file, file.text.slice(0, length), now)),
    chmod: async () => undefined,
    stat: () => own("stat", reading, (_disk, file) => statOf(file)),
    utimes: (_access: number, time: number) =>
      own("utimes", changing, (_disk, file) => void (file.mtime = time * 1000)),
    sync: () =>
      inode === "folder"
        ? operate("sync folder", {}, (disk) => disk.syncFolder(path))
        : own("sync", {}, (disk, file) => disk.sync(file)),
    datasync: () => own("sync", {}, (disk, file) => disk.sync(file)),
    close: async () => undefined,
  };
}

async function open(path: string, flags: string | number = "r", _mode?: number): Promise<unknown> {
  const { creates, exclusive, truncates } = readFlags(flags);
  const appends = typeof flags === "number" ? (flags & constants.O_APPEND) !== 0 : flags.startsWith("a");
  const inode = await operate("open", creates ? withFolder(path) : { reads: [path] }, (disk, now) => {
    if (disk.isFolder(path)) return "folder";
    const file = creates ? disk.create(path, now, exclusive) : disk.read(path);
    if (truncates) disk.write(file, "", now);
    return file;
  });
  return handle(path, inode, appends);
}

async function writeFile(path: string, text: string, options?: { readonly flag?: string }): Promise<void> {
  const flag = options?.flag ?? "w";
  await operate("write", withFolder(path), (disk, now) => {
    const { exclusive } = readFlags(flag);
    const file = disk.create(path, now, exclusive);
    disk.write(file, (flag.startsWith("a") ? file.text : "") + text, now);
  });
}

function ownDisk(): Disk {
  const { stage, runner } = here()!;
  return diskOf(stage, runner);
}

const modelled = {
  open,
  writeFile,
  appendFile: (path: string, text: string) => writeFile(path, text, { flag: "a" }),
  // Bytes or a text, as it was asked for.
  readFile: async (path: string, encoding?: unknown) => {
    const { stage } = here()!;
    const text = await operate(
      "read",
      { reads: [path] },
      (disk) => readSystem(stage, path) ?? disk.read(path).text,
    );
    return encoding === undefined ? Buffer.from(text) : text;
  },
  readlink: (path: string) =>
    operate("readlink", { reads: [path] }, () => {
      if (path === "/proc/self/ns/pid") return "pid:[1]";
      throw failure("EINVAL", path);
    }),
  stat: (path: string) =>
    operate("stat", { reads: [path] }, (disk) =>
      disk.isFolder(path) ? folderStat : statOf(disk.read(path)),
    ),
  lstat: (path: string) =>
    operate("stat", { reads: [path] }, (disk) =>
      disk.isFolder(path) ? folderStat : statOf(disk.read(path)),
    ),
  realpath: async (path: string) => path,
  access: (path: string) =>
    operate("stat", { reads: [path] }, (disk) => void (disk.isFolder(path) || disk.read(path))),
  chmod: async () => undefined,
  utimes: (path: string, _access: number, time: number) =>
    operate("utimes", { changes: [path] }, (disk) => void (disk.read(path).mtime = time * 1000)),
  link: (from: string, to: string) => operate("link", withFolder(from, to), (disk) => disk.link(from, to)),
  rename: (from: string, to: string) =>
    operate("rename", withFolder(from, to), (disk) => disk.rename(from, to)),
  unlink: (path: string) => operate("unlink", withFolder(path), (disk) => disk.unlink(path)),
  rm: async (path: string) => ownDisk().removeTree(path),
  // Folders are never removed while anybody looks, so making one is nothing that another could notice.
  mkdir: async (path: string) => ownDisk().makeFolder(path),
  mkdtemp: async (prefix: string) => {
    const disk = ownDisk();
    disk.makeFolder(dirname(prefix));
    const path = `${prefix}${here()!.runner.name}${disk.list(dirname(prefix)).length}`;
    disk.makeFolder(path);
    return path;
  },
  readdir: async (path: string, options?: { readonly withFileTypes?: boolean }) => {
    const entries = await operate("list", { reads: [`${path}/`] }, (disk) => disk.list(path));
    return options?.withFileTypes
      ? entries.map(({ name, isFolder }) => ({
          name,
          parentPath: path,
          isFile: () => !isFolder,
          isDirectory: () => isFolder,
          isSymbolicLink: () => false,
        }))
      : entries.map(({ name }) => name);
  },
};

/** What Linux tells of processes: the runners are on one machine, each with its number. */
function readSystem(stage: Stage, path: string): string | undefined {
  if (path === "/proc/sys/kernel/random/boot_id") return "boot\n";
  const number = /^\/proc\/(\d+)\/stat$/u.exec(path)?.[1];
  if (number === undefined) return undefined;
  const runner = stage.runners[Number(number) - 1];
  if (!runner || runner.state !== "running") throw failure("ENOENT", path);
  return `${number} (node) ${"S ".repeat(19)}${number}0 0`;
}

/** Of a runner the same in each replay of a course: names of temporary files are what tells one course from another. */
const drawn = new WeakMap<Runner, number>();

function drawBytes(size: number): Buffer {
  const { runner } = here()!;
  const count = (drawn.get(runner) ?? 0) + 1;
  drawn.set(runner, count);
  return Buffer.from(`${runner.number}${count.toString(16).padStart(size * 2 - 1, "0")}`, "hex");
}

type Functions = { [name: string]: (...given: never[]) => unknown };

/** What is looked at without waiting: whether a folder is there, before git is started in it. */
const replaced: readonly (readonly [Functions, Functions])[] = [
  [fs.promises as unknown as Functions, modelled],
  [fs as unknown as Functions, { statSync: () => folderStat }],
  [crypto as unknown as Functions, { randomBytes: drawBytes }],
];

/**
 * Puts the modelled functions into the modules of Node themselves, for all that this process has imported; the answer takes them
 * out again. Test files share their process, so a mock of a module would come too late for what an earlier file imported.
 */
export function modelFiles(): () => void {
  const real = replaced.map(([whole]) => ({ ...whole }));
  for (const [whole, models] of replaced)
    for (const [name, model] of Object.entries(models)) whole[name] = choose(model, whole[name]!);
  syncBuiltinESMExports();
  return () => {
    for (const [index, [whole, models]] of replaced.entries())
      for (const name of Object.keys(models)) whole[name] = real[index]![name]!;
    syncBuiltinESMExports();
  };
}
