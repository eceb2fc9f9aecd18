import { afterEach, describe, expect, test } from "vitest";
import { runExport } from "../../src/commands/export/export.ts";
import { runDestroy } from "../../src/commands/destroy.ts";
import { adoptById } from "../../src/commands/state/state-adopt.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { planDefaults, type Scene, type SceneOptions } from "../scene.ts";
import { fileOf, makeTokens, openAccount, tokenNames } from "./account.ts";

let scene: Scene | undefined;
afterEach(() => scene?.close());

async function open(text: string, options: SceneOptions = {}): Promise<Scene> {
  scene = await openAccount(text, options);
  return scene;
}

/** Codes of the problems that it fails with. */
async function codesOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
  throw new Error("it did not fail", { cause: error });
}

const webhooks = [{ name: "done" }, { name: "failed", events: "render.failed" }];
const noKeys = { RENDER_API_KEY: undefined, HOME: "/nowhere" };

describe("two accounts", () => {
  test("take part in one plan, and each is asked for what it has", async () => {
    const account = await open(fileOf({ tokens: ["api"], webhooks }));
    const { basis } = await account.plan();
    expect(basis).toMatchObject({ workspace: { id: expect.stringMatching(/^tea-/) }, rendercadUser: "1" });
    expect((await account.apply()).verdict).toBe("done");
    const after = account.requests.length;
    expect((await account.plan()).steps).toEqual([]);
    const budgets = account.requests.slice(after).map(({ budget }) => budget);
    expect(budgets.filter((budget) => budget?.startsWith("rendercad/"))).toEqual([
      "rendercad/token-list",
      "rendercad/webhook-list",
    ]);
  });

  test("one of RENDERCAD alone needs no key of Render's and asks Render for nothing", async () => {
    const account = await open(fileOf({ webhooks }), { environment: noKeys });
    expect((await account.apply()).verdict).toBe("done");
    expect((await account.plan()).basis).not.toHaveProperty("workspace");
    expect(account.requests.filter(({ api }) => api === "render")).toEqual([]);
  });

  test("one of Render alone needs no token of RENDERCAD's and asks RENDERCAD for nothing", async () => {
    const text = "envVarGroups:\n  - name: shared\n    envVars: []\n";
    const account = await open(text, { environment: { RENDERCAD_API_TOKEN: undefined } });
    expect((await account.apply()).verdict).toBe("done");
    expect(account.requests.filter(({ api }) => api === "rendercad")).toEqual([]);
  });

  test("credentials that are missing are all told of before anything is asked", async () => {
    const environment = { ...noKeys, RENDERCAD_API_TOKEN: undefined };
    const account = await open(fileOf({ tokens: ["api"] }), { environment });
    expect(await codesOf(account.plan())).toEqual(["no-api-key", "no-rendercad-token"]);
    expect(account.requests).toEqual([]);
  });

  test("what is owned and not declared any more still needs its account", async () => {
    const account = await open(fileOf({ webhooks }));
    await account.apply();
    await account.write("envVarGroups:\n  - name: shared\n    envVars: []\n");
    expect((await account.apply({ allowDeletes: 2 })).verdict).toBe("done");
    expect(account.rows("rendercad webhooks")).toEqual([]);
  });

  test("a run with a token of another RENDERCAD user is refused", async () => {
    const account = await open(fileOf({ webhooks }));
    await account.apply();
    const grace = account.rows("users").find((row) => row["name"] === "Grace")!;
    const path = "/auth.php?action=create_api_token";
    const answer = await fetch(`${account.simulator.control}/edit`, {
      method: "POST",
      body: JSON.stringify({
        api: "rendercad",
        userId: grace["id"],
        method: "POST",
        path,
        body: { token_name: "hers" },
      }),
    });
    const { body } = (await answer.json()) as { readonly body: { readonly token: string } };
    account.setVariable("RENDERCAD_API_TOKEN", body.token);
    expect(await codesOf(account.plan())).toEqual(["wrong-rendercad-user"]);
  });

  test("a token that is wrong or revoked says which variable to check", async () => {
    const environment = { RENDERCAD_API_TOKEN: "rendercad_0000000000000000" };
    const account = await open(fileOf({ webhooks }), { environment });
    const error = await account.plan().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      problems: [{ code: "unauthorized", remedy: expect.stringContaining("RENDERCAD_API_TOKEN") }],
    });
  });

  test("TRUEUP_READ_ONLY holds for RENDERCAD as well", async () => {
    const account = await open(fileOf({ webhooks }), { environment: { TRUEUP_READ_ONLY: "1" } });
    expect(await codesOf(account.apply())).toEqual(["read-only"]);
    expect(account.rows("rendercad webhooks")).toEqual([]);
  });
});

describe("every command works for RENDERCAD", () => {
  test("a live account becomes a file that adopts all of it and changes nothing", async () => {
    const account = await open(fileOf({ tokens: ["api read-only"], webhooks }));
    await account.apply();
    const exported = await runExport({ literals: [] }, account.deps);
    expect(exported.text).toContain("name: hooks.acme.test-done");
    // The token that trueup runs with is in no file: no plan may revoke it.
    expect(exported.resources).not.toContain("rendercad/token/trueup");
    await account.write(exported.text, "exported.yaml");
    const plan = await account.plan({ files: ["exported.yaml"], label: "again" });
    expect(plan.changes.map(({ address, action, fields }) => [address, action, fields.length])).toEqual(
      expect.arrayContaining([
        ["rendercad/token/api", "adopt", 0],
        ["rendercad/webhook/hooks.acme.test-done", "adopt", 0],
        ["rendercad/webhook/hooks.acme.test-failed", "adopt", 0],
      ]),
    );
    expect(plan.steps.filter(({ step }) => step === "write")).toEqual([]);
  });

  test("destroy takes what is owned, and nothing else", async () => {
    const account = await open(fileOf({ webhooks }));
    await account.edit(
      "POST",
      "/webhooks.php?action=register",
      { url: "https://hooks.acme.test/theirs", events: ["video.failed"] },
      "rendercad",
    );
    await account.apply();
    const input = { ...planDefaults, yes: true, allowDeletes: 2, addresses: [] };
    expect((await runDestroy(input, account.deps)).verdict).toBe("done");
    expect(account.rows("rendercad webhooks").map(({ url }) => url)).toEqual([
      "https://hooks.acme.test/theirs",
    ]);
  });

  test("state adopt binds one of two tokens of one name", async () => {
    const account = await open(fileOf({ tokens: ["twice"] }).split("services:")[0]!);
    const [, second] = await makeTokens(account, ["twice", "twice"]);
    await adoptById("rendercad/token/twice", String(second), { files: [] }, account.deps);
    const plan = await account.plan();
    expect(plan.refusals).toEqual([]);
    expect(plan.changes).toMatchObject([{ action: "keep", id: String(second) }]);
    expect(tokenNames(account)).toEqual(["trueup", "twice", "twice"]);
    expect((await account.inventory()).rendercadUser).toBe("1");
  });

  test("state adopt says that there is no token of that number", async () => {
    const account = await open(fileOf({ webhooks }));
    expect(await codesOf(adoptById("rendercad/webhook/done", "4711", { files: [] }, account.deps))).toEqual([
      "adopt-not-found",
    ]);
  });
});
