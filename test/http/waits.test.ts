import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runApply } from "../../src/commands/apply.ts";
import { runDrift } from "../../src/commands/drift.ts";
import { runExport } from "../../src/commands/export/export.ts";
import { runGraph } from "../../src/commands/graph.ts";
import { runPlan } from "../../src/commands/plan.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { Limiter } from "../../src/http/limiter.ts";
import { exitCodeOfProblems } from "../../src/shells/cli/base/exit-code.ts";
import type { HttpAnswer, HttpRequest } from "../../src/world/transport.ts";
import { makeWorld } from "../../src/world/world.ts";
import { openScene, planDefaults, type Scene } from "../scene.ts";
import { makeTimeline } from "./timeline.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 22, 9, 0, 30);

/** How long the call after this answer has to wait, and what was not believed of it. */
async function waitAfter(budget: string, headers: HttpAnswer["headers"], refused: boolean) {
  const timeline = makeTimeline(start);
  const send = (): never => {
    throw new Error("the limiter sends nothing");
  };
  const world = {
    ...makeWorld({ send, stop: new AbortController().signal }),
    now: timeline.now,
    sleep: timeline.sleep,
  };
  const doubts: string[] = [];
  const limiter = new Limiter(world, { onDoubt: (_, header) => doubts.push(header) });
  await timeline.run(
    (async () => {
      for (let call = 0; call < 2; call += 1) {
        await limiter.take([budget]);
        limiter.give([budget], { headers, refused, sentAt: timeline.now() });
      }
    })(),
  );
  return { waited: timeline.now() - start, doubts };
}

const spent = (reset: string) => ({
  "ratelimit-limit": "1",
  "ratelimit-remaining": "0",
  "ratelimit-reset": reset,
});

describe("an answer that asks for a longer wait than its window lasts is not believed, and that is told once", () => {
  test.each([
    ["render/read", "Retry-After", "99999999999", minute],
    ["render/read", "Retry-After", "9".repeat(15), minute],
    ["render/read", "Retry-After", "Wed, 01 Jan 3000 00:00:00 GMT", minute],
    ["render/create", "Retry-After", "999999", hour],
    ["rendercad/token-write", "Retry-After", "999999", hour],
    ["render/read", "Ratelimit-Reset", "999999", minute],
    ["render/read", "Ratelimit-Reset", "30000", minute],
    ["render/read", "Ratelimit-Reset", String(start + 30_000), minute],
    ["rendercad/webhook-list", "Ratelimit-Reset", "999999", hour],
  ])("%s, %s: %s", async (budget, name, value, window) => {
    const isReset = name === "Ratelimit-Reset";
    const headers = isReset ? spent(value) : { "retry-after": value };
    const { waited, doubts } = await waitAfter(budget, headers, !isReset);
    expect(waited).toBeLessThanOrEqual(window + 2_000);
    expect(doubts).toEqual([`${name}: ${value}`]);
  });
});

describe("an answer that fits its window is believed", () => {
  test.each([
    ["seconds", { "retry-after": "20" }, true, 20_000],
    ["a date", { "retry-after": new Date(start + 20_000).toUTCString() }, true, 20_000],
    ["seconds left", spent("20"), false, 20_000],
    ["a time", spent(String(start / 1000 + 20)), false, 20_000],
  ])("%s", async (_, headers, refused, wait) => {
    const { waited, doubts } = await waitAfter("render/read", headers, refused);
    expect(waited).toBeGreaterThanOrEqual(wait);
    expect(waited).toBeLessThanOrEqual(wait + 2_000);
    expect(doubts).toEqual([]);
  });
});

test("whatever an answer says, nothing waits longer than a window, and nothing that was refused is sent again at once", async () => {
  const odd = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "NaN",
      "-5",
      "1.5",
      "1e99",
      "0x10",
      "Infinity",
      "soon",
      "Thu, 01 Jan 1970 00:00:00 GMT",
    ),
    fc.string(),
    fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
  );
  const headers = fc.record(
    { "retry-after": odd, "ratelimit-limit": odd, "ratelimit-remaining": odd, "ratelimit-reset": odd },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(headers, fc.boolean(), async (said, refused) => {
      const { waited } = await waitAfter("render/create", said, refused);
      expect(waited).toBeLessThanOrEqual(hour + 2_000);
      if (refused) expect(waited).toBeGreaterThanOrEqual(1_000);
    }),
    { numRuns: 300 },
  );
});

describe("commands", () => {
  let scene: Scene;
  let refuse: HttpAnswer | undefined;

  beforeEach(async () => {
    refuse = undefined;
    scene = await openScene({
      send: (send) => (request: HttpRequest) => {
        const answer = request.url.includes("/services") ? refuse : undefined;
        if (!answer) return send(request);
        refuse = undefined;
        return Promise.resolve(answer);
      },
    });
    await scene.write("services: [{type: web, name: api, runtime: image, image: {url: nginx}}]");
  });

  afterEach(() => scene.close());

  const limited = (after: string): HttpAnswer => ({
    status: 429,
    headers: { "retry-after": after },
    text: "{}",
  });

  test("a plan goes on after one window and warns once", async () => {
    refuse = limited("99999999999");
    const began = scene.world.now();
    expect((await scene.plan()).changes).toHaveLength(1);
    expect(scene.world.now() - began).toBeLessThanOrEqual(2 * minute);
    expect(scene.events.filter(({ event }) => event === "warning")).toMatchObject([
      { problem: { severity: "warning", code: "limit-not-believed" } },
    ]);
  });

  test("with --max-wait every command that reads stops before a longer wait: exit code 4, on purpose", async () => {
    const deps = { ...scene.deps, maxWait: 10_000 };
    const input = { ...planDefaults, adopt: null };
    for (const run of [
      () => runPlan(input, deps),
      () => runDrift(input, deps),
      () => runGraph({ ...input, steps: false }, deps),
      () => runApply({ ...planDefaults, yes: true }, deps),
      () => runExport({ literals: [] }, deps),
    ]) {
      refuse = limited("30");
      const error: unknown = await run().catch((thrown: unknown) => thrown);
      const problems = error instanceof ProblemError ? error.problems : [];
      expect(problems).toMatchObject([{ code: "wait-too-long" }]);
      expect(exitCodeOfProblems(problems)).toBe(4);
    }
  });
});
