import { createHash } from "node:crypto";
import { hashOf, readCache, writeCache } from "./cache.ts";
import { coverTests } from "./cover.ts";
import type { Mutant } from "./find-mutants.ts";
import { Tester } from "./tester.ts";
import { inOrder, testsThatCome, type Timed } from "./tests-of.ts";

/** `killedBy`: the test that failed, `null` when none did. `isEarlier`: found out before its file or those tests changed. */
export type Result = { readonly mutant: Mutant; readonly killedBy: string | null; readonly isEarlier?: true };

/**
 * Of a file as it was (`of`), and of the tests as they were: the one that noticed it, or all that were asked and did not. `tests` is
 * their texts without imports, so what is known stays so when files move to other folders and nothing else in them changes.
 */
type Known = {
  readonly [id: string]: { readonly of: string; readonly tests: string; readonly killedBy: string | null };
};

const name = "known.json";
/** A test that takes longer than this, and than ten times what it took without a mutant, never ends. */
const patience = 120_000;

/** Tries one mutant after another; what is known of earlier runs is not tried again, and after so many minutes nothing is. */
export async function tryMutants(
  root: string,
  mutants: readonly Mutant[],
  { anew, minutes }: { readonly anew: boolean; readonly minutes: number },
): Promise<readonly Result[]> {
  const isDrawn = mutants.some((one) => one.heldBy === undefined);
  const covers = isDrawn ? await coverTests(root, { anew: false }) : [];
  const known: { [id: string]: Known[string] } = { ...(anew ? {} : await readCache<Known>(root, name)) };
  const tester = new Tester(root);
  /** Whether a test file passes without a mutant, here and now: asked when it first seems to notice one. */
  const sound = new Map<string, boolean>();
  /** Of each file: which test files noticed its mutants, and how often. */
  const killers = new Map<string, Map<string, number>>();
  const results: Result[] = [];
  const end = Date.now() + minutes * 60_000;
  for (const [index, mutant] of mutants.entries()) {
    const of = await hashOf(root, mutant.file);
    const before = known[mutant.id];
    const coming: readonly Timed[] = mutant.heldBy
      ? [await timedOf(root, mutant.heldBy)]
      : testsThatCome(mutant, covers);
    const isKnown = before?.of === of && before.tests === textsOf(coming, mutant, before.killedBy);
    if (!isKnown && Date.now() > end) {
      // The line is the same, so what was found out before holds until somebody tries again, and is told as such.
      if (before) results.push({ mutant, killedBy: before.killedBy, isEarlier: true });
      continue;
    }
    const ofFile = killers.get(mutant.file) ?? new Map<string, number>();
    killers.set(mutant.file, ofFile);
    const killedBy = isKnown
      ? before.killedBy
      : await tryMutant(tester, sound, mutant, inOrder(coming, mutant, ofFile));
    if (killedBy !== null) ofFile.set(fileOf(killedBy), (ofFile.get(fileOf(killedBy)) ?? 0) + 1);
    known[mutant.id] = { of, tests: textsOf(coming, mutant, killedBy), killedBy };
    results.push({ mutant, killedBy });
    if (isKnown) continue;
    await writeCache(root, name, known);
    const { file, line, operator, before: was, text: by } = mutant;
    process.stdout.write(
      `${index + 1}/${mutants.length} ${killedBy === null ? "SURVIVED" : "killed  "} ${mutant.id} ${file}:${line} ${operator}: ${was} -> ${by}${killedBy === null ? "" : ` | ${killedBy}`}\n`,
    );
  }
  tester.close();
  return results;
}

async function timedOf(root: string, test: string): Promise<Timed> {
  return { test, milliseconds: 0, of: await hashOf(root, test) };
}

function textsOf(coming: readonly Timed[], mutant: Mutant, killedBy: string | null): string {
  const killer = coming.filter(({ test }) => killedBy !== null && test === fileOf(killedBy));
  const texts = (killer.length > 0 ? killer : inOrder(coming, mutant, new Map())).map(({ of }) => of);
  return createHash("sha256").update(texts.toSorted().join()).digest("hex").slice(0, 12);
}

/** A test that failed, or had `no end`, is believed only when it does otherwise without the mutant. */
async function tryMutant(
  tester: Tester,
  sound: Map<string, boolean>,
  mutant: Mutant,
  timed: readonly Timed[],
): Promise<string | null> {
  for (const { test, milliseconds } of timed) {
    if (sound.get(test) === false) continue;
    const within = Math.max(patience, 10 * milliseconds);
    const answer = await tester.ask({ order: "try", mutant, test }, within);
    // On a machine as busy as it is now, a test that does end takes a fifth of that time at most.
    if (answer === "lost" && (await passes(tester, test, within / 5))) return `${test}: no end`;
    const killer = answer !== "lost" && "killedBy" in answer ? answer.killedBy : null;
    if (killer !== null && (await isSound(tester, sound, test))) return killer;
  }
  return null;
}

async function isSound(tester: Tester, sound: Map<string, boolean>, test: string): Promise<boolean> {
  const before = sound.get(test);
  if (before !== undefined) return before;
  const now = await passes(tester, test, 10 * patience);
  sound.set(test, now);
  return now;
}

/** Without a mutant, within so many milliseconds. */
async function passes(tester: Tester, test: string, within: number): Promise<boolean> {
  const answer = await tester.ask({ order: "try", mutant: undefined, test }, within);
  return answer !== "lost" && "killedBy" in answer && answer.killedBy === null;
}

function fileOf(killer: string): string {
  return killer.split(": ")[0]!;
}
