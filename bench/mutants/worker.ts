import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { createVitest, type TestModule, type Vitest } from "vitest/node";
import { applyMutant, markFunctions, type Mutant } from "./find-mutants.ts";

/** What the main process asks for; one at a time. */
export type Order =
  /** Runs a test file, and says which of its tests fails first with the mutant in place. */
  | { readonly order: "try"; readonly mutant: Mutant | undefined; readonly test: string }
  /** Runs these test files as they are, and says which functions each comes to. */
  | { readonly order: "cover"; readonly tests: readonly string[] };

export type Answer = { readonly killedBy: string | null } | { readonly covered: readonly Covered[] };

/** `functions`: `file#number` of each that began while this test file ran. */
export type Covered = {
  readonly test: string;
  readonly milliseconds: number;
  readonly failed: boolean;
  readonly functions: readonly string[];
};

/**
 * Holds one vitest, whose transformed files stay in memory, so that a mutant costs no more than its tests. It is a process of its
 * own because a mutant may never come to an end: then the main process ends this one.
 */
export async function serveOrders(root: string): Promise<void> {
  const changed = new Map<string, (text: string) => string>();
  let isCovering = false;
  const covered = join(root, "node_modules/.cache/trueup-mutants/covered");
  const vitest = await createVitest(
    "test",
    {
      config: false,
      root,
      watch: false,
      bail: 1,
      reporters: [{}],
      include: ["test/**/*.test.ts"],
      exclude: ["test/evidence/**"],
      // Longer than anybody waits for an answer: what never ends is found out there, and a slow machine fails no test.
      testTimeout: 3_600_000,
      hookTimeout: 3_600_000,
      maxWorkers: 1,
      // Processes would read a mutant's text from a file of one name for all, also after it was taken back.
      pool: "threads",
      setupFiles: [join(root, "bench/mutants/mark-covered.ts")],
      env: { TRUEUP_COVERED: covered },
    },
    {
      plugins: [
        {
          name: "mutant",
          enforce: "pre",
          transform: (text, id) => {
            const file = relative(root, id.split("?")[0] ?? id);
            if (isCovering && file.startsWith("src/")) return { code: markFunctions(file, text), map: null };
            const change = changed.get(file);
            return change ? { code: change(text), map: null } : undefined;
          },
        },
      ],
    },
  );
  const answer = async (order: Order): Promise<Answer> => {
    if (order.order === "cover") {
      isCovering = true;
      vitest.config.bail = 0;
      await rm(covered, { recursive: true, force: true });
      await mkdir(covered, { recursive: true });
      return { covered: await cover(vitest, root, covered, order.tests) };
    }
    const { mutant, test } = order;
    // The one before as well, which is taken back.
    const before = [...changed.keys()];
    changed.clear();
    if (mutant) changed.set(mutant.file, (text) => applyMutant(text, mutant));
    for (const file of [...before, ...changed.keys()]) vitest.invalidateFile(join(root, file));
    const killedBy = (await runTests(vitest, root, [test])).find(isFailed);
    return { killedBy: killedBy ? nameFailure(killedBy, root) : null };
  };
  process.on("message", (order: Order) => {
    answer(order).then(
      (said) => process.send?.(said),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
  // A thread that a mutant ends in its middle is a failed test and no fault of this process.
  process.on("uncaughtException", (error) => process.stderr.write(`${String(error)}\n`));
  process.send?.("ready");
}

async function runTests(
  vitest: Vitest,
  root: string,
  tests: readonly string[],
): Promise<readonly TestModule[]> {
  const project = vitest.getRootProject();
  const specifications = tests.map((test) => project.createSpecification(join(root, test)));
  // It keeps what became of every file that it ever ran, and answers with all of them.
  vitest.state.filesMap.clear();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  if (unhandledErrors.length > 0 && testModules.length > 0 && !testModules.some(isFailed)) {
    process.stderr.write(`${String(unhandledErrors[0])}\n`);
  }
  return testModules;
}

function isFailed(module: TestModule): boolean {
  return module.state() === "failed";
}

function nameFailure(module: TestModule, root: string): string {
  const file = relative(root, module.moduleId);
  for (const test of module.children.allTests("failed")) return `${file}: ${test.fullName}`;
  return file;
}

async function cover(
  vitest: Vitest,
  root: string,
  folder: string,
  tests: readonly string[],
): Promise<readonly Covered[]> {
  const modules = await runTests(vitest, root, tests);
  const functions = new Map<string, readonly string[]>();
  for (const name of await readdir(folder)) {
    const text = JSON.parse(await readFile(join(folder, name), "utf8")) as {
      readonly test: string;
      readonly functions: readonly string[];
    };
    functions.set(relative(root, text.test), text.functions);
  }
  return modules.map((module) => {
    const test = relative(root, module.moduleId);
    const { duration, collectDuration, setupDuration } = module.diagnostic();
    return {
      test,
      milliseconds: Math.round(duration + collectDuration + setupDuration),
      failed: isFailed(module),
      functions: functions.get(test) ?? [],
    };
  });
}
