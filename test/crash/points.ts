import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ApplyInput } from "../../src/commands/apply.ts";
import type { Inventory } from "../../src/core/inventory.ts";
import { Mortal, type Cut, type Passed } from "./mortal.ts";
import type { SavedAccount } from "../../src/simulator/account.ts";
import { openScene, type Scene } from "../scene.ts";
import { everything, everythingEdited, variables } from "./everything.ts";
import { formOf } from "./world-form.ts";

/** A run to be cut: from an empty account to a file, or from one file to the next. */
export type Run = "create" | "change";

/** Where a run starts, how it ends when nothing happens, and how many points it passes on the way. */
export type Course = {
  readonly run: Run;
  readonly form: string;
  readonly passed: Passed;
  readonly start: Start | undefined;
  close(): Promise<void>;
};

type Start = { readonly saved: SavedAccount; readonly state: string; readonly now: number };

const input: ApplyInput = {
  ...{ files: [], repo: "https://github.com/acme/app", strictValues: false, allowDataLoss: [], adopt: false },
  ...{ replaceValues: false, allowEnv: [], targets: [], excludes: [], allowDeletes: 10, yes: true },
};

/** Walks a run to its end without a cut, and counts: the points of the matrix are its writes twice and its appends once. */
export async function walk(run: Run): Promise<Course> {
  const scene = await openScene({ environment: variables });
  let start: Start | undefined;
  await scene.write(everything);
  if (run === "change") {
    await finish(scene);
    const state = `${scene.folder}.start`;
    await cp(join(scene.folder, "state"), state, { recursive: true });
    start = { saved: scene.simulator.save(), state, now: scene.world.now() };
    await scene.write(everythingEdited);
  }
  const process = new Mortal(scene);
  const report = await process.apply(input);
  if (report === "died" || report.verdict !== "done")
    throw new Error(`the run without a cut ended ${String(report)}`);
  const form = await formNow(scene);
  await scene.close();
  const close = async (): Promise<void> => {
    if (start) await rm(start.state, { recursive: true, force: true });
  };
  return { run, form, passed: process.passed, start, close };
}

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

export type Outcome = { readonly died: boolean; readonly form: string; readonly left: readonly string[] };

/** Cuts the run there, lets another process finish it, and answers with the world as it is then. */
export async function cutAt(course: Course, cut: Cut): Promise<Outcome> {
  const scene = await startAgain(course);
  try {
    const end = await new Mortal(scene, cut).apply(input);
    await finish(scene);
    const form = await formNow(scene);
    const plan = await scene.plan({ allowDeletes: 10 });
    return { died: end === "died", form, left: plan.steps.map((step) => step.id) };
  } finally {
    await scene.close();
  }
}

async function startAgain({ run, start }: Course): Promise<Scene> {
  if (!start) {
    const scene = await openScene({ environment: variables });
    await scene.write(everything);
    return scene;
  }
  let { now } = start;
  const clock = { now: () => now, sleep: async (time: number) => void (now += Math.max(0, time)) };
  const scene = await openScene({ environment: variables, saved: start.saved, clock });
  await cp(start.state, join(scene.folder, "state"), { recursive: true });
  await scene.write(run === "change" ? everythingEdited : everything);
  return scene;
}

async function finish(scene: Scene): Promise<void> {
  const report = await new Mortal(scene).apply(input);
  if (report === "died" || report.verdict !== "done") {
    const problems = report === "died" ? [] : report.problems;
    throw new Error(`the run after the cut was not done: ${JSON.stringify(problems)}`);
  }
}

/** An hour later, when every deploy has come to its end: whoever looks at one settles it. */
async function formNow(scene: Scene): Promise<string> {
  await scene.world.sleep(3_600_000);
  for (const { id } of scene.rows("services")) await scene.edit("GET", `/services/${String(id)}/deploys`);
  const inventory: Inventory = await scene.inventory();
  return formOf(scene.simulator.save(), inventory);
}
