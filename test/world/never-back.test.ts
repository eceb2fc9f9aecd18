import { expect, test } from "vitest";
import { Limiter } from "../../src/http/limiter.ts";
import { Heartbeat } from "../../src/store/base/heartbeat.ts";
import { neverBack } from "../../src/world/never-back.ts";
import { makeClock } from "../store/clock.ts";

const [minute, hour] = [60_000, 3_600_000];

test("a clock that is set back goes on from where it was, by the steady one, and then with the wall clock again", () => {
  const clock = makeClock();
  const world = neverBack(clock.world);
  const before = world.now();
  clock.pass(minute);
  clock.setBack(3 * hour);
  expect(world.now() - before).toBe(minute);
  clock.pass(minute);
  expect(world.now() - before).toBe(2 * minute);
  clock.setBack(-2 * hour);
  expect(world.now() - before).toBe(2 * minute + 2 * hour);
});

test("what passed between two looks, in which the clock was set back, is counted by the steady one", () => {
  const clock = makeClock();
  const world = neverBack(clock.world);
  const before = world.now();
  clock.setBack(3 * hour);
  clock.pass(5 * minute);
  expect(world.now() - before).toBe(5 * minute);
});

test("a sleep lasts as long as it was told when the clock is set back in the middle of it", async () => {
  const clock = makeClock();
  let slept = 0;
  const sleep = async (time: number): Promise<void> => {
    expect(time).toBeGreaterThanOrEqual(0);
    slept += time;
    if (slept > 10 * minute) throw new Error("it never ends");
    clock.pass(time);
    if (slept === 2 * minute) clock.setBack(5 * hour);
  };
  const heartbeat = new Heartbeat({ ...clock.world, sleep });
  heartbeat.start(async () => undefined);
  await heartbeat.world.sleep(5 * minute);
  expect(slept).toBe(5 * minute);
});

test("a window of a limit ends on time when the clock is set back while it is waited for", async () => {
  const clock = makeClock();
  let slept = 0;
  const sleep = async (time: number): Promise<void> => {
    slept += time;
    if (slept > 2 * hour) throw new Error("it never ends");
    clock.pass(time);
    if (slept <= minute) clock.setBack(5 * hour);
  };
  const limiter = new Limiter(neverBack({ ...clock.world, sleep }));
  const budgets = ["render/create"];
  const headers = { "ratelimit-limit": "20", "ratelimit-remaining": "0", "ratelimit-reset": "1800" };
  await limiter.take(budgets);
  limiter.give(budgets, { headers, refused: false, sentAt: clock.world.now() });
  expect(await limiter.take(budgets)).toBe(true);
  expect(slept).toBeGreaterThanOrEqual(30 * minute);
  expect(slept).toBeLessThanOrEqual(31 * minute);
});
