import { afterEach, beforeEach, expect, test } from "vitest";
import { answerWith, changed, makeLies } from "../lying.ts";
import { ourRows, problemsOf, writesOf } from "../observe.ts";
import type { Scene } from "../scene.ts";
import { fileOf, openAccount, tokenNames } from "./account.ts";

let scene: Scene;
let lies: ReturnType<typeof makeLies>;
beforeEach(() => (lies = makeLies()));
afterEach(() => scene.close());

const denied = answerWith(200, { success: false, error: "Try later" });
const webhooks = [{ name: "done" }, { name: "failed" }];

async function openWith(text: string): Promise<void> {
  scene = await openAccount(text, { limits: "off", send: lies.send });
  expect((await scene.apply()).verdict).toBe("done");
}

test("a revocation that is answered by 200 and success: false is not done", async () => {
  await openWith(fileOf({ tokens: ["api", "old"] }));
  await scene.write(fileOf({ tokens: ["api"] }));
  lies.tell = (call) => (call.includes("revoke") ? denied : undefined);
  expect((await scene.apply()).problems).toMatchObject([
    {
      code: "rejected",
      message: "POST /auth.php?action=revoke_api_token answered 200 and that it was not done: Try later.",
    },
  ]);
  expect(Object.keys((await scene.inventory()).resources)).toContain("rendercad/token/old");
  lies.tell = () => undefined;
  expect((await scene.apply()).verdict).toBe("done");
  expect(tokenNames(scene)).toEqual(["trueup", "api"]);
});

test("nor is the deletion of a webhook, nor a creation", async () => {
  await openWith(fileOf({ webhooks }));
  await scene.write(fileOf({ webhooks: [...webhooks.slice(0, 1), { name: "new" }] }));
  lies.tell = (call) => (call.startsWith("POST ") ? denied : undefined);
  const report = await scene.apply();
  expect(report.results.map(({ status }) => status)).toEqual(["failed", "failed"]);
  expect(Object.keys((await scene.inventory()).resources).sort()).toEqual([
    "rendercad/webhook/done",
    "rendercad/webhook/failed",
  ]);
  lies.tell = () => undefined;
  expect((await scene.apply()).verdict).toBe("done");
  expect(ourRows(scene, "rendercad webhooks")).toHaveLength(2);
});

test("a list that could not be answered is no empty list", async () => {
  await openWith(fileOf({ tokens: ["api"] }));
  const sent = writesOf(scene).length;
  lies.tell = (call, request, send) =>
    call.includes("get_api_tokens")
      ? changed(request, send, () => ({ success: false, tokens: [] }))
      : undefined;
  expect(await problemsOf(scene.apply())).toMatchObject([{ code: "unexpected-answer" }]);
  expect(writesOf(scene)).toHaveLength(sent);
});

test.each([false, 0, "0", "false"])(
  "a token that is listed as is_active: %j is drift, and none is made",
  async (word) => {
    await openWith(fileOf({ tokens: ["api"] }));
    lies.tell = (call, request, send) =>
      call.includes("get_api_tokens")
        ? changed(
            request,
            send,
            ({ tokens, ...rest }: { readonly tokens: readonly { readonly token_name: string }[] }) => ({
              ...rest,
              tokens: tokens.map((one) => (one.token_name === "api" ? { ...one, is_active: word } : one)),
            }),
          )
        : undefined;
    expect((await scene.drift()).drifted).toMatchObject([{ address: "rendercad/token/api" }]);
    expect((await scene.plan()).steps).toEqual([]);
  },
);

test("a webhook whose id comes as a text of digits is the same one", async () => {
  await openWith(fileOf({ webhooks }));
  lies.tell = (call, request, send) =>
    call.includes("action=list")
      ? changed(
          request,
          send,
          ({ webhooks: list, ...rest }: { readonly webhooks: readonly { readonly id: number }[] }) => ({
            ...rest,
            webhooks: list.map((one) => ({ ...one, id: String(one.id) })),
          }),
        )
      : undefined;
  expect((await scene.plan()).steps).toEqual([]);
});
