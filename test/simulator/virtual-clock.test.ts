import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { build } from "esbuild";
import { afterEach, expect, test } from "vitest";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/start.ts";
import { joinVirtualClock, type VirtualClock } from "../../src/world/virtual-clock.ts";

const hour = 3_600_000;
let simulator: Simulator | undefined;
let clocks: VirtualClock[] = [];

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  simulator = await startSimulator({ clock: "virtual", ...options });
  return simulator;
}

async function join(): Promise<VirtualClock> {
  const clock = await joinVirtualClock(simulator?.env["TRUEUP_SIM_CLOCK"] ?? "");
  clocks.push(clock);
  return clock;
}

afterEach(async () => {
  for (const clock of clocks) clock.close();
  clocks = [];
  await simulator?.close();
});

async function readOwners(running: Simulator): Promise<Response> {
  return fetch(`${running.render}/owners`, {
    headers: { authorization: `Bearer ${running.env["RENDER_API_KEY"]}` },
  });
}

test("one process alone sleeps five hours at once", async () => {
  await start();
  const clock = await join();
  const before = clock.now();
  await clock.sleep(5 * hour);
  expect(clock.now()).toBe(before + 5 * hour);
});

test("sleeps of one process end in the order of their times, and time jumps to each", async () => {
  await start();
  const clock = await join();
  const before = clock.now();
  const order: number[] = [];
  await Promise.all(
    [3, 1, 2].map(async (hours) => {
      await clock.sleep(hours * hour);
      order.push(hours, clock.now() - before);
    }),
  );
  expect(order).toEqual([1, hour, 2, 2 * hour, 3, 3 * hour]);
});

test("time stands still while another process works, and goes on when that one sleeps too", async () => {
  await start();
  const [sleeper, worker] = [await join(), await join()];
  const before = worker.now();
  let woke = false;
  const sleepOnce = async (): Promise<void> => {
    await sleeper.sleep(hour);
    woke = true;
    sleeper.close();
  };
  const sleeping = sleepOnce();
  for (let call = 0; call < 20; call += 1) await readOwners(simulator as Simulator);
  expect(woke).toBe(false);
  await worker.sleep(2 * hour);
  await sleeping;
  expect(worker.now()).toBe(before + 2 * hour);
});

test("a process that goes away without a word holds up nobody", async () => {
  await start();
  const [sleeper, worker] = [await join(), await join()];
  const before = sleeper.now();
  const sleeping = sleeper.sleep(hour);
  await readOwners(simulator as Simulator);
  worker.close();
  await sleeping;
  expect(sleeper.now()).toBe(before + hour);
});

test("a process that is killed holds up nobody", async () => {
  const running = await start();
  const folder = await mkdtemp(joinPath(tmpdir(), "virtual-clock-"));
  await build({
    entryPoints: ["src/world/virtual-clock.ts"],
    outfile: joinPath(folder, "clock.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
  });
  const script = joinPath(folder, "joined.mjs");
  const code = `import { joinVirtualClock } from "./clock.mjs";
    await joinVirtualClock(process.env.TRUEUP_SIM_CLOCK);
    console.log("joined");`;
  await writeFile(script, code);
  const env = { ...process.env, ...running.env };
  const other = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");

  const clock = await join();
  const before = clock.now();
  const sleeping = clock.sleep(5 * hour);
  await readOwners(running);
  other.kill("SIGKILL");
  await sleeping;
  expect(clock.now()).toBe(before + 5 * hour);
  await rm(folder, { recursive: true });
});

test("waiting for an answer that the simulator delays counts as asleep", async () => {
  const running = await start({ latencyMs: hour });
  const clock = await join();
  const before = clock.now();
  const response = await readOwners(running);
  expect(Date.parse(response.headers.get("date") ?? "")).toBeGreaterThanOrEqual(before + hour - 1000);
});

test("an answer that never comes ends with the sleep that gives it up", async () => {
  const running = await start({ faults: "timeout@GET /owners" });
  const clock = await join();
  const before = clock.now();
  const patience = new AbortController();
  const giveUp = clock.sleep(30_000).then(() => patience.abort(new Error("gave up")));
  const lost = fetch(`${running.render}/owners`, {
    signal: patience.signal,
    headers: { authorization: `Bearer ${running.env["RENDER_API_KEY"]}` },
  });
  await expect(lost).rejects.toThrow("gave up");
  await giveUp;
  expect(clock.now()).toBe(before + 30_000);
});

test("a sleep whose signal fires ends early, and time does not move", async () => {
  await start();
  const [clock, other] = [await join(), await join()];
  const before = clock.now();
  const stop = new AbortController();
  const sleeping = clock.sleep(hour, stop.signal);
  stop.abort();
  await sleeping;
  expect([clock.now(), other.now()]).toEqual([before, before]);
});

test("work side by side takes exactly as long as the slowest of it", async () => {
  const running = await start({ latencyMs: 100 });
  const clock = await join();
  const before = clock.now();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let call = 0; call < 5; call += 1) {
        await (await readOwners(running)).text();
        await clock.sleep(500);
      }
    }),
  );
  expect(clock.now() - before).toBe(5 * 600);
});

test("date headers carry virtual time", async () => {
  const running = await start();
  const clock = await join();
  await clock.sleep(5 * hour);
  const response = await readOwners(running);
  expect(response.headers.get("date")).toBe(new Date(clock.now()).toUTCString());
});

test("only a clock of this machine is joined", async () => {
  await expect(joinVirtualClock("http://clock.example.com/control/clock")).rejects.toThrow("of this machine");
});
