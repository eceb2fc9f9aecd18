import { setMaxListeners } from "node:events";
import { hostname, userInfo } from "node:os";
import manifest from "../../../../package.json" with { type: "json" };
import type { Deps } from "../../../commands/base/deps.ts";
import type { Plan } from "../../../core/model/plan.ts";
import { renderPlan, type PlanCommands } from "../../../views/plan/plan.ts";
import { makeTransport } from "../../../world/transport.ts";
import { joinVirtualClock } from "../../../world/virtual-clock.ts";
import { makeWorld, type World } from "../../../world/world.ts";
import { openCheckouts } from "./checkout.ts";
import { askForValue, askToApply, type People } from "../terminal/ask.ts";
import type { AccountOptions } from "./common-options.ts";
import { Follower, type FollowMode } from "../terminal/follow.ts";
import { readBytes } from "./read-bytes.ts";
import { openLog } from "./log.ts";
import { readCommit, readOrigin } from "./origin.ts";
import { findScreen, type Shell } from "./shell.ts";
import { stopOnSignal } from "./stop.ts";

/** What a command has while it runs; `close` lets go of every connection, timer and signal. */
export type Session = {
  readonly deps: Deps;
  readonly follower: Follower;
  readonly close: () => Promise<void>;
};

/** `answer`: the command line that answers a refused plan, for the commands that show one. */
export async function openSession(
  options: AccountOptions,
  shell: Shell,
  answer?: PlanCommands["answer"],
): Promise<Session> {
  const stop = new AbortController();
  // Every call that waits for a limit listens to the signal, more than Node's usual ten.
  setMaxListeners(0, stop.signal);
  const transport = makeTransport();
  const { world, leave } = await openWorld(shell, transport.send, stop.signal);
  const follower = new Follower({
    mode: followMode(options, shell),
    screen: findScreen(shell.stderr, shell.env, options),
    write: (text) => void shell.stderr.write(text),
    now: world.now,
  });
  const signals = stopOnSignal(process, stop, (text) => follower.say(text));
  const log = openLog(options.logLevel, options.logFormat, (line) => void shell.stderr.write(line));
  const folder = process.cwd();
  const people: People = {
    input: shell.stdin,
    output: shell.stderr,
    onInterrupt: () => stop.abort(),
    stop: stop.signal,
  };
  const deps: Deps = {
    world,
    environment: shell.env,
    folder,
    version: manifest.version,
    readFile: readBytes,
    download: transport.download,
    origin: () => readOrigin(folder, shell.env["PATH"]),
    commit: () => readCommit(folder, shell.env["PATH"]),
    ...(options.maxWait !== undefined && { maxWait: options.maxWait }),
    checkouts: openCheckouts(shell.env),
    user: { name: userName(shell), host: hostname(), pid: process.pid },
    log: (call) => log.debug(call, "call"),
    reading: (look) => follower.watch(look),
    events: (event) => {
      log.info(event, "event");
      follower.handle(event);
    },
    planned: (plan) => {
      follower.end();
      showPlan(plan, options, shell, answer);
    },
    confirm: (word) => askToApply(word, people),
    askValue: (address, entry) => askForValue(address, entry, people),
  };
  const close = async (): Promise<void> => {
    follower.end();
    signals.release();
    // A call that went sooner than its limit was thought to let it leaves somebody asleep.
    stop.abort();
    leave();
    await transport.close();
  };
  return { deps, follower, close };
}

/** Beside a simulator with virtual time, its clock is the clock. */
async function openWorld(
  shell: Shell,
  send: World["send"],
  stop: AbortSignal,
): Promise<{ world: World; leave: () => void }> {
  const world = makeWorld({ send, stop });
  const url = shell.env["TRUEUP_SIM_CLOCK"] ?? "";
  if (url === "") return { world, leave: () => undefined };
  const clock = await joinVirtualClock(url);
  const sleep: World["sleep"] = (time) =>
    clock.sleep(time, stop).catch((error: unknown) => {
      if (!stop.aborted) throw error;
    });
  return { world: { ...world, now: () => clock.now(), sleep }, leave: () => clock.close() };
}

function followMode(options: AccountOptions, shell: Shell): FollowMode {
  if (options.events) return "events";
  if (options.quiet) return "quiet";
  return shell.stderr.isTTY && shell.env["TERM"] !== "dumb" ? "live" : "lines";
}

/** The name of the user, for the record of a run. In a container a user id may have none. */
function userName(shell: Shell): string {
  try {
    return userInfo().username;
  } catch {
    return shell.env["USER"] ?? "unknown";
  }
}

/** With --json and other documents, stdout belongs to the one at the end, and only a person who is asked has to see the plan before. */
function showPlan(plan: Plan, options: AccountOptions, shell: Shell, answer: PlanCommands["answer"]): void {
  const isDocument = options.json || (options.format ?? "text") !== "text";
  if (isDocument && (options.events || !shell.stdin.isTTY)) return;
  const stream = isDocument ? shell.stderr : shell.stdout;
  stream.write(renderPlan(plan, findScreen(stream, shell.env, options), answer ? { answer } : {}));
}
