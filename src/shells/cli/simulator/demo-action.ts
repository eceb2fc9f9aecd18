import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isObject } from "../../../core/base/json.ts";
import { startSimulator, type Simulator } from "../../../simulator/start.ts";
import { openCanvas, type Canvas } from "../../../views/base/screen.ts";

import {
  acts,
  corrections,
  demoFile,
  intruder,
  intrusions,
  mistakenFile,
  tokenFile,
  tokenLines,
  type Act,
} from "./demo-story.ts";
import { exitCodes } from "../base/exit-code.ts";
import { findScreen, type Shell } from "../base/shell.ts";

export type DemoOptions = { readonly keep: boolean; readonly color: boolean };

type Stage = {
  readonly shell: Shell;
  readonly folder: string;
  readonly simulator: Simulator;
  readonly canvas: Canvas;
  readonly colour: boolean;
  readonly say: (text: string) => void;
  readonly stop: AbortSignal;
};

/** Long enough to read a headline, short enough for the whole to stay under a minute. */
const pauseOnTerminal = 1200;
const databaseTakes = 3000;
const buildTakes = 1000;

/** Plays every act with the real program as a child process; 0 only if each ended as it should. */
export async function runDemo(options: DemoOptions, shell: Shell): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-demo-"));
  const simulator = await startSimulator({
    announcedAs: "demo",
    switches: { datastoreMs: databaseTakes, buildMs: buildTakes },
  });
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.on("SIGINT", abort).on("SIGTERM", abort);
  const screen = findScreen(shell.stdout, shell.env, options);
  const canvas = openCanvas(screen);
  const say = (text: string): void => void shell.stdout.write(`${text}\n`);
  try {
    return await play({ shell, folder, simulator, canvas, colour: options.color, say, stop: stop.signal });
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
    if (options.keep) await keep(folder, simulator, say);
    else await rm(folder, { recursive: true, force: true });
    await simulator.close();
  }
}

async function play(stage: Stage): Promise<number> {
  const { say, stop, canvas } = stage;
  for (const [index, act] of acts.entries()) {
    if (index > 0 && stage.shell.stdout.isTTY)
      await pause(pauseOnTerminal, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return exitCodes.interrupted;
    say(`${index > 0 ? "\n" : ""}${canvas.ink.bold(canvas.ink.cyan(`${index + 1}  ${act.say}`))}\n`);
    await prepare(act, stage);
    say(`${canvas.ink.dim("$")} ${canvas.ink.bold(`trueup ${act.command.join(" ")}`)}`);
    const code = await runTrueup(act.command, stage);
    if (stop.aborted) return exitCodes.interrupted;
    if (code !== act.exitCode) {
      say(
        `\nThe demo stops here: that should have ended with exit code ${act.exitCode}, and it was ${code}.`,
      );
      return exitCodes.error;
    }
  }
  say(
    "\nThat was the real program against a simulator of both APIs. With your own render.yaml, plan only reads:\n",
  );
  say(`${canvas.ink.dim("$")} ${canvas.ink.bold("RENDER_API_KEY=... trueup plan -f render.yaml")}`);
  return exitCodes.done;
}

async function prepare({ first }: Act, stage: Stage): Promise<void> {
  const { say, canvas, folder } = stage;
  const { ink } = canvas;
  switch (first) {
    case undefined:
      return;
    case "show the file":
      await writeFile(join(folder, "trueup.yaml"), mistakenFile);
      return say(`${mistakenFile.trimEnd().replaceAll(/^/gm, ink.dim("| ")).replaceAll(/ +$/gm, "")}\n`);
    case "correct the file":
      await writeFile(join(folder, "trueup.yaml"), demoFile);
      for (const { wrong, right } of corrections) {
        say(`${ink.red(`- ${wrong.trim()}`)}\n${ink.green(`+ ${right.trim()}`)}`);
      }
      return say("");
    case "take a token":
      await writeFile(join(folder, "trueup.yaml"), tokenFile);
      return say(`${tokenLines.map((line) => ink.green(`+ ${line}`.trimEnd())).join("\n")}\n`);
    case "intrude":
      for (const { told, ...edit } of intrusions) {
        say(`${ink.magenta(intruder)} ${told}`);
        await editAsSomebody(edit, stage.simulator);
      }
      return say("");
    default:
      return first satisfies never;
  }
}

async function editAsSomebody(
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: unknown },
  simulator: Simulator,
): Promise<void> {
  const found = await control(simulator, { method: "GET", path: "/services?name=shop" });
  const id =
    Array.isArray(found) && isObject(found[0]) && isObject(found[0]["service"])
      ? found[0]["service"]["id"]
      : undefined;
  await control(simulator, { method, path: path.replace("{shop}", String(id)), body });
}

async function control(simulator: Simulator, edit: { readonly [key: string]: unknown }): Promise<unknown> {
  const response = await fetch(`${simulator.control}/edit`, {
    method: "POST",
    body: JSON.stringify({ ...edit, actor: { type: "user", email: intruder } }),
  });
  const answer: unknown = await response.json();
  if (isObject(answer) && typeof answer["status"] === "number" && answer["status"] < 300)
    return answer["body"];
  throw new Error(`the simulator did not make the change ${JSON.stringify(edit)}: ${JSON.stringify(answer)}`);
}

/** Settings of the user's own account must not reach the demo. */
const foreign = /^(?:RENDER|RENDERCAD|TRUEUP|GITHUB)_/;

function runTrueup(args: readonly string[], { shell, folder, simulator, colour }: Stage): Promise<number> {
  const kept = Object.entries(shell.env).filter(([name]) => !foreign.test(name) || name === "TRUEUP_ASCII");
  const child = spawn(process.execPath, [shell.program, ...args, ...(colour ? [] : ["--no-color"])], {
    cwd: folder,
    env: { ...Object.fromEntries(kept), ...simulator.env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? exitCodes.interrupted));
  });
}

async function keep(folder: string, simulator: Simulator, say: (text: string) => void): Promise<void> {
  await writeFile(join(folder, "account.json"), `${JSON.stringify(simulator.save(), null, 2)}\n`);
  say(
    `\nEverything is in ${folder}. To go on from here:\n\n$ cd ${folder} && trueup sim --load account.json -- trueup plan`,
  );
}
