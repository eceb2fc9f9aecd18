import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants } from "node:os";
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import type { DesiredState } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import { printDocument } from "../../../views/json/document.ts";
import { ProblemError, problem } from "../../../core/base/problem.ts";
import { readDesired } from "../../../file/blocks/desired.ts";
import { fileKinds } from "../../../providers/file-kinds.ts";
import type { SavedAccount } from "../../../simulator/base/account.ts";
import type { Limits } from "../../../simulator/base/budgets.ts";
import { readLimits } from "../../../simulator/server/control.ts";
import { startSimulator, type Simulator } from "../../../simulator/start.ts";
import type { Shell } from "../base/shell.ts";
import { checkBlueprint } from "./check-blueprint.ts";

/** The arguments of `trueup sim`, as commander parsed them. */
export type SimArguments = {
  readonly listen: { readonly host: string; readonly port: number };
  readonly load: readonly string[];
  readonly save?: string;
  readonly services?: number;
  readonly seed?: number;
  /** A name of a set of limits, or a file with sizes. */
  readonly limits: string;
  readonly latency: number;
  readonly clock: "real" | "virtual";
  readonly faults?: string;
  readonly requests?: string;
  readonly json: boolean;
  readonly coverage: boolean;
};

/** Serves until the command has ended or a signal came; answers with the exit code. */
export async function serveSimulator(
  options: SimArguments,
  command: readonly string[],
  shell: Shell,
): Promise<number> {
  const loaded = options.load.map((name) => loadAccount(name));
  const saved = loaded.flatMap((load) => (load.saved ? [load.saved] : []));
  if (saved.length > 1)
    throw refuse("sim-load", "Only one saved account can be loaded.", "Give --load with one of them.");
  const requests = options.requests === undefined ? undefined : openSync(options.requests, "w");
  const simulator = await startSimulator({
    listen: options.listen,
    load: loaded.flatMap((load) => (load.state ? [load.state] : [])),
    ...(saved[0] && { saved: saved[0] }),
    ...(options.services !== undefined && { services: options.services }),
    ...(options.seed !== undefined && { seed: options.seed }),
    limits: findLimits(options.limits),
    latencyMs: options.latency,
    clock: options.clock,
    checkBlueprint,
    announcedAs: randomBytes(4).toString("hex"),
    ...(options.faults !== undefined && { faults: options.faults }),
    ...(requests !== undefined && {
      onRequest: (line) => void writeSync(requests, `${JSON.stringify(line)}\n`),
    }),
  });
  try {
    if (command.length > 0) return await runCommand(command, simulator, shell);
    shell.stdout.write(options.json ? describeAsJson(simulator) : `${describeAsExports(simulator)}\n`);
    await new Promise<void>((resolve) => {
      process.once("SIGINT", () => resolve());
      process.once("SIGTERM", () => resolve());
    });
    return 0;
  } finally {
    if (options.save !== undefined)
      writeFileSync(options.save, `${JSON.stringify(simulator.save(), null, 2)}\n`);
    await simulator.close();
    if (requests !== undefined) closeSync(requests);
  }
}

function describeAsJson({ render, rendercad, control, env }: Simulator): string {
  return printDocument("simulator", "done", { render, rendercad, control, env });
}

/** To be pasted into a shell: every value is one that a simulator made, so quotes are all it takes. */
function describeAsExports({ env }: Simulator): string {
  return `export ${Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join(" ")}`;
}

/** The command's exit code; 128 and the signal's number when it was killed, as in a shell. */
function runCommand(command: readonly string[], simulator: Simulator, shell: Shell): Promise<number> {
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, { stdio: "inherit", env: { ...shell.env, ...simulator.env } });
  // A terminal sends Ctrl-C to both; the simulator has to stay until the command is done with it.
  const ignore = (): void => undefined;
  const forward = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", ignore).on("SIGTERM", forward);
  return new Promise<number>((resolve, reject) => {
    child.once("error", (cause) => {
      const message = `The command ${program} could not be started: ${cause.message}.`;
      reject(
        new ProblemError([problem("error", "sim-command", message, "Check its name and your PATH.")], {
          cause,
        }),
      );
    });
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  }).finally(() => void process.off("SIGINT", ignore).off("SIGTERM", forward));
}

type Loaded = { readonly state?: DesiredState; readonly saved?: SavedAccount };

/** A saved account is JSON with tables; everything else is read as a trueup file, which JSON may be as well. */
function loadAccount(name: string): Loaded {
  const text = readText(name, "--load");
  const saved = readSaved(text);
  if (saved) return { saved };
  const today = new Date().toISOString().slice(0, 10);
  const { state, problems } = readDesired([{ name, text }], { kinds: fileKinds, today });
  if (!state) throw new ProblemError(problems);
  return { state };
}

function readSaved(text: string): SavedAccount | undefined {
  const value = readJson(text);
  if (!isObject(value) || !isObject(value["tables"])) return undefined;
  if (value["version"] === 1) return value as unknown as SavedAccount;
  throw refuse(
    "sim-load",
    `A saved account of version ${String(value["version"])} cannot be read.`,
    "Save it again with this program.",
  );
}

function findLimits(limits: string): Limits {
  if (limits === "documented" || limits === "recorded" || limits === "off") return limits;
  return readLimits(readJson(readText(limits, "--limits")));
}

function readText(name: string, option: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refuse("sim-file", `${option} ${name} could not be read: ${reason}.`, "Check the path.");
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([problem("error", code, message, remedy)]);
}
