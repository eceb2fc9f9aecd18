import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { makeToken, startRendercad, textOf, type Rendercad } from "./client.ts";

afterEach(stopAll);

const app = { app_name: "Browser Extension", app_type: "browser-extension", app_version: "1.0.0" };

async function request(rendercad: Rendercad, body: object = app): Promise<string> {
  return textOf(await rendercad.post("auth.php?action=request_device_code", body, null), "code");
}

async function poll({ get }: Rendercad, code: string) {
  const { status, body } = await get(`auth.php?action=poll_device_code&code=${code}`, null);
  return { status, body };
}

async function pollToken({ get }: Rendercad, code: string): Promise<string> {
  return textOf(await get(`auth.php?action=poll_device_code&code=${code}`, null), "api_token");
}

test("a request answers a code, its page, how long it lasts and how often to poll", async () => {
  const { post, simulator } = await startRendercad();
  const asked = await post("auth.php?action=request_device_code", app, null);
  const code = textOf(asked, "code");
  expect(code).toMatch(/^[A-Z]{6}$/);
  expect(asked.body).toEqual({
    success: true,
    code,
    verification_url:
      `${new URL(simulator.rendercad).origin}/auth_device.html?code=${code}` +
      "&app_name=Browser%20Extension&app_type=browser-extension&app_version=1.0.0",
    expires_in: 600,
    poll_interval: 3,
  });
});

test("polling waits for the user; her yes answers a token, again and again until the code expires", async () => {
  const rendercad = await startRendercad();
  const code = await request(rendercad);
  expect(await poll(rendercad, code)).toEqual({
    status: 200,
    body: { status: "pending", message: "Waiting for user authorization" },
  });
  await rendercad.control("approve", { code });
  const first = await poll(rendercad, code);
  expect(first.body).toEqual({
    status: "authorized",
    api_token: expect.stringMatching(/^rendercad_/),
    message: "Authorization successful",
  });
  expect(await poll(rendercad, code)).toEqual(first);
  const token = await pollToken(rendercad, code);
  expect((await rendercad.get("auth.php?action=get_api_tokens", token)).body["tokens"]).toMatchObject([
    {},
    { token_name: "Browser Extension", scope: "full-access" },
  ]);
  rendercad.clock.advance(600_000);
  expect((await poll(rendercad, code)).body).toEqual({ status: "expired", message: "Code has expired" });
});

test("opening the page authorizes, and its text cannot be made to run anything", async () => {
  const rendercad = await startRendercad();
  const asked = await rendercad.post(
    "auth.php?action=request_device_code",
    { app_name: "<script>alert(1)</script>" },
    null,
  );
  const page = await fetch(textOf(asked, "verification_url"));
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(await page.text()).not.toContain("<script");
  expect((await poll(rendercad, textOf(asked, "code"))).body).toMatchObject({ status: "authorized" });
});

test("a code that is denied, expired, unknown or missing gives no token", async () => {
  const rendercad = await startRendercad();
  const denied = await request(rendercad);
  await rendercad.control("deny", { code: denied });
  expect((await poll(rendercad, denied)).body).toMatchObject({ status: "denied" });
  await expect(rendercad.control("approve", { code: "ZZZZZZ" })).rejects.toThrow("Code not found");
  const expired = await request(rendercad);
  rendercad.clock.advance(600_000);
  expect(await poll(rendercad, expired)).toMatchObject({ status: 200, body: { status: "expired" } });
  await expect(rendercad.control("approve", { code: expired })).rejects.toThrow("Code has expired");
  expect((await poll(rendercad, "ZZZZZZ")).status).toBe(404);
  expect(await poll(rendercad, "")).toEqual({ status: 400, body: { error: "Code parameter required" } });
});

test("approving twice makes one token, and none beyond the cap", async () => {
  const rendercad = await startRendercad();
  const code = await request(rendercad);
  await rendercad.control("approve", { code });
  await rendercad.control("approve", { code });
  for (let made = 3; made <= 10; made += 1) await makeToken(rendercad, "read-only");
  const late = await request(rendercad);
  await expect(rendercad.control("approve", { code: late })).rejects.toThrow("Maximum of 10 API tokens");
  expect((await poll(rendercad, late)).body).toMatchObject({ status: "pending" });
});

test("a code can be approved by another user, whose token it then is", async () => {
  const rendercad = await startRendercad();
  const grace = rendercad.simulator.save().tables["users"]?.[1];
  const code = await request(rendercad);
  await rendercad.control("approve", { code, userId: grace?.id });
  const token = await pollToken(rendercad, code);
  expect((await rendercad.get("auth.php?action=check", token)).body).toMatchObject({
    user: { email: "grace@globex.test" },
  });
});
