import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A bare repository that stands for the one on the server, with one commit on `main`, and checkouts of it. */
export type Repository = {
  readonly folder: string;
  /** Path of the bare repository. */
  readonly remote: string;
  /** A full clone, as a person has it. */
  clone(): Promise<string>;
  /** As actions/checkout makes it: shallow, detached, fetched by commit. */
  checkOut(): Promise<string>;
  git(folder: string, ...words: readonly string[]): Promise<string>;
  close(): Promise<void>;
};

export async function makeRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  const remote = join(folder, "remote.git");
  const git = async (inside: string, ...words: readonly string[]): Promise<string> => {
    const env = { PATH: process.env["PATH"], HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
    return (
      await run("git", ["-c", "user.name=ada", "-c", "user.email=ada@acme.test", ...words], {
        cwd: inside,
        env,
      })
    ).stdout;
  };
  await git(folder, "init", "--quiet", "--bare", "--initial-branch=main", remote);
  const first = join(folder, "first");
  await git(folder, "clone", "--quiet", remote, first);
  for (const text of ["one", "two"]) {
    await writeFile(join(first, "app.txt"), text);
    await git(first, "add", "--all");
    await git(first, "commit", "--quiet", "-m", text);
  }
  await git(first, "push", "--quiet", "origin", "HEAD:main");
  let made = 0;
  const next = (): string => join(folder, `checkout-${(made += 1)}`);
  return {
    folder,
    remote,
    git,
    clone: async () => {
      const path = next();
      await git(folder, "clone", "--quiet", remote, path);
      return path;
    },
    checkOut: async () => {
      const path = next();
      await git(folder, "init", "--quiet", path);
      await git(path, "remote", "add", "origin", remote);
      const commit = (await git(remote, "rev-parse", "main")).trim();
      await git(
        path,
        "fetch",
        "--quiet",
        "--no-tags",
        "--depth=1",
        "origin",
        `+${commit}:refs/remotes/origin/main`,
      );
      await git(path, "checkout", "--quiet", "--detach", "refs/remotes/origin/main");
      return path;
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** What lies on a branch of the remote. */
export async function readBranch(
  repository: Repository,
  branch: string,
  path: string,
): Promise<string | undefined> {
  return repository.git(repository.remote, "show", `${branch}:${path}`).then(
    (text) => text,
    () => undefined,
  );
}

/** A commit on top of the branch by somebody with a clone of their own. */
export async function writeBranch(
  repository: Repository,
  branch: string,
  path: string,
  text: string,
): Promise<void> {
  const { remote } = repository;
  const git = (inside: string, ...words: readonly string[]) => repository.git(inside, ...words);
  const folder = await mkdtemp(join(repository.folder, "edit-"));
  await git(folder, "init", "--quiet", `--initial-branch=${branch}`);
  await git(folder, "pull", "--quiet", remote, branch).catch(() => undefined);
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "-m", `Edit ${path}`);
  await git(folder, "push", "--quiet", remote, `HEAD:refs/heads/${branch}`);
}
