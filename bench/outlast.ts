/**
 * One approved run that no hour can hold: 45 services, 12 of them with a domain, and 6 Postgres databases on an account
 * that allows 20 creations an hour; 8 RENDERCAD tokens and 4 webhooks, whose values services take, on one that allows 10
 * writes of each. Runs the real program beside the simulator, documented limits, virtual clock, three
 * times: alone; with every limit halved under its feet after half an hour; and with a second client of the same user that
 * spends half of the creations and writes of every window. Prints the finishing time over the lower bound and how often a
 * limit was broken.
 *
 *   npm run bench:outlast
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { joinVirtualClock } from "../src/world/virtual-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const services = 45;
const databases = 6;
const domains = 12;
const tokens = 8;
const webhooks = 4;
const creations = services + databases;
const perHour = 20;
/** Built to dist/bench, beside the program. */
const program = join(import.meta.dirname, "../main.js");

const modes = ["alone", "halved after 30 minutes", "beside a second client"] as const;
type Mode = (typeof modes)[number];
type Ready = {
  readonly render: string;
  readonly control: string;
  readonly env: { readonly [name: string]: string };
};
type Line = { readonly t: number; readonly method: string; readonly path: string; readonly status: number };

function describeAccount(): string {
  const commands = "runtime: node, plan: starter, buildCommand: npm ci, startCommand: npm start";
  const one = (index: number): string => {
    const name = `service-${String(index).padStart(2, "0")}`;
    const domain = index < domains ? `, domains: [${name}.acme.dev]` : "";
    const database = `{ key: DATABASE_URL, fromDatabase: { name: data-${index % databases}, property: connectionString } }`;
    return `  - { type: web, name: ${name}, ${commands}, repo: "https://github.com/acme/app", envVars: [${[`{ key: INDEX, value: "${index}" }`, database, ...shownOnce(index)].join(", ")}]${domain} }`;
  };
  const list = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join("\n");
  const database = (index: number): string =>
    `  - { name: data-${index}, plan: basic-256mb, postgresMajorVersion: "18" }`;
  const token = (index: number): string => `    - { name: token-${index}, scope: render-only }`;
  const webhook = (index: number): string =>
    `    - { name: hook-${index}, url: "https://hooks.acme.dev/${index}", events: [render.completed] }`;
  const rendercad = `rendercad:\n  tokens:\n${list(tokens, token)}\n  webhooks:\n${list(webhooks, webhook)}\n`;
  return `services:\n${list(services, one)}\ndatabases:\n${list(databases, database)}\n${rendercad}`;
}

function shownOnce(index: number): readonly string[] {
  const token = `{ key: RENDERCAD_TOKEN, fromRendercadToken: { name: token-${index} } }`;
  const secret = `{ key: HOOK_SECRET, fromRendercadWebhook: { name: hook-${index}, property: secret } }`;
  return [...(index < tokens ? [token] : []), ...(index < webhooks ? [secret] : [])];
}

/**
 * The earliest start of the last creation: windows are aligned to the hour, and each lets so many through. Everything else
 * fits beside that.
 */
function lowerBound(began: number, allowed: (window: number) => number): number {
  let left = creations;
  for (let window = 0; ; window += 1) {
    left -= allowed(window);
    if (left <= 0) return window === 0 ? minute : (Math.floor(began / hour) + window) * hour - began;
  }
}

/** A window that has begun before the limits are halved is spent by then. */
function allowance(mode: Mode, began: number): (window: number) => number {
  if (mode === "alone") return () => perHour;
  if (mode === "beside a second client") return () => perHour / 2;
  const spent = Math.floor((began + 30 * minute) / hour) - Math.floor(began / hour);
  return (window) => (window <= spent ? perHour : perHour / 2);
}

async function post(url: string, body: unknown, key = ""): Promise<void> {
  const headers = {
    "content-type": "application/json",
    ...(key !== "" && { authorization: `Bearer ${key}` }),
  };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
}

/** Halves every limit while the run is under way. */
async function halveLater({ control, env }: Ready): Promise<void> {
  const clock = await joinVirtualClock(env["TRUEUP_SIM_CLOCK"] ?? "");
  await clock.sleep(30 * minute);
  const limits = {
    "render/read": { size: 200, windowMs: minute },
    "render/write": { size: 15, windowMs: minute },
    "render/create": { size: perHour / 2, windowMs: hour },
    "render/custom-domain": { size: 25, windowMs: hour },
    "render/service-change": { size: 5, windowMs: minute },
  };
  await post(`${control}/limits`, { limits });
  clock.close();
}

/** Another script with the same key: half of what may be created at the start of every hour, half of the writes each minute. */
async function spendBeside({ render, env }: Ready): Promise<void> {
  const clock = await joinVirtualClock(env["TRUEUP_SIM_CLOCK"] ?? "");
  const key = env["RENDER_API_KEY"] ?? "";
  const ownerId = env["RENDER_OWNER_ID"];
  for (let round = 0; ; round += 1) {
    if (round === 0 || clock.now() % hour < minute) {
      for (let index = 0; index < perHour / 2; index += 1) {
        const name = `other-${round}-${index}`;
        await post(`${render}/postgres`, { name, ownerId, plan: "basic_256mb", version: "18" }, key);
      }
    }
    for (let index = 0; index < 15; index += 1)
      await post(`${render}/env-groups`, { name: `other-${round}-${index}`, ownerId, envVars: [] }, key);
    await clock.sleep(minute - (clock.now() % minute) + 1);
  }
}

function start(
  args: readonly string[],
  folder: string,
  env: { readonly [name: string]: string },
): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** A process of its own: one that has children counts as working for the virtual clock, and time would stand still. */
function startNeighbour(mode: Mode, ready: Ready, folder: string): ChildProcess {
  const argument = JSON.stringify({ mode, ready });
  return spawn(process.execPath, [import.meta.filename, argument], { cwd: folder, stdio: "ignore" });
}

async function readAll(child: ChildProcess): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number>(
    (resolve) => void child.on("close", (status) => resolve(status ?? 1)),
  );
  return { code, out };
}

async function readReady(simulator: ChildProcess): Promise<Ready> {
  let text = "";
  for await (const chunk of simulator.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return JSON.parse(text) as Ready;
}

/** Until the run is on the clock as well: alone on it, a neighbour would sleep through its half hour at once. */
async function untilItReads(requests: string): Promise<void> {
  while ((await readFile(requests, "utf8").catch(() => "")) === "") await setTimeout(10);
}

async function measure(mode: Mode): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-bench-"));
  await writeFile(join(folder, "trueup.yaml"), describeAccount());
  const requests = join(folder, "requests.ndjson");
  const options = ["--clock", "virtual", "--limits", "documented", "--requests", requests, "--json"];
  const simulator = start(["sim", ...options], folder, {});
  try {
    const ready = await readReady(simulator);
    const apply = readAll(start(["apply", "--yes", "--quiet", "--json"], folder, ready.env));
    await untilItReads(requests);
    const neighbour = mode === "alone" ? undefined : startNeighbour(mode, ready, folder);
    const { code, out } = await apply;
    neighbour?.kill();
    const report = JSON.parse(out) as {
      readonly verdict: string;
      readonly plan: { readonly schedule: { readonly end: number } };
    };
    const text = await readFile(requests, "utf8");
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    return print(mode, { code, verdict: report.verdict, predicted: report.plan.schedule.end, lines });
  } finally {
    simulator.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

type Measured = {
  readonly code: number;
  readonly verdict: string;
  readonly predicted: number;
  readonly lines: readonly Line[];
};

function print(mode: Mode, { code, verdict, predicted, lines }: Measured): boolean {
  const began = lines[0]!.t;
  const written = lines.filter((line) => line.path.startsWith("/services") && line.method === "POST");
  const took = written.at(-1)!.t - began;
  const bound = lowerBound(began, allowance(mode, began));
  const made = written.filter((line) => line.status === 201 && line.path === "/services").length;
  const refused = lines.filter((line) => line.status === 429).length;
  process.stdout.write(
    [
      mode,
      `  verdict            ${verdict} (exit ${code}), ${made} of ${services} services`,
      `  answers of 429     ${refused}`,
      `  finishing time     ${(took / hour).toFixed(3)} h, predicted before it began ${(predicted / hour).toFixed(3)} h`,
      `  lower bound        ${(bound / hour).toFixed(3)} h`,
      `  finish over bound  ${(took / bound).toFixed(4)}`,
      "",
    ].join("\n"),
  );
  // A limit that others spend, or that is lowered, is seen by meeting it; one that only the run spends is never met.
  const isClean = mode !== "alone" || refused === 0;
  return code === 0 && made === services && isClean && took / bound <= 1.02;
}

const [, , neighbour] = process.argv;
if (neighbour === undefined) {
  const results: boolean[] = [];
  for (const mode of modes) results.push(await measure(mode));
  process.exitCode = results.every(Boolean) ? 0 : 1;
} else {
  const { mode, ready } = JSON.parse(neighbour) as { readonly mode: Mode; readonly ready: Ready };
  await (mode === "beside a second client" ? spendBeside(ready) : halveLater(ready));
}
