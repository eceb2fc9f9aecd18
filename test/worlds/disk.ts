import { dirname } from "node:path";
import { digest } from "./stage.ts";

/** What a name stands for: the text as programs see it, and as it would be after a loss of power. */
export type Inode = {
  text: string;
  synced: string;
  mtime: number;
  readonly id: string;
  /** Stands for its text. */
  mark: string;
};

/**
 * A file system in memory, as far as the state stores use one. It knows two sorts of end: a process that is killed loses
 * nothing of what it wrote, and a loss of power loses all that was not synced, contents and names apart.
 */
export class Disk {
  /** Names as programs see them, and as they would be after a loss of power. */
  names = new Map<string, Inode>();
  /** By their ids, also those that have no name any more. */
  readonly inodes = new Map<string, Inode>();
  #kept = new Map<string, Inode>();
  readonly #folders = new Set<string>(["/"]);
  readonly #made = new Map<string, number>();

  read(path: string): Inode {
    const inode = this.names.get(path);
    if (!inode) throw failure(this.#folders.has(path) ? "EISDIR" : "ENOENT", path);
    return inode;
  }

  /** `exclusive`: fails when it is there. What `maker` makes has the same ids whatever others make. */
  create(path: string, now: number, exclusive: boolean, maker: string): Inode {
    const there = this.names.get(path);
    if (there && exclusive) throw failure("EEXIST", path);
    if (there) return there;
    this.#requireFolder(path);
    const count = (this.#made.get(maker) ?? 0) + 1;
    this.#made.set(maker, count);
    const inode = { text: "", synced: "", mtime: now, id: `${maker} ${count}`, mark: "" };
    this.inodes.set(inode.id, inode);
    this.names.set(path, inode);
    return inode;
  }

  write(inode: Inode, text: string, now: number): void {
    inode.text = text;
    inode.mark = digest(text);
    inode.mtime = now;
  }

  sync(inode: Inode): void {
    inode.synced = inode.text;
  }

  syncFolder(path: string): void {
    for (const name of this.#kept.keys()) if (dirname(name) === path) this.#kept.delete(name);
    for (const [name, inode] of this.names) if (dirname(name) === path) this.#kept.set(name, inode);
  }

  rename(from: string, to: string): void {
    const inode = this.read(from);
    this.#requireFolder(to);
    this.names.delete(from);
    this.names.set(to, inode);
  }

  link(from: string, to: string): void {
    if (this.names.has(to)) throw failure("EEXIST", to);
    this.#requireFolder(to);
    this.names.set(to, this.read(from));
  }

  unlink(path: string): void {
    this.read(path);
    this.names.delete(path);
  }

  /** Answers with the first folder that it made, as Node does. Folders outlive everything. */
  makeFolder(path: string): string | undefined {
    if (this.#folders.has(path)) return undefined;
    const first = this.makeFolder(dirname(path));
    this.#folders.add(path);
    return first ?? path;
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  removeTree(path: string): void {
    for (const name of this.names.keys()) if (name.startsWith(`${path}/`)) this.names.delete(name);
    for (const name of this.#folders) if (`${name}/`.startsWith(`${path}/`)) this.#folders.delete(name);
  }

  list(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] {
    if (!this.#folders.has(folder)) throw failure("ENOENT", folder);
    const within = (path: string): boolean => path !== "/" && dirname(path) === folder;
    return [
      ...[...this.names.keys()].filter(within).map((path) => ({ name: baseOf(path), isFolder: false })),
      ...[...this.#folders].filter(within).map((path) => ({ name: baseOf(path), isFolder: true })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What would be read there after a loss of power. */
  keptText(path: string): string | undefined {
    return this.#kept.get(path)?.synced;
  }

  losePower(): void {
    for (const inode of this.inodes.values()) this.write(inode, inode.synced, inode.mtime);
    this.names = new Map(this.#kept);
  }

  /** All that is there by a name or for whoever has opened it, and all that a loss of power would leave, as one text. */
  describeAll(): string {
    const files = [...this.inodes.values()].map(({ id, mark, mtime, text, synced }) =>
      [id, mark, mtime, text === synced || synced].join(" "),
    );
    const names = [this.names, this.#kept].map((all) =>
      [...all].map(([name, { id }]) => `${name} ${id}`).sort(),
    );
    return JSON.stringify([files.sort(), names, [...this.#folders].sort()]);
  }

  /** All that anybody could ever read, as one text. */
  describe(): string {
    const seen = [...this.names].map(([name, inode]) =>
      JSON.stringify([
        name,
        inode.text,
        inode.mtime,
        inode.synced === inode.text,
        this.#kept.get(name) === inode,
      ]),
    );
    return seen.sort().join("\n");
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
