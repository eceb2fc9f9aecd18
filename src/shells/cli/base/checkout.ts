import { access, readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { simpleGit } from "simple-git";
import type { Checkout, CheckoutAnswer, Checkouts } from "../../../commands/base/checkout.ts";

/** What git needs: programs, and the user's own configuration, which says which folders of others are trusted. */
const passed = ["PATH", "HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "USERPROFILE", "HOMEDRIVE", "HOMEPATH"];
const longest = 20_000;

type Ask = (...words: readonly string[]) => Promise<string>;
type Environment = { readonly [name: string]: string | undefined };

/** What commands ask git and the disk about the folders of files. Writes nothing, and starts git only in repositories. */
export function openCheckouts(environment: Environment): Checkouts {
  return {
    realPath: (path) => realpath(path).catch(() => path),
    exists,
    list: (folder) => readdir(folder).catch(() => []),
    openCheckout: (folder) => openCheckout(folder, environment),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Git is only started where something looks like a repository: most folders of a test, and some of a container, are none. */
async function openCheckout(folder: string, environment: Environment): Promise<CheckoutAnswer> {
  if (!(await isInRepository(folder))) return undefined;
  const ask = askIn(folder, environment);
  let top: string;
  try {
    top = await ask("rev-parse", "--show-toplevel", "--is-shallow-repository");
  } catch (error) {
    return { unreadable: lastLine(error) };
  }
  const [line = "", shallow] = top.trim().split("\n");
  const root = await realpath(line);
  const inRoot = askIn(root, environment);
  const [head, origin] = await Promise.all([
    maybe(askIn(root, environment)("log", "-1", "--no-show-signature", "--format=%H %ct")),
    maybe(askIn(root, environment)("remote", "get-url", "origin")),
  ]);
  const [id = "", seconds = ""] = (head ?? "").trim().split(" ");
  const url = (origin ?? "").trim();
  return {
    root,
    ...(url !== "" && { origin: url }),
    ...(id !== "" && { head: { id, at: new Date(Number(seconds) * 1000).toISOString() } }),
    ...askCommits(inRoot, shallow === "true"),
    ...askPaths(inRoot),
  };
}

function askCommits(
  ask: Ask,
  isShallow: boolean,
): Pick<Checkout, "rootCommit" | "hasCommit" | "isAncestor" | "findRenames" | "listAt" | "readAt"> {
  const hasCommit: Checkout["hasCommit"] = async (commit) =>
    isCommit(commit) && (await maybe(ask("cat-file", "-t", commit)))?.trim() === "commit";
  return {
    hasCommit,
    async listAt(commit) {
      if (!(await hasCommit(commit))) return undefined;
      const paths = await maybe(ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit));
      return paths === undefined ? undefined : new Set(split(paths));
    },
    async readAt(commit, path) {
      return (await hasCommit(commit)) ? maybe(ask("show", `${commit}:${path}`)) : undefined;
    },
    async rootCommit() {
      if (isShallow) return undefined;
      const roots = await maybe(ask("rev-list", "--max-parents=0", "--first-parent", "HEAD"));
      return roots?.trim().split("\n").at(-1) || undefined;
    },
    async isAncestor(older, newer) {
      if (!(await hasCommit(older)) || !(await hasCommit(newer))) return undefined;
      // The base of a commit and its descendant is that commit; `--is-ancestor` answers by its exit code alone.
      const base = (await maybe(ask("merge-base", older, newer)))?.trim() ?? "";
      if (base === older) return true;
      // Where the history is cut off, a way between the two may lie behind the cut.
      return isShallow && base !== newer ? undefined : false;
    },
    async findRenames(since) {
      if (!(await hasCommit(since))) return undefined;
      const format = ["--name-status", "-z", "-M", "--diff-filter=R", "--no-ext-diff", "--no-textconv"];
      // Commit by commit, so that what was renamed and then rewritten is found too; and what is not committed yet.
      const [steps, whole] = await Promise.all([
        maybe(
          ask(
            "log",
            "--reverse",
            "--topo-order",
            "--format=",
            "--no-show-signature",
            ...format,
            `${since}..HEAD`,
          ),
        ),
        maybe(ask("diff", ...format, since)),
      ]);
      if (steps === undefined || whole === undefined) return undefined;
      const uncommitted = await maybe(ask("diff", ...format, "HEAD"));
      return chain([...readRenames(steps), ...readRenames(uncommitted ?? "")], readRenames(whole));
    },
  };
}

function askPaths(ask: Ask): Pick<Checkout, "findInHead" | "readFromHead" | "listYaml"> {
  return {
    async findInHead(paths) {
      if (paths.length === 0) return new Map();
      const words = paths.map((path) => `:(literal)${path}`);
      const [tree, index] = await Promise.all([
        maybe(ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD", "--", ...paths)),
        maybe(ask("ls-files", "-t", "-z", "--", ...words)),
      ]);
      const sparse = new Set(
        split(index ?? "").flatMap((entry) => (entry.startsWith("S ") ? [entry.slice(2)] : [])),
      );
      return new Map(split(tree ?? "").map((path) => [path, sparse.has(path) ? "sparse" : "there"]));
    },
    readFromHead: (path) => maybe(ask("show", `HEAD:${path}`)),
    async listYaml() {
      return split((await maybe(ask("ls-files", "-z", "--", "*.yaml", "*.yml"))) ?? "");
    },
  };
}

/** `R087`, the old path and the new one, each ended by a NUL; nothing but renames was asked for. */
function readRenames(text: string): readonly (readonly [string, string])[] {
  const parts = split(text.replaceAll("\n", ""));
  return Array.from({ length: Math.floor(parts.length / 3) }, (_, at) => {
    const [, from = "", to = ""] = parts.slice(at * 3, at * 3 + 3);
    return [from, to] as const;
  });
}

/** Where each path ended up; what the single steps do not tell, the whole does. */
function chain(
  steps: readonly (readonly [string, string])[],
  whole: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const origins = new Map<string, string>();
  for (const [from, to] of steps) {
    const origin = origins.get(from) ?? from;
    origins.delete(from);
    origins.set(to, origin);
  }
  return new Map([...whole, ...[...origins].map(([to, from]) => [from, to] as const)]);
}

/** `.git` is a folder, or a file in a submodule and in a second work tree. */
async function isInRepository(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, ".git"))) return true;
    if (dirname(at) === at) return false;
  }
}

function askIn(folder: string, environment: Environment): Ask {
  const known = passed.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return async (...words) => {
    // A bare environment: GIT_DIR and its like would answer for another repository, and simple-git refuses them.
    const git = simpleGit({ baseDir: folder, timeout: { block: longest } });
    return git.env({ ...Object.fromEntries(known), LC_ALL: "C" }).raw([...words]);
  };
}

function maybe(answer: Promise<string>): Promise<string | undefined> {
  return answer.catch(() => undefined);
}

function isCommit(text: string): boolean {
  return /^[\da-f]{40,64}$/u.test(text);
}

function split(text: string): readonly string[] {
  return text.split("\0").filter((part) => part !== "");
}

function lastLine(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error)
    .trim()
    .split("\n");
  return (lines.find((line) => /^(?:fatal|error):/u.test(line)) ?? lines[0] ?? "").trim();
}
