/**
 * What `trueup validate` costs. First against the bare machine: a file of 300 lines, compared with `node -e 0` and with a
 * process that only parses the YAML. Then by size: realistic and hostile files of megabytes, in seconds and memory.
 *
 *   npm run bench:validate
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDesired } from "../src/file/desired.ts";
import { fileKinds } from "../src/providers/file-kinds.ts";

/** Built to dist/bench, beside the program. */
const program = join(import.meta.dirname, "../main.js");
const rounds = 21;
const megabyte = 1_000_000;

/** Fifteen lines a service, of the kind that real files hold most. */
function describeServices(count: number): string {
  const one = (index: number): string => `  - type: web
    name: service-${index}
    runtime: node
    plan: starter
    region: frankfurt
    buildCommand: npm ci
    startCommand: npm start
    healthCheckPath: /healthz
    envVars:
      - key: NODE_ENV
        value: production
      - key: SESSION_SECRET
        generateValue: true
      - key: STRIPE_KEY
        sync: false
`;
  return `services:\n${Array.from({ length: count }, (_, index) => one(index)).join("")}`;
}

const cases: { readonly [name: string]: () => string } = {
  "1 MB of services": () => describeServices(2_400),
  "5 MB of services": () => describeServices(12_000),
  "5 MB in one text": () => `services: "${"a".repeat(5 * megabyte)}"`,
  "1 MB of unknown keys": () => Array.from({ length: 90_000 }, (_, index) => `k${index}: v`).join("\n"),
  "1 MB of secrets": () =>
    `services:\n  - type: web\n    name: a\n    runtime: docker\n    envVars:\n${"      - key: TOKEN\n        value: abcdef\n".repeat(24_000)}`,
  "open brackets": () => `services: ${"[".repeat(100_000)}`,
};

function measure(name: string): void {
  const text = cases[name]?.() ?? "";
  const began = performance.now();
  const { problems } = readDesired([{ name: "bench.yaml", text }], { kinds: fileKinds, today: "2026-11-22" });
  const seconds = (performance.now() - began) / 1_000;
  const memory = Math.round(process.resourceUsage().maxRSS / 1_024);
  const rate = (seconds / (text.length / megabyte)).toFixed(2);
  process.stdout.write(
    `${name.padEnd(22)} ${seconds.toFixed(2).padStart(6)} s  ${rate.padStart(6)} s/MB  ${String(memory).padStart(5)} MiB  ${problems.length} problems\n`,
  );
}

/** Median wall time of a process, in milliseconds; the runs take turns, so that load hits all of them alike. */
function compare(commands: { readonly [name: string]: readonly string[] }): {
  readonly [name: string]: number;
} {
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const began = performance.now();
      const { status } = spawnSync(process.execPath, args);
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
      times.get(name)?.push(performance.now() - began);
    }
  }
  return Object.fromEntries(
    [...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[rounds >> 1] ?? 0]),
  );
}

function compareStart(): void {
  const folder = mkdtempSync(join(tmpdir(), "trueup-bench-"));
  try {
    const file = join(folder, "trueup.yaml");
    writeFileSync(file, describeServices(20));
    const parse = `const {parse}=require("yaml");parse(require("fs").readFileSync(${JSON.stringify(file)},"utf8"))`;
    const took = compare({
      bare: ["-e", "0"],
      parse: ["-e", parse],
      version: [program, "--version"],
      validate: [program, "validate", "-f", file],
    });
    const { bare = 1, parse: parsed = 1, version = 0, validate = 0 } = took;
    for (const [name, time] of Object.entries(took))
      process.stdout.write(`${name.padEnd(10)} ${time.toFixed(0).padStart(5)} ms\n`);
    process.stdout.write(
      `--version is ${(version / bare).toFixed(2)} times node -e 0 (goal 1.5)\n` +
        `validate of 300 lines is ${(validate / bare).toFixed(2)} times node -e 0, ` +
        `${(validate / parsed).toFixed(2)} times the bare parse (goal 3)\n\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , chosen] = process.argv;
if (chosen !== undefined) measure(chosen);
else {
  compareStart();
  // One process each: the most memory a process had says something about one case only.
  for (const name of Object.keys(cases))
    spawnSync(process.execPath, [import.meta.filename, name], { stdio: "inherit" });
}
