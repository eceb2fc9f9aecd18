import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimpleGit } from "simple-git";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { revealSecret } from "../../core/base/secret.ts";
import { isGitFailure, lastLine, openGit, type GitEnvironment } from "./git-command.ts";
import type { GitRemote } from "./git-remote.ts";
import { checkoutPrefix, sweepCheckouts } from "../base/temporary.ts";

const local = "state";
const username = "TRUEUP_GIT_HELPER_USER";
const password = "TRUEUP_GIT_HELPER_PASSWORD";

/** What a commit says: its first line, and further lines below. */
export type CommitMessage = { readonly title: string; readonly details: readonly string[] };

/**
 * A git repository in a temporary folder, with the newest commit of the state branch. It is not the user's checkout: a shallow
 * fetch there would make a full clone shallow, and its hooks, index and configuration must stay untouched. No secret is written
 * into this repository, since git gets credentials from a helper that reads two environment variables.
 *
 * No git command gets `--quiet`: simple-git waits 50 ms after each command that printed nothing.
 */
export class GitCheckout {
  readonly folder: string;
  readonly #git: SimpleGit;
  readonly #remote: GitRemote;
  readonly #branch: string;
  /** The commit of the remote whose files are here; `undefined` while the branch does not exist. */
  #head: string | undefined;
  /** Whether something was changed or committed here that the remote may not have. */
  #isDirty = false;

  private constructor(folder: string, git: SimpleGit, remote: GitRemote, branch: string) {
    this.folder = folder;
    this.#git = git;
    this.#remote = remote;
    this.#branch = branch;
  }

  /** Makes a checkout with the files of the branch as they are on the remote now. Throws `state-unreachable`. */
  static async open(remote: GitRemote, branch: string, environment: GitEnvironment): Promise<GitCheckout> {
    await sweepCheckouts(tmpdir());
    const folder = await mkdtemp(join(tmpdir(), checkoutPrefix()));
    try {
      const helper = remote.credentials && {
        [username]: remote.credentials.user,
        [password]: revealSecret(remote.credentials.password),
      };
      const git = openGit(folder, environment, helper);
      await git.raw("init", `--initial-branch=${local}`);
      await writeFile(join(folder, ".git", "config"), configuration(remote), { flag: "a" });
      const checkout = new GitCheckout(folder, git, remote, branch);
      await checkout.refresh();
      return checkout;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Drops what was not pushed and takes the files that the remote has now. True when that is another commit than before. */
  async refresh(): Promise<boolean> {
    const ref = `refs/heads/${this.#branch}`;
    try {
      const listing = await this.#git.raw("ls-remote", this.#remote.url, "HEAD", ref);
      const listed = listing
        .split("\n")
        .find((line) => line.endsWith(`\t${ref}`))
        ?.split("\t")[0];
      const moved = listed !== this.#head;
      if (moved) this.#head = listed === undefined ? undefined : await this.#fetch(ref);
      if (moved || this.#isDirty) await this.#reset();
      this.#isDirty = false;
      return moved;
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** Fetches the newest commit and answers with its id, which may be newer than the one that was listed a moment ago. */
  async #fetch(ref: string): Promise<string> {
    await this.#git.raw("fetch", "--depth=1", "--no-tags", this.#remote.url, ref);
    return (await this.#git.raw("rev-parse", "FETCH_HEAD")).trim();
  }

  /**
   * Commits what stands in the folder and pushes it on top of the commit it was made from. git refuses the push when the branch
   * has moved, so a push is a compare-and-swap. Answers with the error of the push, `undefined` when it went well. A push whose
   * answer was lost looks like a refused one; only a `refresh` shows whether it arrived.
   */
  async push(message: CommitMessage): Promise<unknown> {
    this.#isDirty = true;
    await this.#git.raw("add", "--all", "--verbose");
    const text = [message.title, ...(message.details.length === 0 ? [] : ["", ...message.details])].join(
      "\n",
    );
    await this.#git.raw("commit", "--allow-empty", "-m", text);
    const own = (await this.#git.raw("rev-parse", "HEAD")).trim();
    try {
      await this.#git.raw("push", this.#remote.url, `${own}:refs/heads/${this.#branch}`);
    } catch (error) {
      return error;
    }
    this.#head = own;
    this.#isDirty = false;
    return undefined;
  }

  /** Removes the temporary folder. */
  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #reset(): Promise<void> {
    if (this.#head !== undefined) {
      await this.#git.raw("reset", "--hard", this.#head);
    } else {
      await this.#git.raw("symbolic-ref", "HEAD", `refs/heads/${local}`);
      await this.#git.raw("update-ref", "-d", `refs/heads/${local}`);
      await this.#git.raw("read-tree", "--empty");
    }
    if (this.#isDirty) await this.#git.raw("clean", "-ffdx");
  }

  /** The `ProblemError` for a failure of git towards the remote; any other error is returned as it is. */
  unreachable(error: unknown): unknown {
    if (!isGitFailure(error)) return error;
    const message = `The branch ${this.#branch} of ${this.#remote.url} cannot be reached: ${lastLine(error)}.`;
    const remedy =
      "Check the network and the permissions; in GitHub Actions the job needs `permissions: {contents: write}` and, where the checkout keeps no credentials, GITHUB_TOKEN in its environment.";
    return new ProblemError([problem("error", "state-unreachable", message, remedy)], { cause: error });
  }
}

/**
 * The configuration of the temporary repository. The user's own settings must not sign commits, convert line ends or run hooks
 * here, and only the host of the remote gets the credentials.
 */
function configuration({ url, credentials }: GitRemote): string {
  const helper = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$${username}" "$${password}"; }; f`;
  const lines = [
    "[user]",
    "\tname = trueup",
    "\temail = trueup@localhost",
    "[commit]",
    "\tgpgSign = false",
    "[core]",
    "\tautocrlf = false",
    // A link that somebody put on the branch becomes a plain file, so that nothing is written through it.
    "\tsymlinks = false",
    "\thooksPath = /dev/null",
    "\tfsmonitor = false",
    "[gc]",
    "\tauto = 0",
    "[advice]",
    "\tdetachedHead = false",
    ...(credentials
      ? [
          "[credential]",
          "\thelper =",
          `[credential "${new URL(url).origin}"]`,
          `\thelper = ${JSON.stringify(helper)}`,
        ]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}
