import { describe, expect, test } from "vitest";
import { Heartbeat } from "../../../src/store/base/heartbeat.ts";
import { lockLost } from "../../../src/store/base/lease.ts";
import { problemsOf } from "../../observe.ts";
import { makeClock } from "../clock.ts";

const minute = 60_000;

describe("a world that keeps a lease alive", () => {
  test("sleeps as long as it is told, with a beat at least every minute", async () => {
    const { world } = makeClock();
    const heartbeat = new Heartbeat(world);
    const before = world.now();
    const beats: number[] = [];
    heartbeat.start(async () => void beats.push(world.now() - before));
    await heartbeat.world.sleep(2.5 * minute);
    expect(world.now() - before).toBe(2.5 * minute);
    expect(beats).toEqual([minute, 2 * minute, 2.5 * minute]);
  });

  test("sleeps in one piece before the lock is taken and after it is given back", async () => {
    const { world } = makeClock();
    const pieces: number[] = [];
    const heartbeat = new Heartbeat({ ...world, sleep: async (time) => void pieces.push(time) });
    await heartbeat.world.sleep(60 * minute);
    heartbeat.start(() => Promise.reject(new Error("not asked")));
    heartbeat.stop();
    await heartbeat.world.sleep(60 * minute);
    expect(pieces).toEqual([60 * minute, 60 * minute]);
  });

  test("goes on sleeping when a beat fails, and wakes when the lock is lost", async () => {
    const { world } = makeClock();
    const heartbeat = new Heartbeat(world);
    const before = world.now();
    heartbeat.start(() => Promise.reject(new Error("no network")));
    await heartbeat.world.sleep(3 * minute);
    expect(world.now() - before).toBe(3 * minute);
    heartbeat.start(() => Promise.reject(lockLost("somebody took it away")));
    expect(await problemsOf(heartbeat.world.sleep(60 * minute))).toMatchObject([{ code: "lock-lost" }]);
    expect(world.now() - before).toBe(4 * minute);
  });

  test("wakes early when the run is stopped", async () => {
    const { world } = makeClock();
    const stop = new AbortController();
    const sleep = async (): Promise<void> => stop.abort();
    const heartbeat = new Heartbeat({ ...world, stop: stop.signal, sleep });
    heartbeat.start(async () => undefined);
    await heartbeat.world.sleep(60 * minute);
    expect(stop.signal.aborted).toBe(true);
  });
});
