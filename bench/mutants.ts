/**
 * Deliberate faults: small changes of the sources, one at a time, each of which some test has to notice. Prints the score and
 * the survivors of each file.
 *
 *   npm run mutants                       200 of the judged rooms (bench/mutants/rooms.ts), 80 of the rest, seed 1
 *   npm run mutants -- --seed 2 --count 300 --others 0
 *   npm run mutants -- --files 'src/store/*.ts' --count 100
 *   npm run mutants -- --named            the faults of bench/mutants/named-faults.ts
 *   npm run mutants -- --cover            finds out anew which test comes to which function
 *   npm run mutants -- --list | --only ID[,ID] | --keep (writes bench/results/mutants.json) | --minutes 30
 *
 * What is known of a mutant is kept in node_modules/.cache/trueup-mutants, so that a run that was ended goes on.
 */
import { parseArgs } from "node:util";
import { coverTests } from "./mutants/cover.ts";
import { fitsGlob, listFiles } from "./mutants/list-files.ts";
import { drawMutants, findMutants, type Mutant } from "./mutants/find-mutants.ts";
import { makeNamed } from "./mutants/named.ts";
import { rooms } from "./mutants/rooms.ts";
import { describeResults, keepResults } from "./mutants/results.ts";
import { tryMutants } from "./mutants/try-mutants.ts";
import { serveOrders } from "./mutants/worker.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const root = process.env["npm_config_local_prefix"] ?? process.cwd();
const { values } = parseArgs({
  options: {
    files: { type: "string", multiple: true },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "200" },
    others: { type: "string", default: "80" },
    only: { type: "string" },
    named: { type: "boolean", default: false },
    cover: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    anew: { type: "boolean", default: false },
    minutes: { type: "string", default: "600" },
    worker: { type: "boolean", default: false },
  },
});

if (values.worker) await serveOrders(root);
else if (values.cover) await coverTests(root, { anew: true });
else {
  const mutants = values.named ? await makeNamed(root) : await draw();
  if (values.list)
    for (const { id, file, line, operator, before, text } of mutants)
      process.stdout.write(`${id} ${file}:${line} ${operator}: ${before} -> ${text}\n`);
  else {
    const results = await tryMutants(root, mutants, { anew: values.anew, minutes: Number(values.minutes) });
    process.stdout.write(await describeResults(root, results));
    if (values.keep)
      await keepResults(root, results, { seed: values.seed, named: values.named, drawn: mutants.length });
    process.exitCode = values.named && results.some(({ killedBy }) => killedBy === null) ? 1 : 0;
  }
}

/** `count` of the judged rooms, or of the files that are asked for, and `others` of the rest of core, engine and providers. */
async function draw(): Promise<readonly Mutant[]> {
  const files = await listFiles(root);
  const asked = values.files ?? rooms.flatMap(({ globs, isJudged }) => (isJudged ? globs : []));
  const rest = values.files ? [] : rooms.flatMap(({ globs, isJudged }) => (isJudged ? [] : globs));
  const judged = files.filter((file) => fitsGlob(asked, file));
  const others = files.filter((file) => fitsGlob(rest, file) && !fitsGlob(asked, file));
  const only = values.only?.split(",");
  const [count, seed] = [Number(values.count), Number(values.seed)];
  const [first, second] = [await findIn(judged), await findIn(others)];
  if (only) return [...first, ...second].filter(({ id }) => only.includes(id));
  return [
    ...drawMutants(first, { count, seed, least: count === 0 ? 0 : 2 }),
    ...drawMutants(second, { count: Number(values.others), seed, least: 0 }),
  ];
}

async function findIn(files: readonly string[]): Promise<readonly Mutant[]> {
  const all = await Promise.all(
    files.map(async (file) => findMutants(file, await readFile(join(root, file), "utf8"))),
  );
  return all.flat();
}
