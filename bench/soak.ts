/**
 * Random rounds of edit, outside edit, run, kill and fault against the simulator, judged on its rows by a judge that shares
 * no code with the program (soak/judge.ts). Prints what was exercised and what was wrong, with the command that shows it
 * again, and notes the seed's result in bench/results/soak.json, beside those of other seeds.
 *
 *   npm run soak -- --rounds 300 --seed 1
 *   npm run soak -- --seed 1 --world 12 --skip 2,3     one account of it, round by round
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { withSeed, type SoakResult } from "./soak/result.ts";
import { roundsOfWorld, runSoak, shrink } from "./soak/run-soak.ts";
import type { Failure } from "./soak/world.ts";
import { Tally } from "./soak/tally.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    seed: { type: "string", default: "1" },
    world: { type: "string" },
    skip: { type: "string", default: "" },
    "no-shrink": { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const only = values.world === undefined ? undefined : Number(values.world);
const rounds = Number(values.rounds ?? (only === undefined ? 300 : (only + 1) * roundsOfWorld));
const skip = values.skip.split(",").filter(Boolean).map(Number);
const root = process.env["npm_config_local_prefix"] ?? process.cwd();

const tally = new Tally();
const tell = only === undefined ? () => undefined : (line: string) => void process.stdout.write(`${line}\n`);
const began = Date.now();
const found = async (failure: Failure): Promise<void> => {
  const { world } = failure;
  const isShrunk = only === undefined && !values["no-shrink"];
  const quiet = { seed, world, tally: new Tally(), tell: () => undefined };
  const smaller = isShrunk ? await shrink(quiet, failure) : { skip, failure };
  const left = smaller.skip.length > 0 ? ` --skip ${smaller.skip.join(",")}` : "";
  const command = `npm run soak -- --seed ${seed} --world ${world}${left}`;
  process.stdout.write(`wrong in world ${world}, round ${failure.round}: ${command}\n`);
  for (const { rule, said } of smaller.failure.wrong) process.stdout.write(`  rule ${rule}: ${said}\n`);
};
const which = only === undefined ? {} : { world: only };
const failures = await runSoak({ seed, rounds, skip, tally, tell, found, ...which });
const seconds = Math.round((Date.now() - began) / 1_000);
const played = tally.sum("weather");
process.stdout.write(
  `${tally.print()}\n${played} rounds, seed ${seed}: ${failures.length} wrong, ${seconds} s\n`,
);
if (only === undefined && values.rounds !== undefined) {
  const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: root });
  const [commit, wrong] = [stdout.trim(), failures.length];
  const file = join(root, "bench/results/soak.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  const before = text === undefined ? undefined : (JSON.parse(text) as SoakResult);
  const result = { commit, rounds: played, wrong, seconds, exercised: tally.all() };
  await mkdir(join(root, "bench/results"), { recursive: true });
  await writeFile(file, `${JSON.stringify(withSeed(before, seed, result), null, 2)}\n`);
}
process.exitCode = failures.length > 0 ? 1 : 0;
