import { problem, ProblemError } from "../../core/base/problem.ts";
import type { World } from "../../world/world.ts";
import type { CommitMessage, GitCheckout } from "./git-checkout.ts";

/** Runs of many labels may share a branch. When this many pushes in a row are faster than ours, something else is wrong. */
const movedTries = 20;
const brokenTries = 4;

/**
 * Makes one commit and pushes it. `edit` changes the files of the checkout, which are those of the remote, and answers with the
 * commit message, or with `undefined` when there is nothing to do. When the branch has moved before the push, `edit` is called
 * again on the newer files: it has to decide anew each time, and to recognise an earlier push of its own whose answer was lost.
 * Throws `state-busy` when the branch moves again and again, and `state-unreachable` when the remote does not answer.
 */
export async function changeBranch(
  checkout: GitCheckout,
  world: World,
  edit: () => Promise<CommitMessage | undefined>,
): Promise<void> {
  let [moved, broken] = [0, 0];
  for (;;) {
    const message = await edit();
    if (!message) return;
    const failure = await checkout.push(message);
    if (failure === undefined) return;
    if (await refreshPatiently(checkout, world)) moved += 1;
    else broken += 1;
    if (broken >= brokenTries) throw checkout.unreachable(failure);
    if (moved >= movedTries) throw busy();
    await world.sleep(100 * (moved + broken) * (0.5 + world.random()));
  }
}

async function refreshPatiently(checkout: GitCheckout, world: World): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await checkout.refresh();
    } catch (error) {
      if (attempt >= brokenTries) throw error;
      await world.sleep(500 * 2 ** attempt * (0.5 + world.random()));
    }
  }
}

function busy(): ProblemError {
  return new ProblemError([
    problem(
      "error",
      "state-busy",
      `The state branch moved ${movedTries} times while this run wanted to write to it.`,
      "Run again when fewer runs share the branch.",
    ),
  ]);
}
