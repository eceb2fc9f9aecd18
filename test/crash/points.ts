import {
  deletesOf,
  finish,
  formNow,
  input,
  lateCancels,
  leftIn,
  lostIn,
  setOut,
  type Course,
} from "./course.ts";
import { Mortal, type Cut, type Passed } from "./mortal.ts";

/** All points of a run: before and after each write, and each line of the journal, every other one torn. */
export function pointsOf({ writes, appends }: Passed): readonly Cut[] {
  const numbers = (count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => index + 1);
  return [
    ...numbers(writes).flatMap((number): Cut[] => [
      { at: "before-write", number },
      { at: "after-write", number },
    ]),
    ...numbers(appends).map((number): Cut => ({ at: number % 2 === 0 ? "torn-append" : "append", number })),
  ];
}

/** As long as any list of the matrix may lag, and somewhat longer. */
const longestLag = 120_000;

/** Kills the run there, lets another process finish it, and says what is wrong with the world then. */
export async function cutAt(course: Course, cut: Cut, faults = ""): Promise<readonly string[]> {
  const scene = await setOut(course, { faults });
  try {
    const end = await new Mortal(scene, cut).apply(input);
    const report = await finish(scene);
    // A plan concludes nothing from a list that lacks what a run made a moment ago; so it is asked when none lags any more.
    if (faults !== "") await scene.world.sleep(longestLag);
    const left = await leftIn(scene);
    const deletes = deletesOf(scene);
    const form = await formNow(scene, lateCancels(report));
    return [
      // Where lists lag, a run may send a call less than the one that counted: it sees no first deploy to cancel.
      ...(end === "died" || faults !== "" ? [] : ["the run was not killed"]),
      ...lostIn(scene, course),
      ...left.map((step) => `left to do: ${step}`),
      ...deletes.filter((path) => !course.deletes.includes(path)).map((path) => `deleted: ${path}`),
      ...(form === course.form ? [] : [`another world:\n${describeDifference(course.form, form)}`]),
    ];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await scene.close();
  }
}

/** The lines that only one of the two has. */
export function describeDifference(expected: string, found: string): string {
  const [before, after] = [expected.split("\n"), found.split("\n")];
  const missing = lackingIn(after, before).map((line) => `- ${line.trim()}`);
  const extra = lackingIn(before, after).map((line) => `+ ${line.trim()}`);
  return [...missing, ...extra].join("\n") || "the same lines in another order";
}

function lackingIn(there: readonly string[], lines: readonly string[]): readonly string[] {
  const left = [...there];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
