/**
 * An export is a file that adopts its account and changes nothing: tried on many generated accounts, and on a large one, which
 * becomes several files. Of the large one also what it costs: the real program beside the simulator, without limits.
 *
 *   npm run bench:export                                       200 accounts, then one of 10,000 services
 *   npm run bench:export -- --accounts 20 --seed 7
 *   npm run bench:export -- --accounts 0 --services 2000
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runExport } from "../src/commands/export/export.ts";
import type { Plan } from "../src/core/model/plan.ts";
import { kinds } from "../src/providers/kinds.ts";
import { startSimulator } from "../src/simulator/start.ts";
import { openScene } from "../test/scene.ts";

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    services: { type: "string", default: "10000" },
  },
});
const [accounts, firstSeed, services] = [values.accounts, values.seed, values.services].map(Number) as [
  number,
  number,
  number,
];
/** Built to dist/bench, beside the program. */
const program = join(import.meta.dirname, "../main.js");

type PlanFacts = Pick<Plan, "changes" | "refusals"> & { readonly steps: Plan["steps"] };

/** What a plan wants besides adoptions; empty where the export was right. */
function findOthers({ changes, refusals, steps }: PlanFacts): readonly string[] {
  const changed = changes.filter(
    ({ action, kind }) => action !== "adopt" && !(action === "keep" && kinds.get(kind)?.permanent),
  );
  return [
    ...changed.map(({ action, address }) => `${action} ${address}`),
    ...changes.flatMap(({ address, fields }) =>
      fields.map(({ field, entry }) => `${address} ${field}${entry === undefined ? "" : `.${entry}`}`),
    ),
    ...refusals.map(({ code, message }) => `${code}: ${message}`),
    ...steps.filter((step) => step.step === "write" && !step.optional).map(({ id }) => id),
  ];
}

/** Exports a generated account, plans with the export, adopts it and plans again. */
async function tryAccount(
  seed: number,
): Promise<{ readonly resources: number; readonly wrong: readonly string[] }> {
  // Sizes and seeds go hand in hand, so that an account is known by one number.
  const scene = await openScene({ services: 1 + (seed % 40), seed, limits: "off" });
  try {
    const exported = await runExport({ literals: ["SETTING_*"] }, scene.deps);
    await scene.write(exported.text);
    const first = findOthers(await scene.plan());
    const report = await scene.apply({ adopt: true });
    const again = (await scene.plan()).changes.filter(({ action }) => action !== "keep");
    return {
      resources: exported.resources.length,
      wrong: [
        ...exported.problems.map(({ message }) => message),
        ...first,
        ...(report.verdict === "done" ? [] : [`the apply ended as ${report.verdict}`]),
        ...again.map(({ action, address }) => `afterwards ${action} ${address}`),
      ],
    };
  } finally {
    await scene.close();
  }
}

async function tryAccounts(): Promise<number> {
  let [resources, wrong] = [0, 0];
  for (let seed = firstSeed; seed < firstSeed + accounts; seed += 1) {
    const tried = await tryAccount(seed);
    resources += tried.resources;
    if (tried.wrong.length === 0) continue;
    wrong += 1;
    say(`seed ${seed}:\n  ${tried.wrong.slice(0, 10).join("\n  ")}`);
  }
  say(
    `${accounts} accounts from seed ${firstSeed}, ${resources} resources: ${wrong} wrong, the others plan adoptions only, then nothing`,
  );
  return wrong;
}

type Ended = {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly rss: number;
  readonly seconds: number;
};

/** Runs the program; a line at its end says how much memory it had. */
async function run(
  args: readonly string[],
  folder: string,
  env: { readonly [name: string]: string },
): Promise<Ended> {
  const tell =
    "process.on('exit',()=>process.stderr.write('\\nmaxRSS '+process.resourceUsage().maxRSS+'\\n'))";
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [`--import=data:text/javascript,${encodeURIComponent(tell)}`, program, ...args],
    {
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: folder, ...env },
    },
  );
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (err += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const rss = Number(/maxRSS (\d+)/u.exec(err)?.[1] ?? NaN) / 1_024;
  return { code, out, err, rss, seconds: (performance.now() - began) / 1_000 };
}

async function tryLarge(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-export-"));
  const simulator = await startSimulator({ services, seed: firstSeed, limits: "off" });
  try {
    const { env } = simulator;
    const exported = await run(["export", "--out", "trueup.yaml"], folder, env);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    const announced = exported.err.split("\n").find((line) => line.includes(" more calls")) ?? "no size";
    tell(`export of ${services} services`, exported);
    say(`  said before it read: ${announced}`);
    say(`  ${names.length} files: ${sizes.map((size) => `${(size / 1e6).toFixed(1)} MB`).join(", ")}`);
    const files = names.flatMap((name) => ["-f", name]);
    const planned = await run(["plan", ...files, "--json"], folder, env);
    tell(`plan with the ${names.length} files`, planned);
    const plan = JSON.parse(planned.out) as PlanFacts;
    const wrong = findOthers(plan);
    say(
      `  ${plan.changes.filter(({ action }) => action === "adopt").length} adoptions, ${wrong.length} other`,
    );
    for (const line of wrong.slice(0, 10)) say(`  ${line}`);
    return wrong.length + (exported.code === 0 ? 0 : 1);
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function tell(what: string, { code, seconds, rss, err }: Ended): void {
  say(`${what}: ${seconds.toFixed(0)} s, ${rss.toFixed(0)} MiB, exit ${code}`);
  if (code !== 0 && code !== 2) say(err.slice(-2_000));
}

const wrong = (accounts > 0 ? await tryAccounts() : 0) + (services > 0 ? await tryLarge() : 0);
process.exitCode = wrong === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
