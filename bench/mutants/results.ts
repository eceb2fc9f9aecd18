import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { groupBy } from "../../src/core/base/group.ts";
import { roomOf, rooms } from "./rooms.ts";
import type { Result } from "./try-mutants.ts";

/** Why a survivor is no gap in the tests, by the id of the mutant. */
type Explained = { readonly [id: string]: string };

/** The score of each room, and every survivor with its explanation. */
export async function describeResults(root: string, results: readonly Result[]): Promise<string> {
  const explained = await readExplained(root);
  const lines = byRoom(results).flatMap(([room, ofRoom]) => [
    `${percent(ofRoom)}  ${String(countKilled(ofRoom)).padStart(4)} of ${String(ofRoom.length).padStart(4)}  ${room}`,
    ...survivorsIn(ofRoom).map(
      ({ mutant: { id, file, line, operator, before, text } }) =>
        `       ${id} ${file}:${line}, ${operator}: ${before} -> ${text === "" ? "(nothing)" : text}\n         ${explained[id] ?? "not explained"}`,
    ),
  ]);
  const last = `${percent(results)}  ${countKilled(results)} of ${results.length} mutants were noticed`;
  return `${[...lines, last].join("\n")}\n`;
}

function byRoom(results: readonly Result[]): readonly (readonly [string, readonly Result[]])[] {
  const grouped = groupBy(results, ({ mutant }) => roomOf(mutant.file)?.name ?? "elsewhere");
  const order = rooms.map(({ name }) => name);
  return [...grouped].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

function survivorsIn(results: readonly Result[]): readonly Result[] {
  return results.filter(({ killedBy }) => killedBy === null);
}

function countKilled(results: readonly Result[]): number {
  return results.length - survivorsIn(results).length;
}

function percent(results: readonly Result[]): string {
  return `${Math.floor((100 * countKilled(results)) / results.length)
    .toString()
    .padStart(3)} %`;
}

/** Of the rooms of which nine in ten have to be noticed and every other one is explained. */
function describeJudged(results: readonly Result[], explained: Explained) {
  const judged = results.filter(({ mutant }) => roomOf(mutant.file)?.isJudged);
  const survivors = survivorsIn(judged);
  return {
    "tried in judged rooms": judged.length,
    "killed in judged rooms": countKilled(judged),
    "tried before their file or its tests changed": results.filter(({ isEarlier }) => isEarlier).length,
    "survivors there without a reason": survivors.filter(({ mutant: { id } }) => !explained[id]).length,
  };
}

async function readExplained(root: string): Promise<Explained> {
  return JSON.parse(await readFile(join(root, "bench/mutants/explained.json"), "utf8")) as Explained;
}

/** Writes bench/results/mutants.json, or the part of it that is about the named ones. */
export async function keepResults(
  root: string,
  results: readonly Result[],
  { seed, named, drawn }: { readonly seed: string; readonly named: boolean; readonly drawn: number },
): Promise<void> {
  const explained = await readExplained(root);
  const path = join(root, "bench/results", named ? "named-mutants.json" : "mutants.json");
  const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: root });
  const scores = byRoom(results).map(([room, ofRoom]) => ({
    room,
    [named ? "mutants" : "tried"]: ofRoom.length,
    killed: countKilled(ofRoom),
    ...(named && {
      killedBy: ofRoom.map(({ mutant, killedBy }) => `${mutant.operator}: ${killedBy ?? "nothing"}`),
    }),
    survivors: survivorsIn(ofRoom).map(({ mutant: { id, file, line, operator, before, text } }) => ({
      id,
      at: `${file}:${line}`,
      change: `${operator}: ${before} -> ${text}`,
      why: explained[id] ?? "not explained",
    })),
  }));
  const whole = {
    commit: stdout.trim(),
    ...(named
      ? { mutants: results.length, killed: countKilled(results) }
      : {
          seed,
          drawn,
          tried: results.length,
          killed: countKilled(results),
          ...describeJudged(results, explained),
        }),
    rooms: scores,
  };
  await mkdir(join(root, "bench/results"), { recursive: true });
  await writeFile(path, `${JSON.stringify(whole, null, 2)}\n`);
}
