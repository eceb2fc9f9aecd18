import { afterEach, expect, test } from "vitest";
import { Mortal } from "../crash/mortal.ts";
import { ourRows, problemsOf, setFaults, variablesOf } from "../observe.ts";
import { planDefaults, type Scene } from "../scene.ts";
import { fileOf, openAccount, tokenNames } from "./account.ts";

let scene: Scene;
afterEach(() => scene.close());

const minutes = (count: number): Promise<void> => scene.world.sleep(count * 60_000);
const webhooks = [{ name: "done" }];
const input = { ...planDefaults, yes: true, allowReplace: ["*"], allowDeletes: 9 };

/** Each name once, and the service has a token that is alive. */
function expectWhole(names: readonly string[]): void {
  expect([...tokenNames(scene)].sort()).toEqual([...names, "trueup"].sort());
  expect(ourRows(scene, "rendercad webhooks")).toHaveLength(1);
  const alive = scene.rows("rendercad tokens").filter((row) => row["isActive"] === true);
  expect(alive.map((row) => row["token"])).toContain(variablesOf(scene, "night")["T_API"]);
}

test.each([20, 300])(
  "what was made a moment ago is not made again while lists lag by %i seconds",
  async (lag) => {
    scene = await openAccount(fileOf({ tokens: ["api", "ci"], webhooks }), { limits: "off" });
    expect((await scene.apply()).verdict).toBe("done");
    await minutes(20);
    await setFaults(scene, `lag:${lag}`);
    await scene.write(fileOf({ tokens: ["api", "ci", "new"], webhooks }));
    expect((await scene.apply()).verdict).toBe("done");
    expect(await problemsOf(scene.plan())).toMatchObject([
      { code: "incomplete-read", address: "rendercad/token/new" },
    ]);
    const again = lag < 60 ? scene.apply() : problemsOf(scene.apply());
    expect(await again).toMatchObject(
      lag < 60 ? { verdict: "done", results: [] } : [{ code: "incomplete-read" }],
    );
    await minutes(6);
    expect((await scene.apply()).results).toEqual([]);
    expectWhole(["api", "ci", "new"]);
  },
);

test("what somebody revokes is told as gone once lists have had their time", async () => {
  scene = await openAccount(fileOf({ tokens: ["api", "ci"], webhooks }), {
    limits: "off",
    switches: { revokedTokens: "gone" },
  });
  expect((await scene.apply()).verdict).toBe("done");
  const id = Number(ourRows(scene, "rendercad tokens").find((row) => row["tokenName"] === "ci")!["id"]);
  await scene.edit("POST", "/auth.php?action=revoke_api_token", { token_id: id }, "rendercad");
  expect(await problemsOf(scene.plan())).toMatchObject([{ code: "incomplete-read" }]);
  await minutes(16);
  expect((await scene.plan()).changes.find(({ address }) => address === "rendercad/token/ci")).toMatchObject({
    action: "create",
    outside: "gone",
  });
});

// A list that shows for five minutes what was revoked keeps one run from its last write: that is a later run's.
const lagAt = (number: number): number => (number % 2 === 0 || number === 7 ? 20 : 300);
const points = [1, 2, 3, 4, 5, 6, 7].flatMap((number) =>
  (["before-write", "after-write"] as const).map((at) => ({ lag: lagAt(number), number, at })),
);

test.each(points)(
  "a rotation killed at write $number ($at) leaves no second token or webhook while lists lag by $lag seconds",
  async ({ lag, number, at }) => {
    scene = await openAccount(fileOf({ tokens: ["api"], webhooks }), { limits: "off" });
    expect((await scene.apply()).verdict).toBe("done");
    await minutes(20);
    await scene.write(
      fileOf({ tokens: ["api read-only"], webhooks: [{ name: "done", events: "render.failed" }] }),
    );
    await setFaults(scene, `lag:${lag},lag-deletes:${lag}`);
    expect(await new Mortal(scene, { at, number }).apply(input)).toBe("died");
    for (let run = 0; run < 5; run += 1) {
      await new Mortal(scene).apply(input).catch(() => undefined);
      await minutes(run === 0 ? 0 : 16);
    }
    expect((await scene.plan()).steps).toEqual([]);
    expectWhole(["api"]);
  },
);
