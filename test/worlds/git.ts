import { dirname, join } from "node:path";
import { GitError, simpleGit } from "simple-git";
import type { Disk } from "./disk.ts";
import { diskOf } from "./files.ts";
import { here, type Runner, type Stage } from "./stage.ts";

/**
 * What `simple-git` would start: the git of a runner's machine, as far as the state store asks for it, and one remote that all
 * reach. What a machine does for itself happens at once; what goes to the remote is an operation: it can come late, and
 * its answer can be lost. The remote takes a push when it is on top of what its branch has at that moment.
 */
type Files = ReadonlyMap<string, string>;
type Commit = { readonly id: string; readonly parent: string | undefined; readonly files: Files };

export class Remote {
  readonly branches = new Map<string, Commit>();
  /** Of every machine: what was committed anywhere. A machine may use only what it made or fetched. */
  readonly commits = new Map<string, Commit>();

  describe(): string {
    return JSON.stringify(
      [...this.branches].map(([name, { files }]) => [name, [...files].map((file) => file.join("\n")).sort()]),
    );
  }

  /** What a commit holds follows from who made it after what. */
  describeAll(): string {
    return JSON.stringify([...this.branches].map(([name, { id }]) => [name, id]));
  }

  readonly isBefore = (one: string, other: Commit): boolean => {
    for (let at: Commit | undefined = other; at; at = this.commits.get(at.parent ?? ""))
      if (at.id === one) return true;
    return false;
  };
}

const remotes = new WeakMap<Stage, Remote>();

export function remoteOf(stage: Stage): Remote {
  const remote = remotes.get(stage) ?? new Remote();
  remotes.set(stage, remote);
  return remote;
}

/** One repository of one machine. */
class Repository {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #stage: Stage;
  readonly #runner: Runner;
  readonly #known = new Set<string>();
  #head: string | undefined;
  #fetched: string | undefined;
  #index: Files = new Map();

  constructor(folder: string, stage: Stage, runner: Runner) {
    this.#folder = folder;
    this.#stage = stage;
    this.#runner = runner;
    this.#disk = diskOf(stage, runner);
  }

  async run(words: readonly string[]): Promise<string> {
    const [command = "", ...rest] = words;
    const last = rest.at(-1) ?? "";
    switch (command) {
      case "init":
        this.#disk.makeFolder(join(this.#folder, ".git"));
        return "";
      case "rev-parse":
        return `${{ HEAD: this.#head, FETCH_HEAD: this.#fetched }[last] ?? this.#folder}\n`;
      case "remote":
        return "/remote.git\n";
      case "add":
        this.#index = this.#read();
        return "";
      case "commit":
        return this.#commit();
      case "reset":
        this.#takeOver(this.#require(last).files);
        this.#head = last;
        return "";
      case "symbolic-ref":
        return "";
      case "update-ref":
        this.#head = undefined;
        return "";
      case "read-tree":
        this.#index = new Map();
        return "";
      case "clean":
        for (const name of this.#read().keys())
          if (!this.#index.has(name)) this.#disk.unlink(join(this.#folder, name));
        return "";
      case "ls-remote":
        return this.#ask("ls-remote", last, ({ branches }) => {
          const commit = branches.get(last);
          return commit ? `${commit.id}\t${last}\n` : "";
        });
      case "fetch":
        return this.#ask("fetch", last, ({ branches }) => {
          const commit = branches.get(last);
          if (!commit) throw new GitError(undefined, `fatal: couldn't find remote ref ${last}`);
          this.#known.add(commit.id);
          this.#fetched = commit.id;
          return "";
        });
      case "push":
        return this.#push(last);
      default:
        throw new Error(`the model of git does not know: git ${words.join(" ")}`);
    }
  }

  /** A shallow fetch brings one commit and none of those before it. */
  #require(id: string): Commit {
    const commit = this.#known.has(id) ? remoteOf(this.#stage).commits.get(id) : undefined;
    if (!commit) throw new GitError(undefined, `fatal: Could not parse object '${id}'.`);
    return commit;
  }

  #commit(): string {
    const { commits } = remoteOf(this.#stage);
    const own = [...commits.keys()].filter((id) => id.startsWith(this.#runner.name)).length;
    const commit = { id: `${this.#runner.name}${own + 1}`, parent: this.#head, files: this.#index };
    commits.set(commit.id, commit);
    this.#known.add(commit.id);
    this.#head = commit.id;
    return "";
  }

  #push(refspec: string): Promise<string> {
    const [id = "", ref = ""] = refspec.split(":");
    const isNext = ({ branches, isBefore }: Remote): boolean => {
      const there = branches.get(ref);
      return !there || isBefore(there.id, this.#require(id));
    };
    return this.#ask(
      "push",
      ref,
      (remote) => {
        if (!isNext(remote))
          throw new GitError(undefined, `error: failed to push some refs to '/remote.git' (fetch first)`);
        remote.branches.set(ref, this.#require(id));
        return "";
      },
      isNext,
    );
  }

  async #ask(
    name: string,
    ref: string,
    effect: (remote: Remote) => string,
    isChange: (remote: Remote) => boolean = () => false,
  ): Promise<string> {
    const touched = [`remote ${ref}`];
    try {
      return await this.#stage.begin({
        runner: this.#runner,
        name: `git ${name}`,
        touches: () => (isChange(remoteOf(this.#stage)) ? { changes: touched } : { reads: touched }),
        sort: "remote",
        effect: () => effect(remoteOf(this.#stage)),
      });
    } catch (error) {
      throw error instanceof GitError
        ? error
        : new GitError(undefined, "fatal: the remote end hung up unexpectedly");
    }
  }

  #read(): Files {
    const inner = (path: string): readonly (readonly [string, string])[] =>
      this.#disk.list(join(this.#folder, path)).flatMap(({ name, isFolder }) => {
        const below = path === "" ? name : `${path}/${name}`;
        if (below === ".git") return [];
        return isFolder ? inner(below) : [[below, this.#disk.read(join(this.#folder, below)).text] as const];
      });
    return new Map(inner(""));
  }

  #takeOver(files: Files): void {
    for (const name of this.#index.keys())
      if (this.#disk.names.has(join(this.#folder, name))) this.#disk.unlink(join(this.#folder, name));
    for (const [name, text] of files) {
      const path = join(this.#folder, name);
      this.#disk.makeFolder(dirname(path));
      this.#disk.write(
        this.#disk.create(path, this.#stage.now, false, this.#runner.name),
        text,
        this.#stage.now,
      );
    }
    this.#index = files;
  }
}

const repositories = new WeakMap<Runner, Map<string, Repository>>();

type Raw = (this: object, ...words: string[]) => Promise<string>;

/** For all that this process has imported: whoever is a runner of a stage has its git; the answer takes it out again. */
export function modelGit(): () => void {
  const port = Object.getPrototypeOf(simpleGit()) as { raw: Raw };
  const { raw } = port;
  port.raw = async function (...words) {
    const { cwd } = Reflect.get(this, "_executor") as { readonly cwd: string };
    return here() ? repositoryIn(cwd).run(words) : raw.apply(this, words);
  };
  return () => void (port.raw = raw);
}

function repositoryIn(folder: string): Repository {
  const { stage, runner } = here()!;
  const own = repositories.get(runner) ?? new Map<string, Repository>();
  repositories.set(runner, own);
  const repository = own.get(folder) ?? new Repository(folder, stage, runner);
  own.set(folder, repository);
  return repository;
}
