import { digest } from "./digest.ts";

export type Files = ReadonlyMap<string, string>;

/** Its id stands for what it holds, for who made it, and for all that came before it. */
export class Commit {
  readonly id: string;
  readonly parent: Commit | undefined;
  readonly files: Files;

  constructor(maker: string, parent: Commit | undefined, files: Files) {
    this.id = digest(JSON.stringify([maker, parent?.id, [...files].map((file) => file.join("\n")).sort()]));
    this.parent = parent;
    this.files = files;
  }

  isFrom(other: Commit): boolean {
    return this.id === other.id || this.parent?.isFrom(other) === true;
  }

  toJSON(): string {
    return this.id;
  }
}

/** The newest commit of each branch. */
export type Remote = ReadonlyMap<string, Commit>;

export function describeRemote(remote: Remote): string {
  return [...remote]
    .map(([name, { id }]) => `${name} ${id}`)
    .sort()
    .join(" ");
}
