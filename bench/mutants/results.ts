import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { groupBy } from "../../src/core/group.ts";
import type { Result } from "./try-mutants.ts";

/** Why a survivor is no gap in the tests, by the id of the mutant. */
type Explained = { readonly [id: string]: string };

/** The score of each file, and every survivor with its explanation. */
export async function describeResults(root: string, results: readonly Result[]): Promise<string> {
  const explained = await readExplained(root);
  const lines = [...groupBy(results, ({ mutant }) => mutant.file)].flatMap(([file, ofFile]) => {
    const survivors = ofFile.filter(({ killedBy }) => killedBy === null);
    return [
      `${percent(ofFile)} ${String(ofFile.length - survivors.length).padStart(4)} of ${String(ofFile.length).padStart(4)}  ${file}`,
      ...survivors.map(
        ({ mutant: { id, line, operator, before, text } }) =>
          `       ${id} line ${line}, ${operator}: ${before} -> ${text === "" ? "(nothing)" : text}${explained[id] === undefined ? "" : `\n         ${explained[id]}`}`,
      ),
    ];
  });
  const killed = results.filter(({ killedBy }) => killedBy !== null).length;
  return `${lines.join("\n")}\n${percent(results)} ${killed} of ${results.length} mutants killed\n`;
}

function percent(results: readonly Result[]): string {
  const killed = results.filter(({ killedBy }) => killedBy !== null).length;
  return `${Math.floor((100 * killed) / results.length)
    .toString()
    .padStart(3)} %`;
}

async function readExplained(root: string): Promise<Explained> {
  return JSON.parse(await readFile(join(root, "bench/mutants/explained.json"), "utf8")) as Explained;
}

/** Writes bench/results/mutants.json, or the part of it that is about the named ones. */
export async function keepResults(
  root: string,
  results: readonly Result[],
  { seed, named }: { readonly seed: string; readonly named: boolean },
): Promise<void> {
  const explained = await readExplained(root);
  const path = join(root, "bench/results", named ? "named-mutants.json" : "mutants.json");
  const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: root });
  const files = [...groupBy(results, ({ mutant }) => mutant.file)].map(([file, ofFile]) => {
    const survivors = ofFile.filter(({ killedBy }) => killedBy === null);
    return {
      file,
      mutants: ofFile.length,
      killed: ofFile.length - survivors.length,
      ...(named && {
        killedBy: ofFile.map(({ mutant, killedBy }) => `${mutant.operator}: ${killedBy ?? "nothing"}`),
      }),
      survivors: survivors.map(({ mutant: { id, line, operator, before, text } }) => ({
        id,
        line,
        change: `${operator}: ${before} -> ${text}`,
        why: explained[id] ?? "not explained",
      })),
    };
  });
  const killed = results.filter(({ killedBy }) => killedBy !== null).length;
  const whole = { commit: stdout.trim(), seed, mutants: results.length, killed, files };
  await mkdir(join(root, "bench/results"), { recursive: true });
  await writeFile(path, `${JSON.stringify(whole, null, 2)}\n`);
}
