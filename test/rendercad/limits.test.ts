import { afterEach, describe, expect, test } from "vitest";
import { readLimits } from "../../src/commands/limits.ts";
import type { Scene, SceneOptions } from "../scene.ts";
import { fileOf, makeTokens, openAccount, tokenNames } from "./account.ts";

let scene: Scene | undefined;
afterEach(() => scene?.close());

async function open(text: string, options: SceneOptions = {}): Promise<Scene> {
  scene = await openAccount(text, options);
  return scene;
}

const hour = 3_600_000;
const before = ["a", "b", "c", "d", "e", "f", "g", "h"];
const after = ["i", "j", "k", "l", "m", "n", "o"];

/** Eight tokens to revoke and seven to make: 15 operations, of which an hour allows 10. */
async function openFifteen(options: SceneOptions): Promise<Scene> {
  const account = await open(
    `rendercad:\n  tokens:\n${before.map((name) => `    - name: ${name}\n`).join("")}`,
    options,
  );
  await makeTokens(account, before);
  expect((await account.apply({ adopt: true })).verdict).toBe("done");
  await account.write(fileOf({ tokens: after }));
  return account;
}

describe("ten token operations an hour", () => {
  test.each([
    { rendercadWindows: "sliding", rendercadReset: "epoch" },
    { rendercadWindows: "sliding", rendercadReset: "seconds" },
    { rendercadWindows: "fixed", rendercadReset: "epoch" },
    { rendercadWindows: "fixed", rendercadReset: "seconds" },
    { rendercadWindows: "sliding", rendercadLimitHeaders: "when refused" },
    { rendercadWindows: "sliding", rendercadWriteBudget: "separate" },
  ] as const)("15 are planned for, and outlasted without a 429: %o", async (switches) => {
    const account = await openFifteen({ switches, latencyMs: 200 });
    const { schedule } = await account.plan({ allowDeletes: 8 });
    expect(schedule.tightest).toBe("rendercad/token-write");
    expect(schedule.calls["rendercad/token-write"]).toBe(15);
    expect(schedule.end).toBeGreaterThan(hour);
    expect(schedule.end).toBeLessThan(hour + 60_000);
    const report = await account.apply({ allowDeletes: 8 });
    expect(report.verdict).toBe("done");
    expect(report.took).toBeLessThan(schedule.end * 1.02);
    expect(tokenNames(account)).toEqual(["trueup", ...after]);
    expect(account.requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(account.requests.filter(({ budget }) => budget === "rendercad/token-write")).toHaveLength(15);
  });

  test("a second run knows what the first one spent, and when each call comes free", async () => {
    const account = await openFifteen({ latencyMs: 200 });
    await account.write(fileOf({ webhooks: [{ name: "done" }] }));
    expect((await account.apply({ allowDeletes: 8 })).verdict).toBe("done");
    await account.world.sleep(hour / 2);
    await account.write(fileOf({ tokens: ["x", "y", "z"] }));
    const { schedule } = await account.plan();
    expect(schedule.end).toBeGreaterThan(hour / 2 - 30_000);
    expect(schedule.end).toBeLessThan(hour / 2 + 30_000);
    expect((await account.apply()).verdict).toBe("done");
    expect(account.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("what somebody else spends meanwhile is waited for", async () => {
    const account = await open(fileOf({ tokens: ["x", "y", "z"] }), { latencyMs: 200 });
    const headers = {
      authorization: `Bearer ${account.simulator.env["RENDERCAD_API_TOKEN"]!}`,
      "content-type": "application/json",
    };
    for (let index = 0; index < 8; index += 1) {
      const url = `${account.simulator.rendercad}/auth.php?action=rename_api_token`;
      await fetch(url, { method: "POST", headers, body: JSON.stringify({ token_id: 4711, new_name: "no" }) });
    }
    const report = await account.apply();
    expect(report.verdict).toBe("done");
    expect(report.took).toBeGreaterThan(hour - 60_000);
    expect(report.took).toBeLessThan(hour + 60_000);
    expect(account.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("limits shows both sides, and what the API says of its own", async () => {
    const account = await open(fileOf({ tokens: ["x"] }));
    await account.apply();
    const { limits } = await readLimits({ files: [] }, account.deps);
    const byName = new Map(limits.map((limit) => [limit.budget, limit]));
    expect(byName.get("rendercad/token-list")).toMatchObject({ size: 120, from: "answer" });
    expect(byName.get("rendercad/token-write")).toMatchObject({ size: 10, used: 1, from: "ledger" });
    expect(byName.get("rendercad/discovery")).toMatchObject({ size: 60, used: null, from: "table" });
    expect(byName.get("render/read")).toMatchObject({ size: 400, from: "answer" });
  });
});
