import type { Github } from "./client.ts";
import { closeComment, createComment, listOwnComments, updateComment, type OwnComment } from "./comments.ts";
import { writeMarker, type Marker } from "./marker.ts";

/**
 * - `true`: one comment for the label, edited in place.
 * - `changes-only`: the same, and none is made while there is nothing to do.
 * - `always-new`: a new comment each time; earlier ones are folded away as outdated.
 */
export type CommentMode = "true" | "changes-only" | "always-new";

/** What a comment shows: `body` is Markdown without the marker. `hasChanges`: whether it is worth a new comment. */
export type CommentContent = {
  readonly marker: Marker & { readonly label: string };
  readonly body: string;
  readonly hasChanges: boolean;
};

/** Brings the comment of a label up to date, and answers with its address; `undefined` when there is none and none is wanted. */
export async function keepComment(
  github: Github,
  pull: number,
  { marker, body, hasChanges }: CommentContent,
  mode: CommentMode,
): Promise<string | undefined> {
  const text = `${writeMarker(marker)}\n${body}`;
  const own = (await listOwnComments(github, pull)).filter((one) => isCurrent(one, marker.label));
  const newest = own.at(-1);
  const isNew = mode === "always-new" || newest === undefined;
  for (const one of own) if (isNew || one !== newest) await closeComment(github, one);
  if (newest && !isNew) {
    await updateComment(github, newest, text);
    return newest.url;
  }
  if (mode === "changes-only" && !hasChanges) return undefined;
  return (await createComment(github, pull, text)).url;
}

function isCurrent({ marker }: OwnComment, label: string): boolean {
  return marker.shows === "plan" && marker.label === label && !marker.closed;
}
