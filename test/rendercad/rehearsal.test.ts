import { afterEach, expect, test } from "vitest";
import { rehearse } from "../../src/commands/rehearsal/rehearse.ts";
import { planDefaults, type Scene } from "../scene.ts";
import { fileOf, makeTokens, openAccount } from "./account.ts";

let scene: Scene | undefined;
afterEach(() => scene?.close());

const input = { ...planDefaults, adopt: null, allowDeletes: 10 };
const webhooks = [{ name: "done" }];

test("a plan for both accounts is rehearsed on both, and converges", async () => {
  scene = await openAccount(fileOf({ tokens: ["api", "ci read-only"], webhooks }));
  const { rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal).toMatchObject({ verdict: "converges", differs: [], problems: [] });
  expect(rehearsal.calls["rendercad/token-write"]).toBe(2);
  expect(scene.rows("rendercad tokens")).toHaveLength(1);
});

test("a change of what is there is rehearsed from what is there", async () => {
  scene = await openAccount(fileOf({ tokens: ["api", "ci read-only"], webhooks }));
  expect((await scene.apply()).verdict).toBe("done");
  await scene.write(fileOf({ tokens: ["api", "new"], webhooks: [...webhooks, { name: "failed" }] }));
  const { rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal).toMatchObject({ verdict: "converges", differs: [], problems: [] });
  expect(rehearsal.calls["rendercad/token-write"]).toBe(2);
});

test("an account with no room to spare is rehearsed as it is", async () => {
  scene = await openAccount("rendercad:\n  tokens:\n    - name: mine\n    - name: old\n");
  await makeTokens(scene, ["mine", "old", "c", "d", "e", "f", "g", "h", "i"]);
  const mine = scene.rows("rendercad tokens").find((row) => row["tokenName"] === "mine");
  scene.setVariable("RENDERCAD_API_TOKEN", mine?.["token"] as string);
  expect((await scene.apply({ adopt: true })).verdict).toBe("done");
  await scene.write(fileOf({ tokens: [] }).replace("tokens:\n    []", "tokens:\n    - name: mine"));
  const { rehearsal } = await rehearse(input, scene.deps, { crash: false });
  expect(rehearsal).toMatchObject({ verdict: "converges", differs: [], problems: [] });
});
