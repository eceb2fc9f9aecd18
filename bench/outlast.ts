/**
 * One approved run that no hour can hold: 45 services and 6 Postgres databases on an account that allows 20 creations an
 * hour. Runs the real program beside the simulator with documented limits and a virtual clock, and prints how the
 * finishing time compares with the lower bound, and how often a limit was broken.
 *
 *   npm run bench:outlast [-- --halved | --shared]
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const hour = 3_600_000;
const services = 45;
const databases = 6;
const creations = services + databases;
/** Built to dist/bench, beside the program. */
const program = join(import.meta.dirname, "../main.js");

type Line = { readonly t: number; readonly method: string; readonly path: string; readonly status: number };

function describeAccount(): string {
  const commands = "runtime: node, plan: starter, buildCommand: npm ci, startCommand: npm start";
  const one = (index: number): string => {
    const type = index % 5 === 4 ? "worker" : "web";
    const name = `service-${String(index).padStart(2, "0")}`;
    const domain = type === "web" && index < 15 ? `, domains: [${name}.acme.dev]` : "";
    const database = `{ key: DATABASE_URL, fromDatabase: { name: data-${index % databases}, property: connectionString } }`;
    return `  - { type: ${type}, name: ${name}, ${commands}, repo: "https://github.com/acme/app", envVars: [{ key: INDEX, value: "${index}" }, ${database}]${domain} }`;
  };
  const list = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join("\n");
  return `services:\n${list(services, one)}\ndatabases:\n${list(databases, (index) => `  - { name: data-${index}, plan: basic-256mb, postgresMajorVersion: "18" }`)}\n`;
}

/**
 * No order can create more than 20 in any aligned hour, so the last creation waits for the start of the hour that holds
 * number `creations`; everything else fits beside that.
 */
function lowerBound(began: number, perHour: number): number {
  const full = Math.ceil(creations / perHour) - 1;
  return (Math.floor(began / hour) + full) * hour - began;
}

function run(
  args: readonly string[],
  folder: string,
): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.on("close", (code) => resolve({ code: code ?? 1, out }));
  });
}

const folder = await mkdtemp(join(tmpdir(), "trueup-bench-"));
try {
  const halved = process.argv.includes("--halved");
  await writeFile(join(folder, "trueup.yaml"), describeAccount());
  await writeFile(
    join(folder, "limits.json"),
    JSON.stringify({ "render/create": { size: 10, windowMs: hour } }),
  );
  const requests = join(folder, "requests.ndjson");
  const limits = halved ? "limits.json" : "documented";
  const simulate = [program, "sim", "--clock", "virtual", "--limits", limits, "--requests", requests, "--"];
  const apply = [process.execPath, program, "apply", "--yes", "--quiet", "--json"];
  const { code, out } = await run([...simulate, ...apply], folder);
  const report = JSON.parse(out) as {
    readonly verdict: string;
    readonly took: number;
    readonly plan: { readonly schedule: { readonly end: number } };
  };
  const lines = (await readFile(requests, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const began = lines[0]!.t;
  const took = lines.at(-1)!.t - began;
  const bound = lowerBound(began, halved ? 10 : 20);
  const refused = lines.filter((line) => line.status === 429).length;
  process.stdout.write(
    [
      `verdict            ${report.verdict} (exit ${code})`,
      `creations          ${lines.filter((line) => line.status === 201 && (line.path === "/services" || line.path === "/postgres")).length} of ${creations}`,
      `answers of 429     ${refused}`,
      `finishing time     ${(took / hour).toFixed(3)} h, predicted ${(report.plan.schedule.end / hour).toFixed(3)} h`,
      `lower bound        ${(bound / hour).toFixed(3)} h`,
      `finish over bound  ${(took / bound).toFixed(4)}`,
      "",
    ].join("\n"),
  );
  process.exitCode = code === 0 && refused === 0 && took / bound <= 1.02 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
