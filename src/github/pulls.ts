import { isObject } from "../core/base/json.ts";
import type { Github } from "./client.ts";

/** A pull request as far as a plan is concerned. Commits are full ids. */
export type Pull = {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  /** The branch that it goes to. */
  readonly into: string;
  readonly isMerged: boolean;
  /** What the merge made of it: a merge commit, a squashed one, or the last of those that were rebased. */
  readonly mergeCommit?: string;
};

/**
 * The merged pull request that a commit on the main branch came from, whichever way it was merged: merge commits, squashed
 * and rebased ones are all in GitHub's list of the commit's pull requests. Of several, the one whose merge made this very commit.
 */
export async function findMergedPull(github: Github, commit: string): Promise<Pull | undefined> {
  const path = "/repos/{owner}/{repo}/commits/{commit_sha}/pulls";
  const pulls = (await github.list(path, { commit_sha: commit }))
    .flatMap(readPull)
    .filter((one) => one.isMerged);
  return pulls.find((one) => one.mergeCommit === commit) ?? (pulls.length === 1 ? pulls[0] : undefined);
}

/** A pull request by its number; `undefined` when there is none. */
export async function getPull(github: Github, number: number): Promise<Pull | undefined> {
  return readPull(await github.get("/repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }))[0];
}

/** The pull requests that are open. */
export async function listOpenPulls(github: Github): Promise<readonly Pull[]> {
  return (await github.list("/repos/{owner}/{repo}/pulls", { state: "open" })).flatMap(readPull);
}

function readPull(value: unknown): readonly Pull[] {
  if (!isObject(value) || typeof value["number"] !== "number") return [];
  const { number, head, base, merged_at: mergedAt, merge_commit_sha: mergeCommit } = value;
  if (!isObject(head) || !isObject(base)) return [];
  const [headCommit, baseCommit, into] = [head["sha"], base["sha"], base["ref"]];
  if (typeof headCommit !== "string" || typeof baseCommit !== "string" || typeof into !== "string") return [];
  return [
    {
      number,
      head: headCommit,
      base: baseCommit,
      into,
      isMerged: typeof mergedAt === "string",
      ...(typeof mergeCommit === "string" && { mergeCommit }),
    },
  ];
}
