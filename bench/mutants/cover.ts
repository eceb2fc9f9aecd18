import { hashOf, listTests, readCache, writeCache } from "./cache.ts";
import { Tester } from "./tester.ts";
import { listFiles } from "./list-files.ts";
import type { Covered } from "./worker.ts";

/** `sources`: the files as they were then. Functions have numbers, which say nothing once a file is another one. */
export type Coverage = {
  readonly tests: readonly Covered[];
  readonly sources: { readonly [file: string]: string };
};

const name = "covered.json";

/** Runs every test once, and keeps which functions each test file comes to. */
export async function coverTests(root: string): Promise<Coverage> {
  const tester = new Tester(root);
  const tests = await listTests(root, ".test.ts");
  const answer = await tester.ask({ order: "cover", tests }, 60 * 60_000);
  tester.close();
  if (answer === "lost" || !("covered" in answer)) throw new Error("the tests did not come to an end");
  const files = await listFiles(root, ["src/**/*.ts"]);
  const sources = Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await hashOf(root, file)] as const)),
  );
  const coverage: Coverage = { tests: answer.covered, sources };
  await writeCache(root, name, coverage);
  const failed = answer.covered.filter((one) => one.failed).map(({ test }) => test);
  const note = failed.length === 0 ? "" : `; these fail without any mutant: ${failed.join(", ")}`;
  process.stdout.write(`${answer.covered.length} test files run${note}\n`);
  return coverage;
}

export async function readCovered(root: string): Promise<Coverage> {
  return (await readCache<Coverage>(root, name)) ?? coverTests(root);
}
