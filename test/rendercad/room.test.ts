import { afterEach, describe, expect, test } from "vitest";
import type { Scene, SceneOptions } from "../scene.ts";
import { fileOf, makeTokens, openAccount, tokenNames } from "./account.ts";

let scene: Scene | undefined;
afterEach(() => scene?.close());

async function open(text: string, options: SceneOptions = {}): Promise<Scene> {
  scene = await openAccount(text, options);
  return scene;
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
}

async function registerTheirs(account: Scene, count: number): Promise<void> {
  for (const name of numbered("theirs", count)) {
    const body = { url: `https://hooks.other.test/${name}`, events: ["video.failed"] };
    await account.edit("POST", "/webhooks.php?action=register", body, "rendercad");
  }
}

describe("an account with room for so many", () => {
  test("refuses more, with the count, and writes nothing", async () => {
    const account = await open(fileOf({ tokens: ["one", "two"] }));
    await makeTokens(account, numbered("theirs", 8));
    const report = await account.apply();
    expect(report.verdict).toBe("refused");
    expect(report.problems).toMatchObject([
      {
        code: "no-room",
        message: "9 of kind RENDERCAD token exist that are not in the file and 2 are declared: 11 of 10.",
      },
    ]);
    expect(account.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("takes exactly as many as there is room for", async () => {
    const account = await open(fileOf({ tokens: ["one", "two"] }));
    await makeTokens(account, numbered("theirs", 7));
    expect((await account.apply()).verdict).toBe("done");
    expect(tokenNames(account)).toHaveLength(10);
  });

  test.each([400, 409, 429] as const)(
    "what is deleted makes room before anything is made, so that nothing is refused with %i",
    async (rendercadCapStatus) => {
      const before = numbered("old", 5).map((name) => ({ name }));
      const after = numbered("new", 5).map((name) => ({ name }));
      const account = await open(fileOf({ webhooks: before }), { switches: { rendercadCapStatus } });
      expect((await account.apply()).verdict).toBe("done");
      await account.write(fileOf({ webhooks: after }));
      const report = await account.apply({ allowDeletes: 5 });
      expect(report.verdict).toBe("done");
      expect(new Set(account.rows("rendercad webhooks").map(({ url }) => url))).toEqual(
        new Set(numbered("new", 5).map((name) => `https://hooks.acme.test/${name}`)),
      );
      expect(account.requests.filter(({ status }) => status >= 400)).toEqual([]);
    },
  );

  test("counts webhooks of others, up to five", async () => {
    const account = await open(fileOf({ webhooks: numbered("ours", 3).map((name) => ({ name })) }));
    await registerTheirs(account, 3);
    expect((await account.plan()).refusals).toMatchObject([
      {
        code: "no-room",
        message: "3 of kind RENDERCAD webhook exist that are not in the file and 3 are declared: 6 of 5.",
      },
    ]);
  });

  test("somebody who takes the last place meanwhile makes a failure with the API's words, not a wait", async () => {
    let isTaken = false;
    const account = await open(fileOf({ webhooks: [{ name: "ours" }] }), {
      switches: { rendercadCapStatus: 429 },
      send: (send) => async (request) => {
        if (request.method === "POST" && !isTaken) {
          isTaken = true;
          await registerTheirs(account, 5);
        }
        return send(request);
      },
    });
    const report = await account.apply();
    expect(report.verdict).toBe("failed");
    expect(report.problems).toMatchObject([
      { code: "exhausted", message: expect.stringContaining("Maximum of 5 webhooks reached") },
    ]);
    expect(account.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});
