import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Limiter, type LimiterOptions } from "../../src/http/limiter.ts";
import { makeWorld, type World } from "../../src/world/world.ts";
import { makeTimeline, type Timeline } from "./timeline.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 22, 9, 0, 30);

function worldOn(timeline: Timeline, stop = new AbortController().signal): World {
  const send = (): never => {
    throw new Error("the limiter sends nothing");
  };
  return { ...makeWorld({ send, stop }), now: timeline.now, sleep: timeline.sleep };
}

/** An API with one budget in aligned windows, which others may spend as well; its clock may differ from ours. */
function makeApi(options: { readonly now: () => number; readonly size: number; readonly ceils: boolean }) {
  const used = new Map<number, number>();
  let overruns = 0;
  const spend = (): { readonly refused: boolean; readonly headers: { readonly [name: string]: string } } => {
    const window = Math.floor(options.now() / minute);
    const before = used.get(window) ?? 0;
    const refused = before >= options.size;
    if (refused) overruns += 1;
    else used.set(window, before + 1);
    const left = ((window + 1) * minute - options.now()) / 1000;
    return {
      refused,
      headers: {
        "ratelimit-limit": String(options.size),
        "ratelimit-remaining": String(Math.max(0, options.size - (used.get(window) ?? 0))),
        "ratelimit-reset": String(options.ceils ? Math.ceil(left) : Math.floor(left)),
      },
    };
  };
  return { spend, overruns: () => overruns, used: () => [...used.values()] };
}

/** One call: when somebody wants it, and how long it is under way each way. */
const call = fc.record({
  after: fc.integer({ min: 0, max: 2 * minute }),
  there: fc.integer({ min: 0, max: 4_000 }),
  back: fc.integer({ min: 0, max: 4_000 }),
  isLost: fc.boolean(),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

async function play(
  calls: readonly Call[],
  world: { readonly size: number; readonly skew: number; readonly ceils: boolean },
  options: LimiterOptions = {},
) {
  const timeline = makeTimeline(start);
  const api = makeApi({ ...world, now: () => timeline.now() + world.skew });
  const limiter = new Limiter(worldOn(timeline), options);
  const budgets = ["render/write"];
  const one = async ({ after, there, back, isLost }: Call): Promise<void> => {
    await timeline.sleep(after);
    expect(await limiter.take(budgets)).toBe(true);
    const sentAt = timeline.now();
    await timeline.sleep(there);
    const { headers, refused } = api.spend();
    await timeline.sleep(back);
    limiter.give(budgets, { headers: isLost ? undefined : headers, refused: refused && !isLost, sentAt });
  };
  await timeline.run(Promise.all(calls.map(one)));
  return { api, timeline, limiter };
}

describe("the limiter", () => {
  test("never overruns a window, however calls and answers cross", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 60, maxLength: 150 }),
        fc.boolean(),
        async (calls, ceils) => {
          const { api } = await play(calls, { size: 30, skew: 0, ceils });
          expect(api.overruns()).toBe(0);
          expect(Math.max(...api.used())).toBeLessThanOrEqual(30);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("never overruns a window of an API whose clock goes before or after ours", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 60, maxLength: 150 }),
        fc.integer({ min: -20_000, max: 20_000 }),
        async (calls, skew) => {
          // The first answer tells how the clocks differ; nobody can know before.
          const first: Call = { after: 0, there: 10, back: 10, isLost: false };
          const rest = calls.map((one) => ({ ...one, after: one.after + 1_000 }));
          const { api } = await play([first, ...rest], { size: 30, skew, ceils: true });
          expect(api.overruns()).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("spends what there is: a burst of 90 calls takes two windows more, not three", async () => {
    const calls = Array.from({ length: 90 }, () => ({ after: 0, there: 50, back: 50, isLost: false }));
    const { api, timeline } = await play(calls, { size: 30, skew: 0, ceils: false });
    expect(api.used()).toEqual([30, 30, 30]);
    expect(timeline.now() - start).toBeLessThan(1.5 * minute + 2_000);
  });

  test("believes a header that says the limit is another one, upwards and downwards", async () => {
    const calls = Array.from({ length: 60 }, (_, index) => ({
      after: index === 0 ? 0 : 1_000,
      there: 50,
      back: 50,
      isLost: false,
    }));
    expect((await play(calls, { size: 100, skew: 0, ceils: true })).api.used()).toEqual([60]);
    const lower = await play(calls, { size: 10, skew: 0, ceils: true });
    expect(lower.api.overruns()).toBe(0);
    expect(Math.max(...lower.api.used())).toBe(10);
  });

  test("leaves the reserve to others", async () => {
    const calls = Array.from({ length: 40 }, () => ({ after: 0, there: 50, back: 50, isLost: false }));
    const { api } = await play(
      calls,
      { size: 30, skew: 0, ceils: true },
      { reserve: { "render/write": 10 } },
    );
    expect(api.used()).toEqual([20, 20]);
  });

  test("starts with what earlier runs spent in the window that is running", async () => {
    const windows = new Map([["render/write", { limit: 30, used: 28, endsAt: start + 30_000 }]]);
    const calls = Array.from({ length: 5 }, () => ({ after: 0, there: 0, back: 0, isLost: true }));
    const { api } = await play(calls, { size: 30, skew: 0, ceils: true }, { windows });
    expect(api.used()).toEqual([2, 3]);
  });

  test("tells what it waits for and until when", async () => {
    const timeline = makeTimeline(start);
    const told: [string, number][] = [];
    const limiter = new Limiter(worldOn(timeline), { onWait: (budget, until) => told.push([budget, until]) });
    const spent = { "ratelimit-limit": "30", "ratelimit-remaining": "0", "ratelimit-reset": "12" };
    await limiter.take(["render/write"]);
    limiter.give(["render/write"], { headers: spent, refused: false, sentAt: start });
    await timeline.run(limiter.take(["render/write"]));
    expect(told).toEqual([["render/write", start + 13_000]]);
    expect(timeline.now()).toBe(start + 13_000);
  });

  test.each([
    ["seconds", { "retry-after": "7" }, 8_000],
    ["a date", { "retry-after": new Date(start + 7_000).toUTCString() }, 8_000],
    [
      "the header's reset",
      { "ratelimit-limit": "30", "ratelimit-remaining": "5", "ratelimit-reset": "9" },
      10_000,
    ],
    [
      "the header's reset as a time",
      {
        "ratelimit-limit": "30",
        "ratelimit-remaining": "5",
        "ratelimit-reset": String((start + 9_000) / 1000),
      },
      10_000,
    ],
    ["nothing: the end of the window", {}, 31_000],
  ])("a call that was refused waits for %s", async (_name, headers, waits) => {
    const timeline = makeTimeline(start);
    const limiter = new Limiter(worldOn(timeline));
    await limiter.take(["render/write"]);
    limiter.give(["render/write"], {
      headers,
      refused: true,
      sentAt: start,
    });
    await timeline.run(limiter.take(["render/write"]));
    expect(timeline.now() - start).toBe(waits);
  });

  test("budgets do not wait for each other, and a call of several waits for the last", async () => {
    const timeline = makeTimeline(start);
    const limiter = new Limiter(worldOn(timeline));
    const spent = { "ratelimit-limit": "10", "ratelimit-remaining": "0", "ratelimit-reset": "20" };
    await limiter.take(["render/service-change:a"]);
    limiter.give(["render/service-change:a"], { headers: spent, refused: false, sentAt: start });
    await timeline.run(limiter.take(["render/service-change:b"]));
    expect(timeline.now()).toBe(start);
    await timeline.run(limiter.take(["render/write", "render/service-change:a"]));
    expect(timeline.now()).toBe(start + 21_000);
  });

  test("a run that is stopped gets no more calls, also while it waits", async () => {
    const timeline = makeTimeline(start);
    const stop = new AbortController();
    const limiter = new Limiter(worldOn(timeline, stop.signal));
    const spent = { "ratelimit-limit": "30", "ratelimit-remaining": "0", "ratelimit-reset": "20" };
    await limiter.take(["render/write"]);
    limiter.give(["render/write"], { headers: spent, refused: false, sentAt: start });
    const waiting = limiter.take(["render/write"]);
    stop.abort();
    expect(await timeline.run(waiting)).toBe(false);
    expect(await limiter.take(["render/read"])).toBe(false);
  });

  test("tells what it knows of the windows that are running", async () => {
    const { limiter, timeline } = await play([{ after: 0, there: 10, back: 10, isLost: false }], {
      size: 100,
      skew: 0,
      ceils: true,
    });
    const window = limiter.windows().get("render/write");
    expect(window).toMatchObject({ limit: 100, used: 1 });
    await timeline.run(timeline.sleep(2 * minute));
    expect(limiter.windows()).toEqual(new Map());
  });
});
