import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLimits } from "../../src/commands/limits.ts";
import { makeLedger, runningWindows } from "../../src/core/schedule/ledger.ts";
import { renderLimits, renderLimitsJson } from "../../src/views/account/limits.ts";
import { openScene, type Scene } from "../scene.ts";

const worker = (name: string): string =>
  `  - {type: worker, name: ${name}, runtime: node, plan: starter, buildCommand: "true", startCommand: "true"}\n`;
const workers = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => worker(`w${from + index}`)).join("");

let scene: Scene;
beforeEach(async () => void (scene = await openScene()));
afterEach(() => scene.close());

describe("limits", () => {
  test("shows every budget with its size, what is used of it and when it starts anew, for one read of each account", async () => {
    await scene.write(`settings: {reserve: {render/write: 5}}\nservices:\n${workers(0, 7)}`);
    await scene.apply();
    const sent = scene.requests.length;
    const told = await readLimits({ files: [] }, scene.deps);
    expect(scene.requests.slice(sent).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /owners",
      "GET /auth.php",
    ]);
    const of = (name: string) => told.limits.find((limit) => limit.budget === name);
    expect(of("render/create")).toMatchObject({ size: 20, used: 7, per: 3_600_000, from: "ledger" });
    expect(of("render/read")).toMatchObject({ size: 400, from: "answer" });
    expect(of("render/custom-domain")).toMatchObject({ size: 50, used: null, resetsAt: null, from: "table" });
    expect(of("render/write")).toMatchObject({ size: 30, reserved: 5 });
    const text = renderLimits(told, { columns: 120, colour: false, unicode: true });
    expect(text).toMatch(
      /render\/create +7 of 20 an hour used, anew in \d+ min.* {2}left by an earlier run/u,
    );
    const json = JSON.parse(renderLimitsJson(told)) as {
      readonly limits: readonly { readonly resetsAt: string | null }[];
    };
    expect(json.limits.every(({ resetsAt }) => resetsAt === null || resetsAt.startsWith("2026-11-22T"))).toBe(
      true,
    );
  });
});

describe("the ledger", () => {
  test("the next plan's timetable starts from what the run before has used", async () => {
    await scene.write(`services:\n${workers(0, 15)}`);
    await scene.apply();
    await scene.write(`services:\n${workers(0, 24)}`);
    const { schedule } = await scene.plan();
    const creations = schedule.slots.filter(({ step }) => step.startsWith("create "));
    const hour = 3_600_000;
    expect(
      creations.filter(({ start }) => start < hour / 2).length,
      "5 of the 20 are left in this hour",
    ).toBe(5);
    expect(creations).toHaveLength(9);
    expect(schedule.tightest).toBe("render/create");
  });

  test("keeps what runs, forgets what has ended, and takes no window for true that cannot be", () => {
    const now = Date.UTC(2026, 10, 22, 9, 30);
    const windows = new Map([
      ["render/write", { limit: 30, used: 30, endsAt: now + 1_000 }],
      ["render/read", { limit: 400, used: 1, endsAt: now - 1 }],
      ["render/create", { limit: 20, used: 20, endsAt: now + 5 * 3_600_000 }],
      ["render/service-change:cron", { limit: 10, used: 2, endsAt: now + 30_000 }],
      ["no/such", { limit: 1, used: 1, endsAt: now + 1 }],
    ]);
    const ledger = makeLedger(windows, now);
    expect(Object.keys(ledger.windows)).toEqual(["render/service-change:cron", "render/write"]);
    expect([...runningWindows(ledger, now + 2_000).keys()]).toEqual(["render/service-change:cron"]);
    expect(runningWindows(undefined, now).size).toBe(0);
  });
});
