import { afterEach, describe, expect, test } from "vitest";
import type { Scene, SceneOptions } from "../scene.ts";
import { fileOf, makeTokens, openAccount, tokenNames } from "./account.ts";

let scene: Scene | undefined;
afterEach(() => scene?.close());

async function open(parts: Parameters<typeof fileOf>[0], options: SceneOptions = {}): Promise<Scene> {
  scene = await openAccount(fileOf(parts), options);
  return scene;
}

describe("a RENDERCAD token", () => {
  test("is made with its scope, and the next plan has nothing to do", async () => {
    const account = await open({ tokens: ["api read-only", "ci"] });
    expect((await account.apply()).verdict).toBe("done");
    expect(account.rows("rendercad tokens").map(({ tokenName, scope }) => [tokenName, scope])).toEqual([
      ["trueup", "full-access"],
      ["api", "read-only"],
      ["ci", "full-access"],
    ]);
    expect((await account.plan()).steps).toEqual([]);
  });

  test("gets another name in place", async () => {
    const account = await open({});
    const [id] = await makeTokens(account, ["api"]);
    await account.write("rendercad:\n  tokens:\n    - name: api\n");
    await account.apply({ adopt: true });
    await account.write("rendercad:\n  tokens:\n    - {name: backend, lifecycle: {renamedFrom: api}}\n");
    expect((await account.plan()).steps.filter(({ step }) => step === "write")).toMatchObject([
      { id: "update rendercad/token/backend name" },
    ]);
    expect((await account.apply()).verdict).toBe("done");
    expect(tokenNames(account)).toEqual(["trueup", "backend"]);
    expect((await account.inventory()).resources).toMatchObject({
      "rendercad/token/backend": { id: String(id) },
    });
    expect((await account.plan()).steps).toEqual([]);
  });

  test("that somebody renamed gets its name back", async () => {
    const account = await open({ tokens: ["api"] });
    await account.apply();
    const { resources } = await account.inventory();
    const body = { token_id: Number(resources["rendercad/token/api"]?.id), new_name: "mine" };
    await account.edit("POST", "/auth.php?action=rename_api_token", body, "rendercad");
    expect((await account.drift()).drifted).toMatchObject([
      { address: "rendercad/token/api", verdict: "changed" },
    ]);
    expect((await account.apply()).verdict).toBe("done");
    expect(tokenNames(account)).toEqual(["trueup", "api"]);
  });

  test.each(["inactive", "gone"] as const)(
    "is revoked when it leaves the file, and %s ones count as absent",
    async (revokedTokens) => {
      const account = await open({ tokens: ["api", "ci"] }, { switches: { revokedTokens } });
      await account.apply();
      await account.write(fileOf({ tokens: ["ci"] }));
      expect((await account.apply()).verdict).toBe("done");
      expect(tokenNames(account)).toEqual(["trueup", "ci"]);
      expect((await account.plan()).steps).toEqual([]);
      await account.write(fileOf({ tokens: ["api", "ci"] }));
      expect((await account.apply()).verdict).toBe("done");
      expect(tokenNames(account)).toEqual(["trueup", "ci", "api"]);
    },
  );

  test("of somebody else's is neither touched nor owned", async () => {
    const account = await open({ tokens: ["api"] });
    await makeTokens(account, ["theirs", "other"]);
    await account.apply();
    await account.write(fileOf({ webhooks: [{ name: "done" }] }));
    expect((await account.apply()).verdict).toBe("done");
    expect(tokenNames(account)).toEqual(["trueup", "theirs", "other"]);
  });

  test("whose name two active ones have is a refusal that lists both, and an id settles it", async () => {
    const account = await open({ tokens: ["twice"] });
    const ids = await makeTokens(account, ["twice", "twice"]);
    const [refusal] = (await account.plan()).refusals;
    expect(refusal).toMatchObject({ code: "ambiguous-name", address: "rendercad/token/twice" });
    for (const id of ids) expect(refusal?.message).toContain(String(id));
    expect(refusal?.remedy).toContain("trueup state adopt rendercad/token/twice");
  });
});
