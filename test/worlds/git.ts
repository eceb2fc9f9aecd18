import { dirname, join } from "node:path";
import { GitError, simpleGit } from "simple-git";
import type { Disk } from "./disk.ts";
import { Commit, type Files, type Remote } from "./remote.ts";
import { here, type Runner } from "./stage.ts";

/**
 * What `simple-git` would start: the git of a runner's machine, as far as the state store asks for it, and one remote that all
 * reach. What a machine does for itself happens at once; what goes to the remote is an operation: it can come late, and
 * its answer can be lost. The remote takes a push when it is on top of what its branch has at that moment.
 */

/** One repository of one machine. A machine may use only the commits that it made or fetched. */
class Repository {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #runner: Runner;
  readonly #known = new Map<string, Commit>();
  #head: Commit | undefined;
  #fetched: Commit | undefined;
  #index: Files = new Map();

  constructor(folder: string, runner: Runner) {
    this.#folder = folder;
    this.#runner = runner;
    this.#disk = runner.own!.disk;
  }

  async run(words: readonly string[]): Promise<string> {
    const [command = "", ...rest] = words;
    const last = rest.at(-1) ?? "";
    switch (command) {
      case "init":
        this.#disk.makeFolder(join(this.#folder, ".git"));
        return "";
      case "rev-parse":
        return `${{ HEAD: this.#head, FETCH_HEAD: this.#fetched }[last]?.id ?? this.#folder}\n`;
      case "remote":
        return "/remote.git\n";
      case "add":
        this.#index = this.#read();
        return "";
      case "commit":
        this.#head = this.#know(new Commit(this.#runner.name, this.#head, this.#index));
        return "";
      case "reset":
        this.#head = this.#require(last);
        this.#takeOver(this.#head.files);
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
        return this.#ask("ls-remote", last, (there) => (there ? `${there.id}\t${last}\n` : ""));
      case "fetch":
        this.#fetched = this.#know(
          await this.#ask("fetch", last, (there) => {
            if (!there) throw new GitError(undefined, `fatal: couldn't find remote ref ${last}`);
            return there;
          }),
        );
        return "";
      case "push":
        return this.#push(last);
      default:
        throw new Error(`the model of git does not know: git ${words.join(" ")}`);
    }
  }

  #know(commit: Commit): Commit {
    this.#known.set(commit.id, commit);
    return commit;
  }

  /** A shallow fetch brings one commit and none of those before it. */
  #require(id: string): Commit {
    const commit = this.#known.get(id);
    if (!commit) throw new GitError(undefined, `fatal: Could not parse object '${id}'.`);
    return commit;
  }

  #push(refspec: string): Promise<string> {
    const [id = "", ref = ""] = refspec.split(":");
    const commit = this.#require(id);
    const isNext = (there: Commit | undefined): boolean => !there || commit.isFrom(there);
    return this.#ask(
      "push",
      ref,
      (there, put) => {
        if (!isNext(there))
          throw new GitError(undefined, `error: failed to push some refs to '/remote.git' (fetch first)`);
        put(commit);
        return "";
      },
      isNext,
    );
  }

  async #ask<T>(
    name: string,
    ref: string,
    effect: (there: Commit | undefined, put: (commit: Commit) => void) => T,
    isChange: (there: Commit | undefined) => boolean = () => false,
  ): Promise<T> {
    const put = (remote: Remote, commit: Commit): Remote => new Map([...remote, [ref, commit]]);
    try {
      return await this.#runner.begin({
        name: `git ${name}`,
        isChange: ({ remote }) => isChange(remote.get(ref)),
        sort: "remote",
        effect: (model) =>
          effect(model.remote.get(ref), (commit) => void (model.remote = put(model.remote, commit))),
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
      if (this.#disk.find(join(this.#folder, name))) this.#disk.unlink(join(this.#folder, name));
    for (const [name, text] of files) {
      const path = join(this.#folder, name);
      this.#disk.makeFolder(dirname(path));
      this.#disk.write(this.#disk.create(path, 0, false, this.#runner.name), text, 0);
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
  const runner = here()!;
  const own = repositories.get(runner) ?? new Map<string, Repository>();
  repositories.set(runner, own);
  const repository = own.get(folder) ?? new Repository(folder, runner);
  own.set(folder, repository);
  return repository;
}
