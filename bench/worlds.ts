/**
 * Every course of small worlds: two runs on one state, three things to make, whatever happens from outside at whatever moment.
 * The program is the real one; files, git's remote and the account are models (test/worlds). Prints what was looked at and
 * what was wrong with the course that leads there, and keeps the result of each world in bench/results/worlds.json.
 *
 *   npm run worlds
 *   npm run worlds -- git kill     one of them
 *
 * A third word breaks the program, which has to be found out: the first wrong course is printed, and nothing kept. `unchecked`
 * sends calls without asking whether the lease is over, `forgets` without an intent that is kept.
 *
 *   npm run worlds -- lock stall unchecked
 *   npm run worlds -- file none forgets
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { modelFiles } from "../test/worlds/files.ts";
import { modelGit } from "../test/worlds/git.ts";
import { lookAtLock } from "../test/worlds/lock-world.ts";
import { callsOf, lookAround, smallWorlds, type Looked } from "../test/worlds/look-around.ts";

type Place = "lock" | "file" | "git";
type Kind = "none" | "kill" | "stall" | "power" | "lost" | "unsent";

const worlds: readonly (readonly [Place, readonly Kind[]])[] = [
  ["lock", ["none", "kill", "stall", "power"]],
  ["file", ["none", "kill", "stall", "power", "lost", "unsent"]],
  // A machine that loses its power is one that is killed: what it had is gone, and the branch is elsewhere.
  ["git", ["none", "kill", "stall", "lost", "unsent"]],
];
const root = process.env["npm_config_local_prefix"] ?? process.cwd();
const file = join(root, "bench/results/worlds.json");
const [onlyPlace, onlyKind, broken] = process.argv.slice(2);
const isUnchecked = broken === "unchecked";
const brokenWith = { isUnchecked, forgets: broken === "forgets" };

async function look(place: Place, kind: Kind): Promise<readonly Looked[]> {
  if (kind !== "lost" && kind !== "unsent")
    return [
      place === "lock"
        ? await lookAtLock({ blow: kind }, { isUnchecked })
        : await lookAround({ ...smallWorlds[place], ...brokenWith }, { blow: kind }),
    ];
  if (place === "lock") return [];
  const calls = await callsOf(smallWorlds[place]);
  const looked: Looked[] = [];
  for (let at = 0; at < calls; at += 1) looked.push(await lookAround(smallWorlds[place], { blow: kind, at }));
  return looked;
}

function sum(looked: readonly Looked[], of: "courses" | "states" | "ends" | "points"): number {
  return looked.reduce((all, one) => all + one[of], 0);
}

/** Beside the results of other worlds, which may be looked at in another process. */
async function keep(world: string, text: string): Promise<void> {
  const all = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as {
    readonly [one: string]: string;
  };
  await mkdir(join(root, "bench/results"), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...all, [world]: text }, null, 2)}\n`);
}

modelFiles();
modelGit();
const { stdout: head } = await promisify(execFile)("git", ["rev-parse", "--short=7", "HEAD"], { cwd: root });
let isWrong = false;
for (const [place, kinds] of worlds) {
  for (const kind of kinds) {
    if ((onlyPlace ?? place) !== place || (onlyKind ?? kind) !== kind) continue;
    const began = process.cpuUsage();
    const looked = await look(place, kind);
    const { user, system } = process.cpuUsage(began);
    const wrong = looked.flatMap((one) => one.wrong);
    const counts = `${sum(looked, "courses")} courses through ${sum(looked, "states")} states to ${sum(looked, "ends")} ends, ${sum(looked, "points")} moments of a blow`;
    const text = `${counts}, ${wrong.length} wrong; ${Math.round((user + system) / 1_000_000)} s of one core, on ${head.trim()}`;
    process.stdout.write(`${place}, ${kind}: ${text}\n${wrong[0] === undefined ? "" : `${wrong[0]}\n`}`);
    isWrong ||= wrong.length > 0;
    if (broken === undefined) await keep(`${place}, ${kind}`, text);
  }
}
process.exitCode = isWrong ? 1 : 0;
