import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { startRendercad, textOf } from "./client.ts";

afterEach(stopAll);

test("every error has a top-level text, and nothing else", async () => {
  const { get } = await startRendercad();
  const { body } = await get("auth.php?action=poll_device_code", null);
  expect(body).toEqual({ error: "Code parameter required" });
});

test("401: no credentials, or credentials that are nobody's, in either header", async () => {
  const { get, simulator, token } = await startRendercad();
  expect((await get("auth.php?action=usage", null)).status).toBe(401);
  expect((await get("auth.php?action=usage", "rendercad_wrong")).status).toBe(401);
  const statusWith = async (headers: { [name: string]: string }): Promise<number> =>
    (await fetch(`${simulator.rendercad}/auth.php?action=usage`, { headers })).status;
  expect(await statusWith({ "x-auth-token": token })).toBe(200);
  expect(await statusWith({ "x-auth-token": "rendercad_wrong" })).toBe(401);
  expect(await statusWith({ authorization: token })).toBe(401);
  const authorization = `Bearer ${token}`;
  expect(await statusWith({ authorization, "x-auth-token": token })).toBe(200);
  expect(await statusWith({ authorization, "x-auth-token": "rendercad_wrong" })).toBe(401);
});

test("401: wrong credentials are refused even where none are needed", async () => {
  const { get, post } = await startRendercad();
  const asked = await post("auth.php?action=request_device_code", { app_name: "App" }, "rendercad_wrong");
  expect(asked.status).toBe(401);
  expect((await get("auth.php?action=poll_device_code&code=ABCDEF", "rendercad_wrong")).status).toBe(401);
});

test("404: an unknown action, no action, an unknown file, one that was removed, a missing resource", async () => {
  const { get, post } = await startRendercad();
  for (const path of [
    "auth.php?action=unknown",
    "auth.php",
    "nothing.php?action=check",
    "sse_status.php?job_id=render_x",
    "render.php?action=status&job_id=render_x",
    "video.php?action=status&job_id=render_x",
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect((await post("auth.php?action=revoke_api_token", { token_id: 999 })).status).toBe(404);
});

test("405: a known action by the wrong method", async () => {
  const { get, post } = await startRendercad();
  expect((await get("auth.php?action=create_api_token")).status).toBe(405);
  expect((await post("auth.php?action=get_api_tokens")).status).toBe(405);
});

test("415: a POST that is not JSON, or does not say so", async () => {
  const { simulator, token } = await startRendercad();
  const statusOf = async (contentType: string | undefined, body: string): Promise<number> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(contentType !== undefined && { "content-type": contentType }),
    };
    const init = { method: "POST", headers, body };
    return (await fetch(`${simulator.rendercad}/auth.php?action=create_api_token`, init)).status;
  };
  expect(await statusOf("application/x-www-form-urlencoded", "token_name=a")).toBe(415);
  expect(await statusOf(undefined, '{"token_name":"a"}')).toBe(415);
  expect(await statusOf("application/json; charset=utf-8", '{"token_name":"a"}')).toBe(200);
});

test("400: a body that is not JSON or no object", async () => {
  const { post, simulator, token } = await startRendercad();
  const response = await fetch(`${simulator.rendercad}/render.php?action=create_job`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{",
  });
  expect([response.status, await response.json()]).toEqual([400, { error: "invalid JSON body" }]);
  expect((await post("render.php?action=create_job", [])).status).toBe(400);
});

test("500: a server error has the same shape", async () => {
  const { get } = await startRendercad({ faults: "500@GET /auth.php/usage" });
  const failed = await get("auth.php?action=usage");
  expect([failed.status, failed.body]).toEqual([500, { error: "internal server error" }]);
});

test("what one user has, another does not find", async () => {
  const { post, simulator } = await startRendercad();
  const created = await post("render.php?action=create_job");
  const [, grace] = simulator.save().tables["users"] ?? [];
  const edit = async (path: string): Promise<unknown> => {
    const told = { api: "rendercad", userId: grace?.id, method: "GET", path };
    const response = await fetch(`${simulator.control}/edit`, { method: "POST", body: JSON.stringify(told) });
    return response.json();
  };
  expect(await edit(`/render.php?action=status&job_id=${textOf(created, "job_id")}`)).toMatchObject({
    status: 404,
  });
  expect(await edit("/auth.php?action=get_api_tokens")).toMatchObject({ body: { tokens: [] } });
});
