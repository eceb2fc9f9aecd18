/**
 * Everything that can go wrong, one thing at a time: a run that is killed at every point, a run of which every call fails in
 * every way, creations whose answer is lost while lists lag, a clock that is set by hours, a full disk. Prints each point
 * that ends in another world, and writes what it did to bench/results/matrix.json.
 *
 *   npm run matrix [-- crash | kill | faults | lag | crash-lag | clock | disk [--only TEXT]]
 *
 * `--only`: the points whose names hold that text, as they are printed; no result is written.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { killAt, killPoints } from "../test/crash/kill.ts";
import { walk, type Course } from "../test/crash/course.ts";
import { journeys as everything } from "../test/crash/everything.ts";
import { journeys as replacements } from "../test/crash/replacement.ts";
import { cutAt, pointsOf } from "../test/crash/points.ts";
import { clockJumps, jumpAt } from "../test/faults/clock.ts";
import { fillAt, fullPoints } from "../test/faults/full-disk.ts";
import { breakAt, faultyCallsOf } from "../test/faults/points.ts";
import { madeKinds } from "../test/lag/kinds.ts";
import { lagPoints, loseAt } from "../test/lag/points.ts";

type Point = { readonly name: string; readonly visit: () => Promise<readonly string[]> };
type Result = { readonly points: number; readonly wrong: number; readonly seconds: number };

const { values, positionals } = parseArgs({
  options: { only: { type: "string" } },
  allowPositionals: true,
});
const [chosen] = positionals;
const { only: part } = values;
const root = process.env["npm_config_local_prefix"] ?? process.cwd();

/** Each list by a time of its own, drawn by the seed: some of what was made shows before other things do. */
const laggingLists = "lag:0-90,lag-deletes:0-90";

function crashPoints(course: Course, faults = ""): readonly Point[] {
  const points = pointsOf(course.passed);
  const { writes, appends } = course.passed;
  if (points.length !== writes * 2 + appends)
    throw new Error(`${points.length} points, not ${writes} x 2 + ${appends}`);
  return [...points, { at: "commit", number: 1 } as const].map((cut) => ({
    name: `${course.journey.name}: killed at ${cut.at} ${cut.number}`,
    visit: () => cutAt(course, cut, faults),
  }));
}

function faultPoints(course: Course): readonly Point[] {
  return faultyCallsOf(course).map((point) => ({
    name: `${course.journey.name}: ${point.fault} at call ${point.call}`,
    visit: () => breakAt(course, point),
  }));
}

/** The built program, in a process of its own. */
function killedPoints(course: Course): readonly Point[] {
  return killPoints(course).map((point) => ({
    name: `${course.journey.name}: SIGKILL at ${point.when} ${point.number}`,
    visit: () => killAt(course, point),
  }));
}

function clockPoints(course: Course): readonly Point[] {
  return clockJumps(course).map((jump) => ({
    name: `${course.journey.name}: the clock is set by ${jump.by / 3_600_000} h at write ${jump.write}`,
    visit: () => jumpAt(course, jump),
  }));
}

function diskPoints(course: Course): readonly Point[] {
  return fullPoints(course).map((from) => ({
    name: `${course.journey.name}: full from ${from.at} ${from.at === "append" ? from.number : ""}`,
    visit: () => fillAt(course, from),
  }));
}

/** Every kind by itself: what it ends in is one object, and no course is needed to compare with. */
function lostPoints(): readonly Point[] {
  return lagPoints(madeKinds).map((point) => ({
    name: `${point.made.kind}: ${point.loss}, lists lag by ${point.lag} s`,
    visit: () => loseAt(point),
  }));
}

async function visitAll(points: readonly Point[]): Promise<number> {
  let wrong = 0;
  const open = [...points];
  const visit = async (): Promise<void> => {
    for (let point = open.shift(); point; point = open.shift()) {
      const found = await point.visit();
      if (found.length === 0) continue;
      wrong += 1;
      process.stdout.write(`${point.name}\n  ${found.join("\n  ")}\n`);
    }
  };
  await Promise.all(Array.from({ length: cpus().length }, visit));
  return wrong;
}

async function run(
  what: string,
  courses: readonly Course[],
  points: (course: Course) => readonly Point[],
): Promise<Result> {
  const began = Date.now();
  return visitPoints(
    what,
    courses.flatMap((course) => points(course)),
    { began, courses },
  );
}

async function visitPoints(
  what: string,
  every: readonly Point[],
  {
    began = Date.now(),
    courses = [],
  }: { readonly began?: number; readonly courses?: readonly Course[] } = {},
): Promise<Result> {
  const visited = every.filter(({ name }) => part === undefined || name.includes(part));
  const wrong = await visitAll(visited);
  const seconds = Math.round((Date.now() - began) / 1_000);
  process.stdout.write(`${what}: ${visited.length} points, ${wrong} wrong, ${seconds} s\n`);
  for (const course of courses) await course.close();
  return { points: visited.length, wrong, seconds };
}

/** Both ways of a file with every kind of both accounts, and the replacements of all that can be replaced. */
const all = [...everything, ...replacements];
const matrices = {
  crash: async () => run("crash", await Promise.all(all.map(walk)), crashPoints),
  kill: async () => run("kill", await Promise.all(all.map(walk)), killedPoints),
  faults: async () => run("faults", await Promise.all(all.map(walk)), faultPoints),
  lag: async () => visitPoints("lag", lostPoints()),
  "crash-lag": async () =>
    run("crash-lag", await Promise.all(all.map(walk)), (course) => crashPoints(course, laggingLists)),
  clock: async () => run("clock", await Promise.all(all.map(walk)), clockPoints),
  disk: async () => run("disk", await Promise.all(all.map(walk)), diskPoints),
};
const file = join(root, "bench/results/matrix.json");
const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: root });
const commit = stdout.trim();
for (const [name, matrix] of Object.entries(matrices)) {
  if (chosen !== undefined && chosen !== name) continue;
  const result = await matrix();
  if (result.wrong > 0) process.exitCode = 1;
  if (part !== undefined) continue;
  // Each by itself, as soon as it is known: the others keep what they were, with the commit that they were on.
  const known = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as object;
  await mkdir(join(root, "bench/results"), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...known, [name]: { commit, ...result } }, null, 2)}\n`);
}
