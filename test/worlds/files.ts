import crypto from "node:crypto";
import fs, { constants } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";
import { Disk, failure, type Inode } from "./disk.ts";
import type { Touched } from "./touched.ts";
import { here, type Runner, type Stage } from "./stage.ts";
import * as touch from "./touch.ts";

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

/**
 * Begins an operation on the disk of the stage that this code runs on. What nobody else can see, or nobody ever changes, is
 * nothing to choose about and happens at once.
 */
async function operate<T>(
  name: string,
  paths: readonly string[],
  touches: (disk: Disk) => Partial<Touched>,
  effect: (disk: Disk, now: number) => T,
): Promise<T> {
  const { stage, runner } = here()!;
  const disk = diskOf(stage, runner);
  const isStill = (path: string): boolean =>
    disk.isFolder(path) ||
    path.endsWith("/.git") ||
    (path.startsWith("/proc/") && !/^\/proc\/\d/u.test(path));
  const { reads = [], changes = [] } = touches(disk);
  const isNoChange = changes.length === 0 && reads.length > 0 && reads.every(isStill);
  if (stage.isApart || isNoChange) return effect(disk, stage.now);
  return stage.begin({
    runner,
    name: `${name} ${paths.map((path) => basename(path)).join(" ")}`,
    paths,
    touches: () => touches(disk),
    sort: "file",
    effect: () => effect(disk, stage.now),
  });
}

/** A name of the modelled function, and the real one for whoever is no runner. */
function choose<F extends (...given: never[]) => unknown>(modelled: F, otherwise: F): F {
  return ((...given) => (here() ? modelled(...given) : otherwise(...given))) as F;
}

const statOf = (inode: Inode): unknown => ({
  mtimeMs: inode.mtime,
  size: inode.text.length,
  mode: 0o100600,
  uid: process.getuid?.(),
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
    way: keyof Touched,
    effect: (disk: Disk, file: Inode, now: number) => T,
  ): Promise<T> =>
    operate(
      name,
      [path],
      () =>
        inode === "folder"
          ? {}
          : { [way]: name === "read" ? [touch.textOf(inode)] : [touch.textOf(inode), touch.timeOf(inode)] },
      (disk, now) => {
        if (inode === "folder") throw failure("EISDIR", path);
        return effect(disk, inode, now);
      },
    );
  const sync = (file: Inode): Promise<void> => operate("sync", [], touch.nothing, (disk) => disk.sync(file));
  let position = 0;
  const write = (text: string | Uint8Array): Promise<void> =>
    own(appends ? "append" : "write", "changes", (disk, file, now) => {
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
    readFile: () => own("read", "reads", (_disk, file) => file.text),
    truncate: (length = 0) =>
      own("truncate", "changes", (disk, file, now) => disk.write(file, file.text.slice(0, length), now)),
    chmod: async () => undefined,
    stat: () => own("stat", "reads", (_disk, file) => statOf(file)),
    utimes: (_access: number, time: number) =>
      own("utimes", "changes", (_disk, file) => void (file.mtime = time * 1000)),
    sync: () =>
      inode === "folder"
        ? operate("sync folder", [], touch.nothing, (disk) => disk.syncFolder(path))
        : sync(inode),
    datasync: () => sync(inode as Inode),
    close: async () => undefined,
  };
}

async function open(path: string, flags: string | number = "r", _mode?: number): Promise<unknown> {
  const { creates, exclusive, truncates } = readFlags(flags);
  const { name } = here()!.runner;
  const appends = typeof flags === "number" ? (flags & constants.O_APPEND) !== 0 : flags.startsWith("a");
  const id = await operate("open", [path], touch.opening(path, { creates, truncates }), (disk, now) => {
    if (disk.isFolder(path)) return undefined;
    const file = creates ? disk.create(path, now, exclusive, name) : disk.read(path);
    if (truncates) disk.write(file, "", now);
    return file.id;
  });
  return handle(path, id === undefined ? "folder" : ownDisk().inodes.get(id)!, appends);
}

async function writeFile(path: string, text: string, options?: { readonly flag?: string }): Promise<void> {
  const flag = options?.flag ?? "w";
  const { name } = here()!.runner;
  await operate("write", [path], touch.opening(path, { creates: true, truncates: true }), (disk, now) => {
    const { exclusive } = readFlags(flag);
    const file = disk.create(path, now, exclusive, name);
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
      [path],
      touch.looking(path),
      (disk) => readSystem(stage, path) ?? disk.read(path).text,
    );
    return encoding === undefined ? Buffer.from(text) : text;
  },
  readlink: (path: string) =>
    operate("readlink", [path], touch.looking(path), () => {
      if (path === "/proc/self/ns/pid") return "pid:[1]";
      throw failure("EINVAL", path);
    }),
  stat: (path: string) =>
    operate("stat", [path], touch.looking(path), (disk) =>
      disk.isFolder(path) ? folderStat : statOf(disk.read(path)),
    ),
  lstat: (path: string) =>
    operate("stat", [path], touch.looking(path), (disk) =>
      disk.isFolder(path) ? folderStat : statOf(disk.read(path)),
    ),
  realpath: async (path: string) => path,
  access: (path: string) =>
    operate("stat", [path], touch.looking(path), (disk) => void (disk.isFolder(path) || disk.read(path))),
  chmod: async () => undefined,
  utimes: (path: string, _access: number, time: number) =>
    operate("utimes", [path], touch.dating(path), (disk) => void (disk.read(path).mtime = time * 1000)),
  link: (from: string, to: string) =>
    operate("link", [from, to], touch.linking(from, to), (disk) => disk.link(from, to)),
  rename: (from: string, to: string) =>
    operate("rename", [from, to], touch.renaming(from, to), (disk) => disk.rename(from, to)),
  unlink: (path: string) => operate("unlink", [path], touch.removing(path), (disk) => disk.unlink(path)),
  // Only whole checkouts are removed with what is in them, of which nobody else knows.
  rm: async (path: string) =>
    ownDisk().isFolder(path)
      ? ownDisk().removeTree(path)
      : operate("remove", [path], touch.removing(path), (disk) => void disk.names.delete(path)),
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
    const entries = await operate("list", [`${path}/`], touch.listing(path), (disk) => disk.list(path));
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
