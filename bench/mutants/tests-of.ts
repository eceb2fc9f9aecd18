import type { Mutant } from "./find-mutants.ts";
import type { Coverage } from "./cover.ts";
import type { Covered } from "./worker.ts";

/** Together not longer than this, as long as they took without a mutant; a survivor costs all of it. */
const longest = 40_000;
/** Sizes of the portions: most mutants fall to the first. */
const portions = [4_000, 15_000, longest];

/**
 * The test files that come to the mutant's function (`of`: its file as it is; to the file, where that was another one then), in
 * portions that are run one after another until one fails: first those that are about its file by their names, then the quick
 * ones.
 */
export function testsOf(
  mutant: Mutant,
  of: string,
  { tests, sources }: Coverage,
): readonly (readonly string[])[] {
  const isSame = sources[mutant.file] === of;
  const name = `${mutant.file}#${mutant.function}`;
  const comes = (one: string): boolean => (isSame ? one === name : one.startsWith(`${mutant.file}#`));
  const isKnown = tests.some((one) => one.functions.some(comes));
  const coming = tests.filter((one) => !one.failed && (!isKnown || one.functions.some(comes)));
  const near = new Set(wordsOf(mutant.file));
  const nearness = ({ test }: Covered): number => wordsOf(test).filter((word) => near.has(word)).length;
  // Those that come to few functions are about these.
  const cost = (one: Covered): number => one.milliseconds / (1 + 3 * nearness(one));
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
