import { dirname } from "node:path";
import { digest } from "./digest.ts";

/** What a name stands for: the text as programs see it, and as it would be after a loss of power. */
export type Inode = {
  readonly id: string;
  readonly text: string;
  readonly synced: string;
  readonly mtime: number;
  /** Stands for all of it. */
  readonly mark: string;
};

function inodeOf(id: string, text: string, synced: string, mtime: number): Inode {
  return {
    id,
    text,
    synced,
    mtime,
    mark: `${id} ${mtime} ${digest(text)} ${text === synced || digest(synced)}`,
  };
}

/**
 * A file system in memory, as far as the state stores use one. It knows two sorts of end: a process that is killed loses
 * nothing of what it wrote, and a loss of power loses all that was not synced, contents and names apart.
 */
export class Disk {
  /** The ids of files by their names, as programs see them, and as they would be after a loss of power. */
  #names = new Map<string, string>();
  #kept = new Map<string, string>();
  /** By their ids, also those that have no name any more while somebody has them open. */
  #inodes = new Map<string, Inode>();
  #folders: ReadonlySet<string> = new Set<string>(["/"]);
  #made = new Map<string, number>();
  /** Who has which file open, and how many times. */
  #open = new Map<string, number>();

  /** The same again, which goes its own way from here. */
  copy(): Disk {
    const other = new Disk();
    other.#names = new Map(this.#names);
    other.#kept = new Map(this.#kept);
    other.#inodes = new Map(this.#inodes);
    other.#folders = this.#folders;
    other.#made = new Map(this.#made);
    other.#open = new Map(this.#open);
    return other;
  }

  find(path: string): Inode | undefined {
    return this.#inodes.get(this.#names.get(path) ?? "");
  }

  read(path: string): Inode {
    const inode = this.find(path);
    if (!inode) throw failure(this.#folders.has(path) ? "EISDIR" : "ENOENT", path);
    return inode;
  }

  /** By its id, also when it has no name any more. */
  opened(id: string): Inode {
    return this.#inodes.get(id)!;
  }

  names(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** `exclusive`: fails when it is there. What `maker` makes has the same ids whatever others make. */
  create(path: string, now: number, exclusive: boolean, maker: string): Inode {
    const there = this.find(path);
    if (there && exclusive) throw failure("EEXIST", path);
    if (there) return there;
    this.#requireFolder(path);
    const count = (this.#made.get(maker) ?? 0) + 1;
    this.#made.set(maker, count);
    const inode = inodeOf(`${maker} ${count}`, "", "", now);
    this.#inodes.set(inode.id, inode);
    this.#names.set(path, inode.id);
    return inode;
  }

  write({ id, synced }: Inode, text: string, now: number): void {
    this.#inodes.set(id, inodeOf(id, text, synced, now));
  }

  date({ id, text, synced }: Inode, mtime: number): void {
    this.#inodes.set(id, inodeOf(id, text, synced, mtime));
  }

  sync({ id, text, mtime }: Inode): void {
    this.#inodes.set(id, inodeOf(id, text, text, mtime));
  }

  syncFolder(path: string): void {
    for (const name of this.#kept.keys()) if (dirname(name) === path) this.#kept.delete(name);
    for (const [name, id] of this.#names) if (dirname(name) === path) this.#kept.set(name, id);
  }

  rename(from: string, to: string): void {
    const { id } = this.read(from);
    this.#requireFolder(to);
    this.#names.delete(from);
    this.#names.set(to, id);
  }

  link(from: string, to: string): void {
    if (this.#names.has(to)) throw failure("EEXIST", to);
    this.#requireFolder(to);
    this.#names.set(to, this.read(from).id);
  }

  unlink(path: string): void {
    this.read(path);
    this.#names.delete(path);
  }

  /** What is open keeps its text, whatever becomes of its name. */
  open({ id }: Inode, by: string): void {
    const key = `${by}\n${id}`;
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
  }

  close(id: string, by: string): void {
    const key = `${by}\n${id}`;
    const left = (this.#open.get(key) ?? 0) - 1;
    if (left > 0) this.#open.set(key, left);
    else this.#open.delete(key);
  }

  /** Its process is gone. */
  closeAll(by: string): void {
    for (const key of this.#open.keys()) if (key.startsWith(`${by}\n`)) this.#open.delete(key);
  }

  /** The folders that a call would have to make, the outer ones first. Folders outlive everything. */
  lacking(path: string): readonly string[] {
    return this.#folders.has(path) ? [] : [...this.lacking(dirname(path)), path];
  }

  /** Answers with the first folder that it made, as Node does. */
  makeFolder(path: string): string | undefined {
    const made = this.lacking(path);
    if (made.length > 0) this.#folders = new Set([...this.#folders, ...made]);
    return made[0];
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  removeTree(path: string): void {
    for (const name of this.#names.keys()) if (name.startsWith(`${path}/`)) this.#names.delete(name);
    this.#folders = new Set([...this.#folders].filter((name) => !`${name}/`.startsWith(`${path}/`)));
  }

  list(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] {
    if (!this.#folders.has(folder)) throw failure("ENOENT", folder);
    const within = (path: string): boolean => path !== "/" && dirname(path) === folder;
    return [
      ...[...this.#names.keys()].filter(within).map((path) => ({ name: baseOf(path), isFolder: false })),
      ...[...this.#folders].filter(within).map((path) => ({ name: baseOf(path), isFolder: true })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What would be read there after a loss of power. */
  keptText(path: string): string | undefined {
    return this.#inodes.get(this.#kept.get(path) ?? "")?.synced;
  }

  losePower(): void {
    for (const inode of this.#inodes.values()) this.write(inode, inode.synced, inode.mtime);
    this.#names = new Map(this.#kept);
    this.#open.clear();
  }

  /**
   * All that is there by a name or for whoever has opened it, and all that a loss of power would leave, as one text. What has no
   * name and is not open is nowhere.
   */
  describe(): string {
    const open = [...this.#open.keys()].map((key) => key.slice(key.indexOf("\n") + 1));
    const reached = new Set([...this.#names.values(), ...this.#kept.values(), ...open]);
    for (const id of this.#inodes.keys()) if (!reached.has(id)) this.#inodes.delete(id);
    const marks = [...this.#inodes.values()].map(({ mark }) => mark).sort();
    const pairs = (all: ReadonlyMap<string, string | number>): string =>
      [...all]
        .map(([name, id]) => `${name} ${id}`)
        .sort()
        .join("\t");
    return [
      marks.join("\t"),
      ...[this.#names, this.#kept, this.#open].map(pairs),
      [...this.#folders].sort().join(" "),
    ].join("\n\n");
  }

  #requireFolder(path: string): void {
    if (!this.#folders.has(dirname(path))) throw failure("ENOENT", path);
  }
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
