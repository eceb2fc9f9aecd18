import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOf, listTests, readCache, writeCache } from "./cache.ts";
import { Tester } from "./tester.ts";
import type { Covered } from "./worker.ts";

/** What is known of a test file, as long as its text is that of `of`. */
export type Cover = Covered & { readonly of: string };

const name = "covers.json";
/** What is known is kept after so many files. */
const portion = 6;

/**
 * Test files that are never asked: they go through whole matrices or worlds and take a minute each, or they are about the simulator.
 * A mutant that only these notice is a survivor, so that each fault has a quick and sharp test.
 */
const aside = [
  /^test\/(?:canary|docs|evidence|examples|faults|lag|month|peers|properties|simulator|world|worlds)\//u,
  /^test\/(?:architecture|crash\/crash|crash\/kill|rendercad\/crash|drift\/edits)\.test/u,
  /^test\/(?:converge\/generated-account|converge\/export-first|file\/fuzz|file\/large)\.test/u,
  /\/rehearsal\.test/u,
];
/** Nor are those that start the built program, which has no mutant in it. */
const startsProgram = /from "[^"]*\/start-(?:program|terminal)\.ts"/u;

async function listAsked(root: string): Promise<readonly string[]> {
  const near = (await listTests(root, ".test.ts")).filter((test) => !aside.some((one) => one.test(test)));
  const texts = await Promise.all(near.map((test) => readFile(join(root, test), "utf8")));
  return near.filter((_, index) => !startsProgram.test(texts[index]!));
}

/**
 * Which functions each test file comes to. A test file that is new or has changed is run once for that (all of them: about 6
 * minutes on two cores); of the others it is known. `anew`: nothing is known.
 */
export async function coverTests(
  root: string,
  { anew }: { readonly anew: boolean },
): Promise<readonly Cover[]> {
  const tests = await listAsked(root);
  const hashes = new Map(
    await Promise.all(tests.map(async (test) => [test, await hashOf(root, test)] as const)),
  );
  // By its text and not by its path: a test file that moves to another folder comes to the same functions as before.
  const kept = (anew ? undefined : await readCache<readonly Cover[]>(root, name)) ?? [];
  const ofText = new Map(kept.map((one) => [one.of, one]));
  const known = new Map(
    [...hashes].flatMap(([test, of]) => {
      const one = ofText.get(of);
      return one ? [[test, { ...one, test }] as const] : [];
    }),
  );
  const isKnown = (test: string): boolean => known.has(test);
  const unknown = tests.filter((test) => !isKnown(test)).toSorted();
  if (unknown.length === 0) return tests.map((test) => known.get(test)!);
  process.stdout.write(
    `${unknown.length} of ${tests.length} test files are run to see which functions they come to\n`,
  );
  const tester = new Tester(root);
  for (let from = 0; from < unknown.length; from += portion) {
    const some = unknown.slice(from, from + portion);
    const answer = await tester.ask({ order: "cover", tests: some }, 15 * 60_000);
    if (answer === "lost" || !("covered" in answer)) throw new Error(`no end: ${some.join(", ")}`);
    for (const one of answer.covered) known.set(one.test, { ...one, of: hashes.get(one.test)! });
    await writeCache(root, name, [...known.values()]);
  }
  tester.close();
  const failed = tests.filter((test) => known.get(test)?.failed);
  if (failed.length > 0)
    process.stdout.write(`These fail without any mutant and are not asked: ${failed.join(", ")}\n`);
  return tests.flatMap((test) => known.get(test) ?? []);
}
