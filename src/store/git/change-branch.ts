import { problem, ProblemError } from "../../core/base/problem.ts";
import type { World } from "../../world/world.ts";
import type { CommitMessage, GitCheckout } from "./git-checkout.ts";

/** Runs of many labels may share a branch; with this many ahead of us in a row, something else is wrong. */
const movedTries = 20;
const brokenTries = 4;

/**
 * Makes one commit and pushes it. `edit` changes the files of the checkout, as they are on the remote, and answers with what
 * to say about it, or `undefined` when there is nothing left to do; it is called again when the branch moved meanwhile, so
 * it decides anew each time, and recognises an earlier push of its own whose answer was lost.
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
