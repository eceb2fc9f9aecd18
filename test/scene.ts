import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeIdleClock } from "./idle-clock.ts";
import { runApply } from "../src/commands/apply.ts";
import type { ApplyInput } from "../src/commands/run/apply-input.ts";
import type { Deps } from "../src/commands/base/deps.ts";
import { runDrift } from "../src/commands/drift.ts";
import { runPlan } from "../src/commands/plan.ts";
import type { PlanInput } from "../src/commands/planning/plan-input.ts";
import type { DriftReport } from "../src/core/planning/drift.ts";
import type { Inventory } from "../src/core/model/inventory.ts";
import type { Json } from "../src/core/base/json.ts";
import type { Plan } from "../src/core/model/plan.ts";
import type { RunEvent, RunReport } from "../src/core/run/report.ts";
import type { RequestLine } from "../src/simulator/server/server.ts";
import { openCheckouts } from "../src/shells/cli/base/checkout.ts";
import { startSimulator, type Simulator, type SimulatorOptions } from "../src/simulator/start.ts";
import { makeTransport, type Transport } from "../src/world/transport.ts";
import type { Download } from "../src/world/download.ts";
import { makeWorld, type World } from "../src/world/world.ts";

export type SceneOptions = Omit<SimulatorOptions, "onRequest"> & {
  readonly environment?: { readonly [name: string]: string | undefined };
  readonly origin?: string;
  readonly send?: (send: Transport) => Transport;
  readonly download?: (download: Download) => Download;
  readonly stop?: AbortSignal;
};

/** One folder, one simulator over real HTTP, and the commands as the shell runs them, on a clock that jumps when anybody sleeps. */
export type Scene = {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly requests: RequestLine[];
  readonly events: RunEvent[];
  readonly world: World;
  readonly deps: Deps;
  write(text: string, name?: string): Promise<void>;
  read(name: string): Promise<string>;
  /** Sets a variable of the environment that the next command finds. */
  setVariable(name: string, value: string): void;
  plan(input?: Partial<PlanInput>): Promise<Plan>;
  apply(input?: Partial<ApplyInput>): Promise<RunReport>;
  drift(): Promise<DriftReport>;
  inventory(): Promise<Inventory>;
  /** A change by somebody else, through the simulator's control endpoint. */
  edit(method: string, path: string, body?: Json, api?: "render" | "rendercad"): Promise<Json>;
  /** Every row of one table, as the simulator keeps it. */
  rows(table: string): readonly { readonly [column: string]: Json }[];
  close(): Promise<void>;
};

export const start = Date.UTC(2026, 10, 22, 9, 0, 10);
const repo = "https://github.com/acme/app";

/** Whoever sleeps moves the time; nobody waits. */
export function makeJumpingClock(from = start) {
  let now = from;
  return { now: () => now, sleep: async (milliseconds: number) => void (now += Math.max(0, milliseconds)) };
}

function isDelayed({ latencyMs = 0, faults = "" }: SceneOptions): boolean {
  return latencyMs > 0 || /slow|timeout/.test(faults);
}

export const planDefaults: PlanInput = {
  files: [],
  repo,
  strictValues: false,
  allowDataLoss: [],
  adopt: false,
  replaceValues: false,
  allowEnv: [],
  targets: [],
  excludes: [],
};

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const { environment, origin, send, download, stop, ...rest } = options;
  const folder = await mkdtemp(join(tmpdir(), "trueup-test-"));
  const idle = makeIdleClock(start);
  const given = typeof rest.clock === "object" ? rest.clock : undefined;
  const clock = given ?? idle;
  const requests: RequestLine[] = [];
  const simulator = await startSimulator({
    limits: "documented",
    ...rest,
    // Without a delay the simulator sleeps only for what it does by itself later.
    clock: given ?? { now: idle.now, sleep: isDelayed(rest) ? idle.delay : idle.sleep },
    onRequest: (line) => requests.push(line),
  });
  const transport = makeTransport();
  const events: RunEvent[] = [];
  const variables: { [name: string]: string | undefined } = { ...simulator.env, ...environment };
  let drawn = 0;
  const world: World = {
    ...makeWorld({
      send: idle.send(send ? send(transport.send) : transport.send),
      stop: stop ?? new AbortController().signal,
    }),
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
    randomHex: (bytes) => (drawn += 1).toString(16).padStart(bytes * 2, "0"),
  };
  const deps: Deps = {
    world,
    environment: variables,
    folder,
    version: "0.0.0",
    download: idle.send(download ? download(transport.download) : transport.download),
    readFile: (path) => readFile(path).catch(() => undefined),
    origin: async () => origin,
    commit: async () => undefined,
    checkouts: openCheckouts(process.env),
    user: { name: "ada", host: "test", pid: 1 },
    log: () => undefined,
    events: (event) => void events.push(event),
    planned: () => undefined,
    confirm: async () => "unable",
    askValue: async () => undefined,
  };
  return {
    simulator,
    folder,
    requests,
    events,
    world,
    deps,
    write: async (text, name = "trueup.yaml") => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    },
    read: (name) => readFile(join(folder, name), "utf8"),
    setVariable: (name, value) => void (variables[name] = value),
    plan: (input = {}) => runPlan({ ...planDefaults, adopt: null, ...input }, deps),
    apply: (input = {}) => runApply({ ...planDefaults, yes: true, ...input }, deps),
    drift: () => runDrift({ ...planDefaults, adopt: null }, deps),
    inventory: async () =>
      JSON.parse(await readFile(join(folder, "state/default/inventory.json"), "utf8")) as Inventory,
    edit: (method, path, body, api = "render") => control(simulator, { api, method, path, body }),
    rows: (table) => simulator.save().tables[table] ?? [],
    close: async () => {
      await simulator.close();
      await transport.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function control(
  simulator: Simulator,
  { api, method, path, body }: { api: string; method: string; path: string; body: Json | undefined },
): Promise<Json> {
  const answer = await fetch(`${simulator.control}/edit`, {
    method: "POST",
    body: JSON.stringify({
      actor: { email: "grace@acme.test" },
      api,
      method,
      path,
      ...(body !== undefined && { body }),
    }),
  });
  const { status, body: said } = (await answer.json()) as { readonly status: number; readonly body: Json };
  if (status >= 400) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(said)}`);
  return said;
}
