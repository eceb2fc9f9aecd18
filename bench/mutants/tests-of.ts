import type { Cover } from "./cover.ts";
import type { Mutant } from "./find-mutants.ts";
import { roomOf } from "./rooms.ts";

/** Together not longer than this, as long as they took without a mutant; a survivor costs all of it. */
const longest = 20_000;
/** Sizes of the portions: most mutants fall to the first. */
const portions = [3_000, 9_000, longest];

/**
 * The test files that come to the mutant's function (to its file, where no test is known to come to the function), in portions
 * that are run one after another until one fails: first the sharp ones of its room, then those that are about its file by their names or that noticed mutants of
 * that file before (`killers`: how many), then the quick ones.
 */
export function testsOf(
  mutant: Mutant,
  covers: readonly Cover[],
  killers: ReadonlyMap<string, number>,
): readonly (readonly string[])[] {
  const sound = covers.filter((one) => !one.failed);
  const inFunction = sound.filter(({ functions }) => functions.includes(`${mutant.file}#${mutant.function}`));
  const inFile = sound.filter(({ functions }) => functions.some((one) => one.startsWith(`${mutant.file}#`)));
  const coming = inFunction.length > 0 ? inFunction : inFile;
  const near = new Set(wordsOf(mutant.file));
  const nearness = ({ test }: Cover): number => wordsOf(test).filter((word) => near.has(word)).length;
  const sharp = new Set(roomOf(mutant.file)?.sharp);
  const cost = (one: Cover): number =>
    sharp.has(one.test)
      ? one.milliseconds / 1_000
      : one.milliseconds / (1 + 3 * nearness(one) + (killers.get(one.test) ?? 0));
  const ordered = coming.toSorted((a, b) => cost(a) - cost(b));
  const result: string[][] = [];
  let [spent, portion] = [0, 0];
  for (const { test, milliseconds } of ordered) {
    if (spent + milliseconds > longest && result.length > 0) continue;
    spent += milliseconds;
    while (portion < portions.length - 1 && spent > portions[portion]!) portion += 1;
    (result[portion] ??= []).push(test);
  }
  return result.filter((tests) => tests !== undefined);
}

function wordsOf(path: string): readonly string[] {
  return path.split(/[^a-z]+/u).filter((word) => word.length > 2 && !/^(?:src|test|core)$/u.test(word));
}
