import { listChecks } from "./checks.ts";
import type { Github } from "./client.ts";
import { createComment, deleteComment, listOwnComments, updateComment, type OwnComment } from "./comments.ts";
import { writeMarker } from "./marker.ts";

/** One line of the roll-up: what the check run of a label says of it. */
export type RollupLine = { readonly label: string; readonly text: string };

/** How often the comment is made again because another job has written meanwhile. Each job that does so writes once itself. */
const mostTurns = 50;

/**
 * Keeps one comment with a line for each label that has a check run on the commit. GitHub cannot say "write only if nobody else
 * did", so the lines are not read from the comment: each job first writes its own check run, which is nobody else's, then makes the
 * comment of all of them, and afterwards looks whether another check run came meanwhile. Whoever writes the comment last has
 * therefore seen them all:
 *
 *     job a   check run of a    comment: a            looks: a and b, so again    comment: a, b
 *     job b   check run of b    comment: a, b         looks: a and b
 */
export async function keepRollup(
  github: Github,
  pull: number,
  how: {
    readonly commit: string;
    /** The line of a check run of ours; `undefined` for other programs' check runs. */
    readonly lineOf: (check: { readonly name: string; readonly text: string }) => RollupLine | undefined;
    readonly render: (lines: readonly RollupLine[]) => string;
  },
): Promise<string | undefined> {
  const readText = async (): Promise<string> => {
    const lines = (await listChecks(github, how.commit)).flatMap((one) => how.lineOf(one) ?? []);
    const sorted = [...lines].sort((a, b) => (a.label < b.label ? -1 : 1));
    return `${writeMarker({ shows: "rollup", commit: how.commit })}\n${how.render(sorted)}`;
  };
  let text = await readText();
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const comment = await findOrMake(github, pull, text);
    await updateComment(github, comment, text);
    const now = await readText();
    if (now === text) return comment.url;
    text = now;
  }
  return undefined;
}

/** Two jobs may make the comment at the same moment: each sees both then, and the older one is kept. */
async function findOrMake(github: Github, pull: number, text: string): Promise<OwnComment> {
  const list = async (): Promise<readonly OwnComment[]> =>
    (await listOwnComments(github, pull)).filter(({ marker }) => marker.shows === "rollup");
  const [known] = await list();
  if (known) return known;
  const made = await createComment(github, pull, text);
  const [oldest = made] = await list();
  if (oldest.id === made.id) return made;
  await deleteComment(github, made);
  return oldest;
}
