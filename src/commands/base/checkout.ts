import type { Commit } from "../../core/model/inventory.ts";

/**
 * The work tree of git that a file lies in, asked about files and commits; nothing is ever written to it. Paths have
 * slashes and start at `root`. Each answer is `undefined` where git does not know, which is never taken for a no.
 */
export type Checkout = {
  /** Absolute, links resolved. */
  readonly root: string;
  /** The URL of the remote `origin`, with the rewritings of the user's configuration. */
  readonly origin?: string;
  /** Absent before the first commit. */
  readonly head?: Commit;
  /** The first commit of the history of HEAD; none of a shallow clone. */
  readonly rootCommit: () => Promise<string | undefined>;
  readonly hasCommit: (commit: string) => Promise<boolean>;
  /** `undefined`: one of the two, or what lies between them, is not in this clone. */
  readonly isAncestor: (older: string, newer: string) => Promise<boolean | undefined>;
  /** Those of the paths that HEAD has; `sparse`: it is not in the work tree because that was not asked for. */
  readonly findInHead: (paths: readonly string[]) => Promise<ReadonlyMap<string, "there" | "sparse">>;
  readonly readFromHead: (path: string) => Promise<string | undefined>;
  /** The text of a file as a commit has it. `undefined`: it has none, or the commit is not in this clone. */
  readonly readAt: (commit: string, path: string) => Promise<string | undefined>;
  /** Renames since a commit, committed or not: old path to new. `undefined`: the commit is not in this clone. */
  readonly findRenames: (since: string) => Promise<ReadonlyMap<string, string> | undefined>;
  /** Every path in HEAD's index that ends like YAML. */
  readonly listYaml: () => Promise<readonly string[]>;
  /** Every path that a commit has. `undefined`: the commit is not in this clone. */
  readonly listAt: (commit: string) => Promise<ReadonlySet<string> | undefined>;
};

/** `unreadable`: there is a repository, and git is not installed or does not trust it; `reason` is what it said. */
export type CheckoutAnswer = Checkout | { readonly unreadable: string } | undefined;

/** Files and repositories as the run finds them. */
export type Checkouts = {
  /** Links resolved; the path itself where nothing is there. */
  readonly realPath: (path: string) => Promise<string>;
  readonly exists: (path: string) => Promise<boolean>;
  /** Names in a folder; none where there is none. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** The checkout that holds the folder, if any. */
  readonly openCheckout: (folder: string) => Promise<CheckoutAnswer>;
};
