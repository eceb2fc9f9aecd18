import { isObject } from "../core/base/json.ts";
import { ProblemError } from "../core/base/problem.ts";
import type { Github } from "./client.ts";
import { readMarker, writeMarker, type Marker } from "./marker.ts";

/** A comment of this account on a pull request that begins with one of our markers. */
export type OwnComment = {
  readonly id: number;
  /** For GraphQL; servers without it have none. */
  readonly node?: string;
  readonly url: string;
  readonly marker: Marker;
  readonly body: string;
};

const onPull = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const oneComment = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

/**
 * Our own comments on a pull request, oldest first. A comment of somebody else that begins with a marker, copied or made up, is none:
 * it is never edited.
 */
export async function listOwnComments(github: Github, pull: number): Promise<readonly OwnComment[]> {
  const [self, found] = await Promise.all([findSelf(github), github.list(onPull, { issue_number: pull })]);
  return found.flatMap((one) => {
    const comment = readComment(one, self);
    return comment ? [comment] : [];
  });
}

/** Makes a comment. When the answer is lost, the list says whether it is there; a second one is never made. */
export async function createComment(github: Github, pull: number, body: string): Promise<OwnComment> {
  const before = new Set((await listOwnComments(github, pull)).map(({ id }) => id));
  try {
    const made = readComment(await github.send("POST", onPull, { issue_number: pull, body }), undefined);
    if (made) return made;
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const made = (await listOwnComments(github, pull)).find(
      (one) => !before.has(one.id) && one.body === body,
    );
    if (made) return made;
    throw error;
  }
  throw new Error("a comment was made that does not begin with a marker");
}

/** Writes a comment's text, unless it has that text already. */
export async function updateComment(github: Github, comment: OwnComment, body: string): Promise<void> {
  if (sameText(comment.body, body)) return;
  await github.send("PATCH", oneComment, { comment_id: comment.id, body });
}

/** Folds a comment away as outdated, and marks it as closed so that it is not taken for the current one again. */
export async function closeComment(github: Github, comment: OwnComment): Promise<void> {
  if (comment.marker.closed) return;
  const { node, body, marker } = comment;
  const rest = body.slice(body.indexOf("\n") + 1);
  await updateComment(github, comment, `${writeMarker({ ...marker, closed: true })}\n${rest}`);
  if (node !== undefined) await github.mutate(minimise, { id: node });
}

const minimise =
  "mutation ($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { clientMutationId } }";

/** For a comment of ours that was made twice at the same moment. */
export async function deleteComment(github: Github, { id }: OwnComment): Promise<void> {
  await github.send("DELETE", oneComment, { comment_id: id });
}

/**
 * Who writes with this token. A job's own token may not ask, and writes as `github-actions[bot]`
 * ([GitHub's documentation](https://docs.github.com/en/actions/concepts/security/github_token)).
 */
async function findSelf(github: Github): Promise<string> {
  const user = await github.get("/user").catch((error: unknown) => {
    if (isForbidden(error)) return undefined;
    throw error;
  });
  return isObject(user) && typeof user["login"] === "string" ? user["login"] : "github-actions[bot]";
}

function readComment(value: unknown, self: string | undefined): OwnComment | undefined {
  if (!isObject(value) || typeof value["id"] !== "number" || typeof value["body"] !== "string")
    return undefined;
  const { id, body, user, node_id: node, html_url: url } = value;
  const marker = readMarker(body);
  const isOwn = self === undefined || (isObject(user) && user["login"] === self);
  if (!marker || !isOwn) return undefined;
  return {
    id,
    body,
    marker,
    url: typeof url === "string" ? url : "",
    ...(typeof node === "string" && { node }),
  };
}

/** GitHub keeps a comment with the line breaks it was sent with, and without the spaces at its end. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll("\r\n", "\n").trimEnd() === b.trimEnd();
}

/** A write of which it is not known whether it was done. */
function isUncertain(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.every(({ code }) => code === "github-unreachable");
}

function isForbidden(error: unknown): boolean {
  return error instanceof ProblemError && error.problems.every(({ code }) => code === "github-forbidden");
}
