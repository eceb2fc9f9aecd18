/**
 * Deliberate faults: small changes of the sources, one at a time, each of which some test has to notice. Prints the score and
 * the survivors of each file.
 *
 *   npm run mutants -- --files 'src/store/*' --seed 1 --count 200
 *   npm run mutants -- --named            the faults of bench/mutants/named.ts
 *   npm run mutants -- --cover            finds out anew which test comes to which function
 *   npm run mutants -- --list | --only ID[,ID] | --keep (writes bench/results/mutants.json)
 *
 * What is known of a mutant is kept in node_modules/.cache/trueup-mutants, so that a run that was ended goes on.
 */
import { parseArgs } from "node:util";
import { coverTests } from "./mutants/cover.ts";
import { listFiles } from "./mutants/list-files.ts";
import { drawMutants, findMutants, type Mutant } from "./mutants/find-mutants.ts";
import { makeNamed } from "./mutants/named.ts";
import { describeResults, keepResults } from "./mutants/results.ts";
import { tryMutants } from "./mutants/try-mutants.ts";
import { serveOrders } from "./mutants/worker.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const root = process.env["npm_config_local_prefix"] ?? process.cwd();
const judged = [
  "src/core/guards*.ts",
  "src/core/diff*.ts",
  "src/core/compare*.ts",
  "src/core/journal.ts",
  "src/core/pending.ts",
  "src/engine/execute.ts",
  "src/engine/perform.ts",
  "src/engine/run-memory.ts",
  "src/store/*.ts",
];

const { values } = parseArgs({
  options: {
    files: { type: "string", multiple: true, default: judged },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "300" },
    only: { type: "string" },
    named: { type: "boolean", default: false },
    cover: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    anew: { type: "boolean", default: false },
    worker: { type: "boolean", default: false },
  },
});

if (values.worker) await serveOrders(root);
else if (values.cover) await coverTests(root);
else {
  const mutants = values.named ? await makeNamed(root) : await draw();
  if (values.list)
    for (const { id, file, line, operator, before, text } of mutants)
      process.stdout.write(`${id} ${file}:${line} ${operator}: ${before} -> ${text}\n`);
  else {
    const results = await tryMutants(root, mutants, { anew: values.anew });
    process.stdout.write(await describeResults(root, results));
    if (values.keep) await keepResults(root, results, { seed: values.seed, named: values.named });
    process.exitCode = values.named && results.some(({ killedBy }) => killedBy === null) ? 1 : 0;
  }
}

async function draw(): Promise<readonly Mutant[]> {
  const files = await listFiles(root, values.files);
  const all = await Promise.all(
    files.map(async (file) => findMutants(file, await readFile(join(root, file), "utf8"))),
  );
  const only = values.only?.split(",");
  const found = all.flat();
  return only
    ? found.filter(({ id }) => only.includes(id))
    : drawMutants(found, Number(values.count), Number(values.seed));
}
