import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Limiter, type LimiterOptions } from "../../src/http/limiter.ts";
import { makeWorld } from "../../src/world/world.ts";
import { makeTimeline } from "./timeline.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 22, 9, 40, 0);
const budgets = ["rendercad/token-write"];

type Switches = {
  readonly window: "sliding" | "fixed";
  readonly reset: "epoch" | "seconds";
  readonly headers: "always" | "when refused";
};

/** RENDERCAD's way of counting ten calls an hour, as far as it is documented, and either way where it is not. */
function makeApi(now: () => number, { window, reset, headers }: Switches) {
  const size = 10;
  let counted: number[] = [];
  let refusals = 0;
  const spend = (): { readonly refused: boolean; readonly headers: { readonly [name: string]: string } } => {
    const from = window === "sliding" ? now() - hour + 1 : now() - (now() % hour);
    counted = counted.filter((at) => at >= from);
    const refused = counted.length >= size;
    if (refused) refusals += 1;
    else counted.push(now());
    const endsAt = window === "sliding" ? counted[0]! + hour : from + hour;
    if (!refused && headers === "when refused") return { refused, headers: {} };
    return {
      refused,
      headers: {
        "x-ratelimit-limit": String(size),
        "x-ratelimit-remaining": String(size - counted.length),
        "x-ratelimit-reset": String(Math.ceil((reset === "epoch" ? endsAt : endsAt - now()) / 1000)),
        ...(refused && { "retry-after": String(Math.ceil((endsAt - now()) / 1000)) }),
      },
    };
  };
  return { spend, refusals: () => refusals };
}

const switches: fc.Arbitrary<Switches> = fc.record({
  window: fc.constantFrom("sliding", "fixed"),
  reset: fc.constantFrom("epoch", "seconds"),
  headers: fc.constantFrom("always", "when refused"),
});

const call = fc.record({
  after: fc.integer({ min: 0, max: 2 * hour }),
  there: fc.integer({ min: 0, max: 4_000 }),
  back: fc.integer({ min: 0, max: 4_000 }),
  isLost: fc.boolean(),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

async function play(calls: readonly Call[], how: Switches, options: LimiterOptions = {}) {
  const timeline = makeTimeline(start);
  const api = makeApi(timeline.now, how);
  const send = (): never => {
    throw new Error("the limiter sends nothing");
  };
  const base = makeWorld({ send, stop: new AbortController().signal });
  const limiter = new Limiter({ ...base, now: timeline.now, sleep: timeline.sleep }, options);
  let together = 0;
  let most = 0;
  const one = async ({ after, there, back, isLost }: Call): Promise<void> => {
    await timeline.sleep(after);
    expect(await limiter.take(budgets)).toBe(true);
    together += 1;
    most = Math.max(most, together);
    const sentAt = timeline.now();
    await timeline.sleep(there);
    const { headers, refused } = api.spend();
    await timeline.sleep(back);
    together -= 1;
    limiter.give(budgets, { headers: isLost ? undefined : headers, refused: refused && !isLost, sentAt });
  };
  await timeline.run(Promise.all(calls.map(one)));
  return { api, timeline, limiter, most };
}

function burst(count: number): readonly Call[] {
  return Array.from({ length: count }, () => ({ after: 0, there: 100, back: 100, isLost: false }));
}

describe("a sliding window", () => {
  test("is never overrun, whether the API's slides or not, and whatever it says of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), switches, async (calls, how) => {
        const { api } = await play(calls, how);
        expect(api.refusals()).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("has one call under way at a time, so that each answer tells what others have used", async () => {
    const { most } = await play(burst(8), { window: "sliding", reset: "epoch", headers: "always" });
    expect(most).toBe(1);
  });

  test.each(["sliding", "fixed"] as const)(
    "spends what there is: 25 calls take two hours, not three (%s)",
    async (window) => {
      const { timeline } = await play(burst(25), { window, reset: "epoch", headers: "always" });
      expect(timeline.now() - start).toBeLessThan(2 * hour + 30_000);
    },
  );

  test.each(["epoch", "seconds"] as const)(
    "waits for the calls of others as long as the reset says, in %s, and no longer",
    async (reset) => {
      const timeline = makeTimeline(start);
      const api = makeApi(timeline.now, { window: "sliding", reset, headers: "always" });
      const base = makeWorld({ send: () => Promise.reject(new Error()), stop: new AbortController().signal });
      const limiter = new Limiter({ ...base, now: timeline.now, sleep: timeline.sleep });
      const others = 9;
      for (let index = 0; index < others; index += 1) {
        api.spend();
        await timeline.run(timeline.sleep(60_000));
      }
      const calls = async (): Promise<void> => {
        for (let index = 0; index < 4; index += 1) {
          expect(await limiter.take(budgets)).toBe(true);
          limiter.give(budgets, { ...api.spend(), sentAt: timeline.now() });
        }
      };
      await timeline.run(calls());
      expect(api.refusals()).toBe(0);
      // The first goes at once; the other three when the first three of the others have left, a minute apart.
      expect(timeline.now()).toBeGreaterThanOrEqual(start + hour + 2 * 60_000);
      expect(timeline.now()).toBeLessThan(start + hour + 2 * 60_000 + 10_000);
    },
  );

  test("a refused call waits as long as it was told to, and was not counted", async () => {
    const timeline = makeTimeline(start);
    const base = makeWorld({ send: () => Promise.reject(new Error()), stop: new AbortController().signal });
    const limiter = new Limiter({ ...base, now: timeline.now, sleep: timeline.sleep });
    await limiter.take(budgets);
    limiter.give(budgets, { headers: { "retry-after": "7" }, refused: true, sentAt: start });
    await timeline.run(limiter.take(budgets));
    expect(timeline.now() - start).toBe(8_000);
    limiter.give(budgets, { headers: undefined, refused: false, sentAt: start });
    expect(limiter.windows().get(budgets[0]!)).toMatchObject({ used: 1 });
  });

  test("goes on where an earlier run left it", async () => {
    const leaves = [600_000, 1_200_000, 1_800_000].map((after) => start + after);
    const window = { limit: 3, used: 3, endsAt: leaves[2]!, leaves };
    const windows = new Map([[budgets[0]!, window]]);
    const timeline = makeTimeline(start);
    const base = makeWorld({ send: () => Promise.reject(new Error()), stop: new AbortController().signal });
    const limiter = new Limiter({ ...base, now: timeline.now, sleep: timeline.sleep }, { windows });
    await timeline.run(limiter.take(budgets));
    expect(timeline.now()).toBe(leaves[0]);
  });
});
