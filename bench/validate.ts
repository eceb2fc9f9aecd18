/**
 * What `trueup validate` costs. First against the bare machine: a file of 300 lines, compared with `node -e 0` and with a
 * process that only parses the YAML. Then by size: realistic and hostile files of megabytes, in CPU time, wall time and memory.
 *
 *   npm run bench:validate
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDesired } from "../src/file/blocks/desired.ts";
import { fileKinds } from "../src/providers/file-kinds.ts";
import { benchCases, describeServices, sourcesOf } from "./validate-cases.ts";

/** Built to dist/bench, beside the program. */
const program = join(import.meta.dirname, "../main.js");
const rounds = 21;

/** Runs one case in this process and answers with CPU and wall time in seconds, memory in MiB. */
function measure(name: string): void {
  const { files, overlays = [] } = benchCases[name]?.() ?? { files: [] };
  const sources = sourcesOf(files, "file");
  const options = { kinds: fileKinds, today: "2026-11-22", overlays: sourcesOf(overlays, "overlay") };
  const began = performance.now();
  const before = process.cpuUsage();
  const { problems } = readDesired(sources, options);
  const { user, system } = process.cpuUsage(before);
  const figures: Figures = {
    megabytes: [...files, ...overlays].reduce((sum, text) => sum + text.length, 0) / 1_000_000,
    cpu: (user + system) / 1_000_000,
    wall: (performance.now() - began) / 1_000,
    memory: process.resourceUsage().maxRSS / 1_024,
    problems: problems.length,
  };
  process.stdout.write(JSON.stringify(figures));
}

type Figures = {
  readonly megabytes: number;
  readonly cpu: number;
  readonly wall: number;
  readonly memory: number;
  readonly problems: number;
};

/**
 * One process for each run: code is cold as it is in the program, and the most memory a process had says something about one
 * case only. The middle of three by CPU time, which other work on the machine disturbs less than wall time.
 */
function reportCase(name: string): void {
  const runs = Array.from({ length: 3 }, (): Figures => {
    const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, name], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    return JSON.parse(stdout) as Figures;
  });
  const middle = runs.sort((a, b) => a.cpu - b.cpu)[1];
  if (!middle) return;
  const { megabytes, cpu, wall, memory, problems } = middle;
  const columns = [
    `${(cpu / megabytes).toFixed(2)} CPU s/MB`,
    `${(wall / megabytes).toFixed(2)} wall s/MB`,
    `${memory.toFixed(0).padStart(4)} MiB`,
    `${String(problems).padStart(4)} problems`,
  ];
  process.stdout.write(`${name.padEnd(30)} ${columns.join("  ")}\n`);
}

/** Wall time of a process in milliseconds; the least is what other work on the machine disturbed least. */
type Times = { readonly least: number; readonly median: number };

/** The runs take turns, so that load hits all of them alike. */
function compare<Name extends string>(commands: { readonly [name in Name]: readonly string[] }): {
  readonly [name in Name]: Times;
} {
  const entries = Object.entries(commands) as [Name, readonly string[]][];
  const times = entries.map(([name, args]) => ({ name, args, took: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, args, took } of times) {
      const began = performance.now();
      const { status } = spawnSync(process.execPath, args);
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
      took.push(performance.now() - began);
    }
  }
  const results = times.map(({ name, took }) => {
    const sorted = took.sort((a, b) => a - b);
    return [name, { least: sorted[0] ?? 0, median: sorted[rounds >> 1] ?? 0 }] as const;
  });
  return Object.fromEntries(results) as { readonly [name in Name]: Times };
}

function compareStart(): void {
  const folder = mkdtempSync(join(tmpdir(), "trueup-bench-"));
  try {
    const file = join(folder, "trueup.yaml");
    writeFileSync(file, describeServices(7_500));
    const parse = `const {parse}=require("yaml");parse(require("fs").readFileSync(${JSON.stringify(file)},"utf8"))`;
    const took = compare({
      bare: ["-e", "0"],
      parse: ["-e", parse],
      version: [program, "--version"],
      validate: [program, "validate", "-f", file],
    });
    for (const [name, { least, median }] of Object.entries(took))
      process.stdout.write(
        `${name.padEnd(10)} ${least.toFixed(0).padStart(5)} ms at least, ${median.toFixed(0).padStart(5)} ms in the median\n`,
      );
    const { bare, parse: parsed, version, validate } = took;
    process.stdout.write(
      `--version is ${timesOf(version, bare)} node -e 0 (goal 1.5)\n` +
        `validate of 300 lines is ${timesOf(validate, bare)} node -e 0 (goal 3), ${timesOf(validate, parsed)} the bare parse\n\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many times as long: by the least times, then by the medians. */
function timesOf(one: Times, other: Times): string {
  const [least, median] = [one.least / other.least, one.median / other.median];
  return `${least.toFixed(2)} times (median ${median.toFixed(2)})`;
}

const [, , chosen] = process.argv;
if (chosen !== undefined) measure(chosen);
else {
  compareStart();
  for (const name of Object.keys(benchCases)) reportCase(name);
}
