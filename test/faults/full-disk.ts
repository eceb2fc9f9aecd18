import type { JournalEntry } from "../../src/core/run/journal.ts";
import { runApply } from "../../src/commands/apply.ts";
import type { Deps } from "../../src/commands/base/deps.ts";
import { unwritten } from "../../src/core/guards/unwritten.ts";
import type { RunReport } from "../../src/core/run/report.ts";
import type { LockedStore, Store } from "../../src/store/base/store.ts";
import { finish, formNow, input, lateCancels, leftIn, setOut, type Course } from "../crash/course.ts";
import { describeDifference } from "../crash/points.ts";
import { problemsOf, writesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";

/** From this line of the journal on, or from the inventory on, nothing more fits on the disk. */
export type FullFrom = { readonly at: "append"; readonly number: number } | { readonly at: "commit" };

export function fullPoints({ passed }: Course): readonly FullFrom[] {
  const lines = Array.from({ length: passed.appends }, (_, index) => index + 1);
  return [...lines.map((number): FullFrom => ({ at: "append", number })), { at: "commit" }];
}

/** Runs until the disk is full, makes room, lets the next run go on, and says what is wrong with the world then. */
export async function fillAt(course: Course, from: FullFrom): Promise<readonly string[]> {
  const scene = await setOut(course);
  try {
    const told = new Set<string>();
    const report = await runFull(scene, from, told);
    // Whatever was sent stands in the journal; a call may be sent twice for one intent, never without one.
    const unannounced = writesOf(scene).filter((line) => !told.has(line.split(" ").slice(0, 2).join(" ")));
    const last = await finish(scene);
    const left = await leftIn(scene);
    const form = await formNow(scene, lateCancels(...(report ? [report] : []), last));
    return [
      ...(report && report.verdict !== "failed" ? [`it ended ${report.verdict}`] : []),
      ...(report && !report.problems.some(({ code }) => code === "state-not-written")
        ? ["it did not say why"]
        : []),
      ...unannounced.map((line) => `sent without an intent: ${line}`),
      ...left.map((step) => `left to do: ${step}`),
      ...(form === course.form ? [] : [`another world:\n${describeDifference(course.form, form)}`]),
    ];
  } catch (error) {
    return [`failed: ${String(error)}`];
  } finally {
    await scene.close();
  }
}

/** The first lines are written before anything is: a run that cannot even begin says so and is no report. */
async function runFull(scene: Scene, from: FullFrom, told: Set<string>): Promise<RunReport | undefined> {
  const deps: Deps = { ...scene.deps, wrapStore: (store) => fillStore(store, from, told) };
  if (from.at === "append" && from.number === 1) {
    const problems = await problemsOf(runApply(input, deps));
    if (problems[0]?.code !== "state-not-written") throw new Error(`it said ${JSON.stringify(problems)}`);
    return undefined;
  }
  return runApply(input, deps);
}

function fillStore(store: Store, from: FullFrom, told: Set<string>): Store {
  return new Proxy(store, {
    get: (target, name) =>
      name === "lock"
        ? async (...how: Parameters<Store["lock"]>) => fillLocked(await target.lock(...how), from, told)
        : bound(target, name),
  });
}

function fillLocked(locked: LockedStore, from: FullFrom, told: Set<string>): LockedStore {
  let lines = 0;
  const append = async (entry: JournalEntry): Promise<void> => {
    lines += 1;
    // The first line is the store's own; what it throws then, a store of the program has put into words.
    if (from.at === "append" && lines >= from.number)
      throw lines === 1 ? unwritten(noSpace(), "the state") : noSpace();
    await locked.append(entry);
    if (entry.entry === "intent") told.add(`${entry.method} ${pathOf(entry.path)}`);
  };
  const commit: LockedStore["commit"] = async (...what) => {
    if (from.at === "commit" || lines >= from.number) throw noSpace();
    return locked.commit(...what);
  };
  return new Proxy(locked, {
    get: (target, name) => (name === "append" ? append : name === "commit" ? commit : bound(target, name)),
  });
}

/** As the simulator logs it: the query, where RENDERCAD's actions stand, apart from it. */
function pathOf(path: string): string {
  return path.split("?")[0]!;
}

function noSpace(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}

function bound(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name);
  return typeof member === "function" ? (member.bind(target) as unknown) : member;
}
