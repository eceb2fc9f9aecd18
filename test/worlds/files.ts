import crypto from "node:crypto";
import fs, { constants } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";
import { failure, type Disk, type Inode } from "./disk.ts";
import { here, type Machine, type Runner } from "./stage.ts";

/**
 * Stands in the place of `node:fs/promises`: what a runner asks for is an operation on the disk of its world, which happens when
 * it is chosen; everybody else gets the real files.
 */

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
 * Begins an operation on the disk that the runner works on. What nobody else can see, or nobody ever changes, is nothing to
 * choose about and happens at once.
 */
async function operate<T>(
  name: string,
  paths: readonly string[],
  isChange: (disk: Disk) => boolean,
  effect: (disk: Disk, machine: Machine) => T,
  isAtOnce = false,
): Promise<T> {
  const runner = here()!;
  if (runner.own) return effect(runner.own.disk, runner.own);
  return runner.begin({
    name: `${name} ${paths.map((path) => basename(path)).join(" ")}`,
    paths,
    isChange: ({ disk }) => isChange(disk),
    isAtOnce: ({ disk }) => isAtOnce || (!isChange(disk) && areStill(disk, paths)),
    sort: "file",
    effect: (model) => effect(model.disk, model),
  });
}

const always = (): boolean => true;
const never = (): boolean => false;
const where =
  (path: string) =>
  (disk: Disk): boolean =>
    disk.find(path) !== undefined;

/** What stands there is what nobody ever changes. */
function areStill(disk: Disk, paths: readonly string[]): boolean {
  const stays = (path: string): boolean =>
    disk.isFolder(path) ||
    path.endsWith("/.git") ||
    (path.startsWith("/proc/") && !/^\/proc\/\d/u.test(path));
  return paths.length > 0 && paths.every(stays);
}

/** A name of the modelled function, and the real one for whoever is no runner. */
function choose<F extends (...given: never[]) => unknown>(modelled: F, otherwise: F): F {
  return ((...given) => (here() ? modelled(...given) : otherwise(...given))) as F;
}

type Shown = { readonly mtimeMs: number; readonly size: number };

function shownOf({ mtime, text }: Inode): Shown {
  return { mtimeMs: mtime, size: text.length };
}

const statOf = (shown: Shown): unknown => ({
  ...shown,
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

function handle(path: string, id: string | undefined, appends: boolean): unknown {
  const { name: runner } = here()!;
  const own = <T>(
    name: string,
    isChange: () => boolean,
    effect: (disk: Disk, file: Inode, now: number) => T,
  ): Promise<T> =>
    operate(name, [path], isChange, (disk, { now }) => {
      if (id === undefined) throw failure("EISDIR", path);
      return effect(disk, disk.opened(id), now);
    });
  const sync = (): Promise<void> => operate("sync", [], never, (disk) => disk.sync(disk.opened(id!)));
  let position = 0;
  const write = async (text: string | Uint8Array): Promise<void> => {
    const from = position;
    position = await own(appends ? "append" : "write", always, (disk, file, now) => {
      const added = typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      const before = appends ? file.text : file.text.slice(0, from);
      disk.write(file, before + added, now);
      return before.length + added.length;
    });
  };
  return {
    fd: 0,
    writeFile: write,
    write,
    appendFile: write,
    readFile: () => own("read", never, (_disk, file) => file.text),
    truncate: (length = 0) =>
      own("truncate", always, (disk, file, now) => disk.write(file, file.text.slice(0, length), now)),
    chmod: async () => undefined,
    stat: async () => statOf(await own("stat", never, (_disk, file) => shownOf(file))),
    utimes: (_access: number, time: number) =>
      own("utimes", always, (disk, file) => disk.date(file, time * 1000)),
    sync: () =>
      id === undefined ? operate("sync folder", [], never, (disk) => disk.syncFolder(path)) : sync(),
    datasync: sync,
    close: async () => {
      if (id !== undefined) await operate("close", [path], never, (disk) => disk.close(id, runner), true);
    },
  };
}

async function open(path: string, flags: string | number = "r", _mode?: number): Promise<unknown> {
  const { creates, exclusive, truncates } = readFlags(flags);
  const { name } = here()!;
  const appends = typeof flags === "number" ? (flags & constants.O_APPEND) !== 0 : flags.startsWith("a");
  const id = await operate(
    "open",
    [path],
    (disk) => (disk.find(path) ? truncates : creates && !disk.isFolder(path)),
    (disk, { now }) => {
      if (disk.isFolder(path)) return undefined;
      const file = creates ? disk.create(path, now, exclusive, name) : disk.read(path);
      if (truncates) disk.write(file, "", now);
      disk.open(file, name);
      return file.id;
    },
  );
  return handle(path, id, appends);
}

async function writeFile(path: string, text: string, options?: { readonly flag?: string }): Promise<void> {
  const flag = options?.flag ?? "w";
  const { name } = here()!;
  await operate("write", [path], always, (disk, { now }) => {
    const { exclusive } = readFlags(flag);
    const file = disk.create(path, now, exclusive, name);
    disk.write(file, (flag.startsWith("a") ? file.text : "") + text, now);
  });
}

async function stat(path: string): Promise<unknown> {
  const shown = await operate("stat", [path], never, (disk) =>
    disk.isFolder(path) ? "folder" : shownOf(disk.read(path)),
  );
  return shown === "folder" ? folderStat : statOf(shown);
}

const modelled = {
  open,
  writeFile,
  appendFile: (path: string, text: string) => writeFile(path, text, { flag: "a" }),
  // Bytes or a text, as it was asked for.
  readFile: async (path: string, encoding?: unknown) => {
    const text = await operate(
      "read",
      [path],
      never,
      (disk, { running }) => readSystem(running, path) ?? disk.read(path).text,
    );
    return encoding === undefined ? Buffer.from(text) : text;
  },
  readlink: (path: string) =>
    operate("readlink", [path], never, () => {
      if (path === "/proc/self/ns/pid") return "pid:[1]";
      throw failure("EINVAL", path);
    }),
  stat,
  lstat: stat,
  realpath: async (path: string) => path,
  access: (path: string) =>
    operate("stat", [path], never, (disk) => void (disk.isFolder(path) || disk.read(path))),
  chmod: async () => undefined,
  utimes: (path: string, _access: number, time: number) =>
    operate("utimes", [path], where(path), (disk) => disk.date(disk.read(path), time * 1000)),
  link: (from: string, to: string) =>
    operate(
      "link",
      [from, to],
      (disk) => where(from)(disk) && !where(to)(disk),
      (disk) => disk.link(from, to),
    ),
  rename: (from: string, to: string) =>
    operate("rename", [from, to], where(from), (disk) => disk.rename(from, to)),
  unlink: (path: string) => operate("unlink", [path], where(path), (disk) => disk.unlink(path)),
  // Only whole checkouts are removed with what is in them, of which nobody else knows.
  rm: (path: string) =>
    operate("remove", [path], where(path), (disk) =>
      disk.isFolder(path) ? disk.removeTree(path) : disk.find(path) && disk.unlink(path),
    ),
  mkdir: (path: string) =>
    operate(
      "mkdir",
      [path],
      (disk) => disk.lacking(path).length > 0,
      (disk) => disk.makeFolder(path),
      true,
    ),
  mkdtemp: async (prefix: string) => {
    const { own, name } = here()!;
    own!.disk.makeFolder(dirname(prefix));
    const path = `${prefix}${name}${own!.disk.list(dirname(prefix)).length}`;
    own!.disk.makeFolder(path);
    return path;
  },
  readdir: async (path: string, options?: { readonly withFileTypes?: boolean }) => {
    const entries = await operate("list", [`${path}/`], never, (disk) => disk.list(path));
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
function readSystem(running: ReadonlySet<number>, path: string): string | undefined {
  if (path === "/proc/sys/kernel/random/boot_id") return "boot\n";
  const number = /^\/proc\/(\d+)\/stat$/u.exec(path)?.[1];
  if (number === undefined) return undefined;
  if (!running.has(Number(number))) throw failure("ENOENT", path);
  return `${number} (node) ${"S ".repeat(19)}${number}0 0`;
}

/** Of a runner the same in each replay of a course: names of temporary files are what tells one course from another. */
const drawn = new WeakMap<Runner, number>();

function drawBytes(size: number): Buffer {
  const runner = here()!;
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
