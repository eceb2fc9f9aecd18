import { readFile } from "node:fs/promises";
import { isObject, parseJson } from "../../core/base/json.ts";

/** What the job runs for. Commits are full ids. */
export type Event =
  /** `isFork`: its head is in another repository, so that there are no secrets and the token may only read. */
  | {
      readonly event: "pull-request";
      readonly number: number;
      readonly head: string;
      readonly base: string;
      readonly isFork: boolean;
    }
  /** A synthetic commit of a merge queue: the pull requests in it, merged into the branch to try it. `number`: of the one it was made for. */
  | { readonly event: "merge-group"; readonly head: string; readonly number?: number }
  /** A commit on a branch: what a merge makes. */
  | { readonly event: "push"; readonly commit: string }
  /** By a clock or by hand. */
  | { readonly event: "other"; readonly name: string };

type Environment = { readonly [name: string]: string | undefined };

/**
 * Reads the event that the runner has written to a file. Its text is of whoever made the pull request: only numbers and ids are taken
 * from it, each checked. Anything else is an event of no pull request.
 */
export async function readEvent(environment: Environment): Promise<Event> {
  const { GITHUB_EVENT_NAME: name = "", GITHUB_EVENT_PATH: path, GITHUB_SHA: sha = "" } = environment;
  const payload = path === undefined || path === "" ? {} : await readPayload(path);
  if (name === "pull_request" || name === "pull_request_target") return readPullRequest(payload, name);
  if (name === "merge_group") return readMergeGroup(payload, sha);
  return name === "push" ? { event: "push", commit: sha } : { event: "other", name };
}

async function readPayload(path: string): Promise<{ readonly [name: string]: unknown }> {
  const value = parseJson(await readFile(path, "utf8"));
  return isObject(value) ? value : {};
}

function readPullRequest(payload: { readonly [name: string]: unknown }, name: string): Event {
  const pull = payload["pull_request"];
  const head = isObject(pull) && isObject(pull["head"]) ? pull["head"] : {};
  const base = isObject(pull) && isObject(pull["base"]) ? pull["base"] : {};
  const number = isObject(pull) ? pull["number"] : undefined;
  const [headCommit, baseCommit] = [head["sha"], base["sha"]];
  if (typeof number !== "number" || !isCommit(headCommit) || !isCommit(baseCommit))
    return { event: "other", name };
  // A deleted fork has no repository any more.
  const isFork = idOf(head["repo"]) === undefined || idOf(head["repo"]) !== idOf(base["repo"]);
  return { event: "pull-request", number, head: headCommit, base: baseCommit, isFork };
}

/** The branch of a queue is named after its pull request: `refs/heads/gh-readonly-queue/main/pr-7-<base commit>`. */
function readMergeGroup(payload: { readonly [name: string]: unknown }, sha: string): Event {
  const group = isObject(payload["merge_group"]) ? payload["merge_group"] : {};
  const [head, ref] = [group["head_sha"], group["head_ref"]];
  const number = typeof ref === "string" ? /\/pr-(\d{1,9})-[0-9a-f]{7,64}$/u.exec(ref)?.[1] : undefined;
  return {
    event: "merge-group",
    head: isCommit(head) ? head : sha,
    ...(number !== undefined && { number: Number(number) }),
  };
}

function isCommit(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(value);
}

function idOf(repository: unknown): unknown {
  return isObject(repository) ? repository["id"] : undefined;
}
