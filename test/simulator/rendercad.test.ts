import { afterEach, expect, test } from "vitest";
import type { SimulatorOptions } from "../../src/simulator/start.ts";
import { makeStillClock, startClient, stopAll } from "./client.ts";

afterEach(stopAll);

/** Every member that some answer has; which ones are there is what the tests say. */
type Body = {
  readonly id: number;
  readonly token: string;
  readonly token_data: { readonly id: number };
  readonly tokens: readonly { readonly is_active: boolean }[];
  readonly webhooks: readonly unknown[];
  readonly code: string;
  readonly verification_url: string;
  readonly api_token: string;
  readonly job_id: string;
  readonly presigned_url: string;
  readonly status: string;
};
type Reply = { readonly status: number; readonly headers: Headers; readonly body: Body };

async function startRendercad(options: SimulatorOptions = {}) {
  const { simulator } = await startClient(options);
  const own = simulator.env["RENDERCAD_API_TOKEN"] ?? "";
  const call = async (path: string, body?: unknown, token: string | null = own): Promise<Reply> => {
    const response = await fetch(`${simulator.rendercad}/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(await response.text()) as Body,
    };
  };
  return { simulator, call, own };
}

test("a token is shown once, works, is renamed, and stops working when it is revoked", async () => {
  const { call } = await startRendercad();
  const made = await call("auth.php?action=create_api_token", { token_name: "App" });
  expect(made.body).toMatchObject({ success: true, token_data: { token_name: "App", scope: "full-access" } });
  const { token, token_data: data } = made.body;
  expect((await call("auth.php?action=check", undefined, token)).body).toMatchObject({ token_valid: true });
  await call("auth.php?action=rename_api_token", { token_id: data.id, new_name: "Production" });
  const listed = await call("auth.php?action=get_api_tokens");
  expect(JSON.stringify(listed.body)).not.toContain(token);
  expect(listed.body).toMatchObject({
    tokens: [{ token_name: "trueup" }, { token_name: "Production", is_active: true }],
  });
  await call("auth.php?action=revoke_api_token", { token_id: data.id });
  const refused = await call("auth.php?action=check", undefined, token);
  expect([refused.status, refused.body]).toEqual([
    401,
    { success: false, authenticated: false, token_valid: false, error: "unauthorized" },
  ]);
});

test("revoked tokens stay in the list as inactive, or are gone: a switch", async () => {
  const states: unknown[] = [];
  for (const revokedTokens of ["inactive", "gone"] as const) {
    const { call } = await startRendercad({ switches: { revokedTokens } });
    const made = await call("auth.php?action=create_api_token", { token_name: "App" });
    await call("auth.php?action=revoke_api_token", { token_id: made.body.token_data.id });
    const { tokens } = (await call("auth.php?action=get_api_tokens")).body;
    states.push(tokens.slice(1).map((row) => row.is_active));
  }
  expect(states).toEqual([[false], []]);
});

test("there are at most ten tokens and five webhooks; a narrow scope may only look", async () => {
  const { call } = await startRendercad();
  const narrow = await call("auth.php?action=create_api_token", { token_name: "look", scope: "read-only" });
  for (let made = 2; made < 10; made += 1)
    await call("auth.php?action=create_api_token", { token_name: `t${made}` });
  expect((await call("auth.php?action=create_api_token", { token_name: "eleventh" })).status).toBe(409);
  const hook = { url: "https://acme.test/hook", events: ["render.failed"] };
  for (let made = 0; made < 5; made += 1)
    expect((await call("webhooks.php?action=register", hook)).status).toBe(200);
  expect((await call("webhooks.php?action=register", hook)).status).toBe(409);
  const { token } = narrow.body;
  expect((await call("auth.php?action=get_api_tokens", undefined, token)).status).toBe(200);
  expect((await call("auth.php?action=create_api_token", { token_name: "more" }, token)).status).toBe(403);
  expect((await call("webhooks.php?action=delete", { id: 101 }, token)).status).toBe(403);
});

test("a webhook's secret is shown at registration only", async () => {
  const { call } = await startRendercad();
  const hook = { url: "https://acme.test/hook", events: ["render.failed", "credits.exhausted"] };
  const made = await call("webhooks.php?action=register", hook);
  expect(made.body).toMatchObject({ ...hook, status: "active", secret: expect.stringMatching(/^whsec_/) });
  const listed = await call("webhooks.php?action=list");
  expect(listed.body.webhooks).toMatchObject([hook]);
  expect(JSON.stringify(listed.body)).not.toContain("whsec_");
  await call("webhooks.php?action=delete", { id: made.body.id });
  expect((await call("webhooks.php?action=list")).body.webhooks).toEqual([]);
  expect((await call("webhooks.php?action=delete", { id: made.body.id })).status).toBe(404);
  expect((await call("webhooks.php?action=register", { ...hook, url: "http://acme.test" })).status).toBe(400);
});

test("windows slide: the next token is possible an hour after the first, not at the full hour", async () => {
  const clock = makeStillClock(Date.UTC(2026, 0, 5, 12, 50));
  const { call } = await startRendercad({ limits: "documented", clock });
  for (let made = 0; made < 10; made += 1)
    await call("auth.php?action=rename_api_token", { token_id: 101, new_name: "x" });
  clock.advance(20 * 60_000);
  const refused = await call("auth.php?action=rename_api_token", { token_id: 101, new_name: "y" });
  expect([refused.status, refused.body]).toEqual([429, { error: "rate limit exceeded" }]);
  expect(refused.headers.get("retry-after")).toBe("2400");
  expect(refused.headers.get("x-ratelimit-reset")).toBe(String(Date.UTC(2026, 0, 5, 13, 50) / 1000));
  clock.advance(40 * 60_000);
  expect((await call("auth.php?action=rename_api_token", { token_id: 101, new_name: "y" })).status).toBe(200);
});

test("the device-code flow ends with a token, again at a second poll, and a code expires", async () => {
  const clock = makeStillClock();
  const { call } = await startRendercad({ clock });
  const asked = await call(
    "auth.php?action=request_device_code",
    { app_name: "trueup", app_type: "cli" },
    null,
  );
  const poll = `auth.php?action=poll_device_code&code=${asked.body.code}`;
  expect((await call(poll, undefined, null)).body).toMatchObject({ status: "pending" });
  expect((await fetch(asked.body.verification_url)).status).toBe(200);
  const first = await call(poll, undefined, null);
  expect(first.body).toMatchObject({ status: "authorized" });
  expect((await call(poll, undefined, null)).body).toEqual(first.body);
  expect((await call("auth.php?action=check", undefined, first.body.api_token)).body).toMatchObject({
    success: true,
  });
  clock.advance(601_000);
  expect((await call(poll, undefined, null)).body).toMatchObject({ status: "expired" });
});

test("the documented quick start renders: create, upload, finalize, poll", async () => {
  const clock = makeStillClock();
  const { call } = await startRendercad({ clock });
  const { job_id } = (await call("render.php?action=create_job", { model: "pro" })).body;
  expect((await call("render.php?action=finalize_job", { job_id })).status).toBe(400);
  const slot = await call("render.php?action=presign_upload", {
    job_id,
    slot: "input_main",
    content_type: "image/jpeg",
  });
  const put = await fetch(slot.body.presigned_url, {
    method: "PUT",
    headers: { "content-type": "image/jpeg" },
    body: new Uint8Array([255, 216, 255]),
  });
  expect(put.status).toBe(200);
  await call("render.php?action=finalize_job", { job_id });
  const status = async () => (await call(`render.php?action=status&job_id=${job_id}`)).body.status;
  expect(await status()).toBe("pending");
  clock.advance(60_000);
  expect(await status()).toBe("completed");
  expect((await call("render.php?action=cancel", { job_id })).status).toBe(409);
});

test("wrong requests answer as documented", async () => {
  const { call, simulator, own } = await startRendercad();
  expect(await call("auth.php?action=check", undefined, null)).toMatchObject({
    status: 200,
    body: { success: false },
  });
  expect((await call("auth.php?action=get_api_tokens", undefined, null)).status).toBe(401);
  expect((await call("auth.php?action=unknown")).status).toBe(404);
  expect((await call("auth.php?action=create_api_token")).status).toBe(405);
  const form = await fetch(`${simulator.rendercad}/auth.php?action=create_api_token`, {
    method: "POST",
    headers: { authorization: `Bearer ${own}`, "content-type": "application/x-www-form-urlencoded" },
    body: "token_name=x",
  });
  expect(form.status).toBe(415);
});
