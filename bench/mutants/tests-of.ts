import type { Cover } from "./cover.ts";
import type { Mutant } from "./find-mutants.ts";
import { nameOf } from "./list-files.ts";
import { roomOf } from "./rooms.ts";

/** Those that are not sharp together not longer than this, as they took without a mutant; a survivor costs all of it. */
const longest = 20_000;

/** A test file, how long it takes without a mutant, and what its text is known by. */
export type Timed = Pick<Cover, "test" | "milliseconds" | "of">;

/** The test files that come to the mutant's function; to its file, where no test is known to come to the function. */
export function testsThatCome(mutant: Mutant, covers: readonly Cover[]): readonly Cover[] {
  const name = nameOf(mutant.file);
  const sound = covers.filter((one) => !one.failed);
  const inFunction = sound.filter(({ functions }) => functions.includes(`${name}#${mutant.function}`));
  const inFile = sound.filter(({ functions }) => functions.some((one) => one.startsWith(`${name}#`)));
  return inFunction.length > 0 ? inFunction : inFile;
}

/**
 * Those of them that are asked, in their order until one fails: first the sharp ones of the mutant's room, then those that are about
 * its file by their names or that noticed mutants of that file before (`killers`: how many), then the quick ones.
 */
export function inOrder(
  coming: readonly Timed[],
  mutant: Mutant,
  killers: ReadonlyMap<string, number>,
): readonly Timed[] {
  const near = new Set(wordsOf(mutant.file));
  const nearness = ({ test }: Timed): number => wordsOf(test).filter((word) => near.has(word)).length;
  const sharp = new Set(roomOf(mutant.file)?.sharp);
  const cost = (one: Timed): number =>
    sharp.has(one.test)
      ? one.milliseconds / 1_000
      : one.milliseconds / (1 + 3 * nearness(one) + (killers.get(one.test) ?? 0));
  const ordered = coming.toSorted((a, b) => cost(a) - cost(b));
  let spent = 0;
  return ordered.filter(({ test, milliseconds }, index) => {
    if (sharp.has(test)) return true;
    if (index > 0 && spent + milliseconds > longest) return false;
    spent += milliseconds;
    return true;
  });
}

function wordsOf(path: string): readonly string[] {
  return path.split(/[^a-z]+/u).filter((word) => word.length > 2 && !/^(?:src|test|core)$/u.test(word));
}
