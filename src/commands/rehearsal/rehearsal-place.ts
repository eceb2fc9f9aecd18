import type { Millis } from "../../core/model/budget.ts";
import type { DesiredState } from "../../core/model/desired.ts";
import type { RunReport } from "../../core/run/report.ts";
import type { SavedAccount } from "../../simulator/base/account.ts";
import { startSimulator } from "../../simulator/start.ts";
import { makeMemory, openMemoryStore, type Memory } from "../../store/partition/memory-store.ts";
import type { Transport } from "../../world/transport.ts";
import { joinVirtualClock } from "../../world/virtual-clock.ts";
import type { Deps } from "../base/deps.ts";
import { keepNothing } from "../planning/keep-exports.ts";
import { holderOf, newRun } from "../base/lock.ts";
import { planRun } from "../plan.ts";
import type { Planned } from "../planning/plan-account.ts";
import type { PlanInput } from "../planning/plan-input.ts";
import type { Seed } from "./rehearsal-seed.ts";
import { makeReporter } from "../run/begin-run.ts";
import { writePlan } from "../run/write-plan.ts";

/** A place to rehearse in: a simulated account of this process, on a clock that jumps over every wait, and a state in memory. */
export type RehearsalPlace = {
  readonly deps: Deps;
  readonly memory: Memory;
  /** Answered calls by budget. */
  readonly calls: ReadonlyMap<string, number>;
  readonly save: () => SavedAccount;
  plan(input: PlanInput): Promise<Planned>;
  close(): Promise<void>;
};

/** What a rehearsal begins with: what the simulated account holds, and how it answers. */
export type RehearsalStart = {
  readonly seed: Seed;
  readonly account: readonly DesiredState[] | SavedAccount;
  readonly memory?: Memory;
  /** Of every answer. */
  readonly latency?: Millis;
  /** When the account was saved, on the clock of its place. */
  readonly at?: Millis;
  /** Told right before and right after each write: where a crash is rehearsed. */
  readonly onWrite?: () => void;
};

/**
 * Starts a simulated account for a rehearsal. Whoever opens it closes it. `real`: the deps of the command, whose network is not
 * used.
 */
export async function openRehearsalPlace(from: RehearsalStart, real: Deps): Promise<RehearsalPlace> {
  const calls = new Map<string, number>();
  const simulator = await startSimulator({
    ...("tables" in from.account ? { saved: from.account } : { load: from.account }),
    clock: "virtual",
    limits: "documented",
    latencyMs: from.latency ?? 0,
    onRequest: ({ budget }) => {
      if (budget !== null) calls.set(budget, (calls.get(budget) ?? 0) + 1);
    },
  });
  const clock = await joinVirtualClock(simulator.env["TRUEUP_SIM_CLOCK"]!);
  const { stop } = real.world;
  const send = from.onWrite ? watchWrites(sendLocally, from.onWrite) : sendLocally;
  if (from.at !== undefined) await clock.sleep(from.at - clock.now());
  const sleep = (time: number): Promise<void> => clock.sleep(time, stop);
  const memory = makeMemory(from.memory);
  const deps: Deps = {
    ...real,
    world: { ...real.world, now: () => clock.now(), steady: () => clock.now(), sleep, send },
    environment: simulator.env,
    log: () => undefined,
    events: () => undefined,
    planned: () => undefined,
  };
  const opened = {
    state: from.seed.desired,
    store: openMemoryStore(memory, { world: deps.world }),
    sources: from.seed.sources,
  };
  return {
    deps,
    memory,
    calls,
    save: () => simulator.save(),
    plan: (input) => planRun(input, deps, opened),
    async close() {
      clock.close();
      await simulator.close();
    },
  };
}

/** What both rehearsals do: a run under the lock of the simulated state. */
export async function writeNow(planned: Planned, deps: Deps): Promise<RunReport> {
  const name = newRun(deps);
  const locked = await planned.start.store.lock(holderOf(name, deps));
  const writers = planned.access.connection.openWriters();
  const run = { name, deps, report: makeReporter(name, deps) };
  try {
    return await writePlan({ planned, approval: undefined, locked, writers, keepExport: keepNothing, run });
  } finally {
    await locked.unlock();
  }
}

function watchWrites(send: Transport, onWrite: () => void): Transport {
  return async (request) => {
    if (request.method === "GET") return send(request);
    onWrite();
    const answer = await send(request);
    onWrite();
    return answer;
  };
}

/** To this machine alone, past any proxy that the environment names. */
const sendLocally: Transport = async ({ method, url, headers, body, timeout }) => {
  const signal = AbortSignal.timeout(timeout);
  const answer = await fetch(url, {
    method,
    headers,
    signal,
    redirect: "manual",
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
};
