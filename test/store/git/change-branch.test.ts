import { expect, test } from "vitest";
import { changeBranch } from "../../../src/store/git/change-branch.ts";
import type { GitCheckout } from "../../../src/store/git/git-checkout.ts";
import { problemsOf } from "../../observe.ts";
import { makeClock } from "../clock.ts";

type Answer = "pushed" | "refused";

/** A branch that answers to pushes in turn, the last answer for ever, and moves by others' pushes or is out of reach meanwhile. */
function makeBranch(answers: readonly Answer[], refresh: (attempt: number) => boolean) {
  const { world } = makeClock();
  const done = { edits: 0, pushes: 0, refreshes: 0, slept: [] as number[] };
  const checkout = {
    push: async () => {
      done.pushes += 1;
      return (answers[done.pushes - 1] ?? answers.at(-1)) === "pushed" ? undefined : new Error("refused");
    },
    refresh: async () => {
      done.refreshes += 1;
      return refresh(done.refreshes);
    },
    unreachable: (error: unknown) => new Error("out of reach", { cause: error }),
  } as unknown as GitCheckout;
  const noting = { ...world, sleep: async (time: number) => void done.slept.push(time) };
  const change = ({ isLeft = true }: { readonly isLeft?: boolean } = {}): Promise<void> =>
    changeBranch(checkout, noting, async () => {
      done.edits += 1;
      return isLeft ? { title: "One", details: [] } : undefined;
    });
  return { change, done };
}

test("one push is all where nobody else is at work, and none where nothing is left to do", async () => {
  const { change, done } = makeBranch(["pushed"], () => true);
  await change();
  expect(done).toEqual({ edits: 1, pushes: 1, refreshes: 0, slept: [] });
  const idle = makeBranch(["pushed"], () => true);
  await idle.change({ isLeft: false });
  expect(idle.done).toMatchObject({ edits: 1, pushes: 0 });
});

test("a branch that moved is changed anew, after a little longer each time", async () => {
  const { change, done } = makeBranch(["refused", "refused", "pushed"], () => true);
  await change();
  expect(done).toEqual({ edits: 3, pushes: 3, refreshes: 2, slept: [100, 200] });
});

test("a branch that moves twenty times is busy", async () => {
  const { change, done } = makeBranch(["refused"], () => true);
  expect(await problemsOf(change())).toMatchObject([{ code: "state-busy" }]);
  expect(done).toMatchObject({ edits: 20, pushes: 20 });
});

test("a branch that takes no push though it does not move is out of reach after four", async () => {
  const { change, done } = makeBranch(["refused"], (attempt) => attempt === 1);
  await expect(change()).rejects.toThrow("out of reach");
  expect(done).toMatchObject({ edits: 5, pushes: 5 });
});

test("a branch that cannot be read is asked four times", async () => {
  const fail = (until: number) => (attempt: number) => {
    if (attempt <= until) throw new Error("no network");
    return true;
  };
  const back = makeBranch(["refused", "pushed"], fail(3));
  await back.change();
  expect(back.done).toEqual({ edits: 2, pushes: 2, refreshes: 4, slept: [1_000, 2_000, 4_000, 100] });
  const away = makeBranch(["refused", "pushed"], fail(4));
  await expect(away.change()).rejects.toThrow("no network");
  expect(away.done).toMatchObject({ pushes: 1, refreshes: 4 });
});
