import { afterEach, describe, expect, test } from "vitest";
import type { Scene, SceneOptions } from "../scene.ts";
import { fileOf, makeTokens, openAccount, tokenNames } from "./account.ts";

let scene: Scene | undefined;
afterEach(() => scene?.close());

async function open(text: string, options: SceneOptions = {}): Promise<Scene> {
  scene = await openAccount(text, options);
  return scene;
}

const webhooks = [{ name: "done" }];
const owning = "rendercad:\n  tokens:\n    - name: trueup\n    - name: spare\n";
const spareOnly = "rendercad:\n  tokens:\n    - name: spare\n";

/** An account whose file has taken over the token that trueup runs with, and one more. */
async function openOwning(options: SceneOptions = {}): Promise<Scene> {
  const account = await open(owning, options);
  await makeTokens(account, ["spare"]);
  expect((await account.apply({ adopt: true })).verdict).toBe("done");
  return account;
}

describe("the token that trueup runs with", () => {
  test("is recognised by its use, and not revoked when it leaves the file", async () => {
    const account = await openOwning();
    await account.write(spareOnly);
    const report = await account.apply();
    expect(report).toMatchObject({
      verdict: "refused",
      problems: [{ code: "rendercad-self", address: "rendercad/token/trueup" }],
    });
    expect(tokenNames(account)).toEqual(["trueup", "spare"]);
  });

  test("another one is revoked all the same", async () => {
    const account = await openOwning();
    await account.write(owning.replace("    - name: spare\n", ""));
    expect((await account.apply()).verdict).toBe("done");
    expect(tokenNames(account)).toEqual(["trueup"]);
  });

  test("is named by the file where its use cannot tell", async () => {
    // Between our two lists somebody uses the other token too.
    let useSpare = async (): Promise<void> => undefined;
    const account = await openOwning({
      send: (send) => async (request) => {
        if (request.url.includes("get_api_tokens")) await useSpare();
        return send(request);
      },
    });
    const spare = account.rows("rendercad tokens").find((row) => row["tokenName"] === "spare");
    const headers = { authorization: `Bearer ${spare?.["token"] as string}` };
    useSpare = async () => {
      await fetch(`${account.simulator.rendercad}/auth.php?action=usage`, { headers });
    };
    await account.write(spareOnly);
    expect((await account.plan()).refusals).toMatchObject([
      { code: "rendercad-self-unknown", message: expect.stringContaining("one of spare, trueup") },
    ]);
    await account.write(spareOnly.replace("rendercad:", "rendercad:\n  self: trueup"));
    expect((await account.plan()).refusals).toMatchObject([{ code: "rendercad-self" }]);
    await account.write(spareOnly.replace("rendercad:", "rendercad:\n  self: spare"));
    expect((await account.plan()).refusals).toEqual([]);
  });

  test("is not looked for where nothing is written to RENDERCAD", async () => {
    const account = await open(spareOnly.replace("rendercad:", "rendercad:\n  self: trueup"));
    await makeTokens(account, ["spare"]);
    await account.plan();
    const lists = account.requests.filter(({ budget }) => budget === "rendercad/token-list");
    expect(lists).toHaveLength(1);
  });
});

describe("a token with a narrow scope", () => {
  test.each(["read-only", "render-only"])(
    "of %s gives a plan, and refuses before any write",
    async (scope) => {
      const account = await open(`${fileOf({ webhooks })}envVarGroups:\n  - {name: shared, envVars: []}\n`);
      const path = "/auth.php?action=create_api_token";
      const body = { token_name: "narrow", scope };
      const { token } = (await account.edit("POST", path, body, "rendercad")) as { readonly token: string };
      account.setVariable("RENDERCAD_API_TOKEN", token);
      const plan = await account.plan();
      expect(plan.changes).toHaveLength(2);
      expect(plan.refusals).toMatchObject([{ code: "rendercad-scope" }]);
      expect(plan.refusals[0]?.message).toContain(`${scope} (narrow)`);
      expect((await account.apply()).verdict).toBe("refused");
      expect(account.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    },
  );

  test("is enough where only Render changes", async () => {
    const account = await open(fileOf({ webhooks }));
    await account.apply();
    const path = "/auth.php?action=create_api_token";
    const body = { token_name: "narrow", scope: "read-only" };
    const { token } = (await account.edit("POST", path, body, "rendercad")) as { readonly token: string };
    account.setVariable("RENDERCAD_API_TOKEN", token);
    await account.write(`${fileOf({ webhooks })}envVarGroups:\n  - {name: shared, envVars: []}\n`);
    expect((await account.apply()).verdict).toBe("done");
  });
});
