import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { makeToken, startRendercad, textOf } from "./client.ts";

afterEach(stopAll);

const create = "auth.php?action=create_api_token";
const list = "auth.php?action=get_api_tokens";

test("creating answers the token once, in the documented shape; full-access unless asked otherwise", async () => {
  const { post, get } = await startRendercad();
  const made = await post(create, { token_name: "App" });
  expect([made.status, made.body]).toEqual([
    200,
    {
      success: true,
      message: "API token created successfully",
      token: expect.stringMatching(/^rendercad_\w+$/),
      token_data: {
        id: expect.any(Number),
        token_name: "App",
        scope: "full-access",
        created_at: "2026-02-11T12:00:00Z",
        last_used_at: null,
        usage_count: 0,
      },
      warning: "Save this token now. You will not be able to see it again.",
    },
  ]);
  expect(JSON.stringify((await get(list)).body)).not.toContain(made.body["token"]);
});

test("the list counts each token's own calls, itself included, and says when the last one was", async () => {
  const rendercad = await startRendercad();
  const token = await makeToken(rendercad, "read-only");
  await rendercad.get("auth.php?action=usage", token);
  rendercad.clock.advance(90_000);
  const listed = await rendercad.get(list, token);
  expect(listed.body).toEqual({
    success: true,
    tokens: [
      expect.objectContaining({ token_name: "trueup", usage_count: 1, last_used_at: "2026-02-11T12:00:00Z" }),
      {
        id: expect.any(Number),
        token_name: "read-only",
        scope: "read-only",
        created_at: "2026-02-11T12:00:00Z",
        last_used_at: "2026-02-11T12:01:30Z",
        usage_count: 2,
        is_active: true,
      },
    ],
    max_tokens: 10,
  });
});

test("a name is needed and has at most 100 characters; a scope is one of three", async () => {
  const { post } = await startRendercad();
  expect((await post(create, {})).status).toBe(400);
  expect((await post(create, { token_name: "x".repeat(100) })).status).toBe(200);
  expect((await post(create, { token_name: "x".repeat(101) })).status).toBe(400);
  expect((await post(create, { token_name: "a", scope: "admin" })).status).toBe(400);
});

test("renaming and revoking answer as documented and take effect", async () => {
  const rendercad = await startRendercad();
  const { post, get } = rendercad;
  const made = await post(create, { token_name: "App" });
  const { id } = made.body["token_data"] as { id: number };
  const renamed = await post("auth.php?action=rename_api_token", {
    token_id: id,
    new_name: "Production CLI",
  });
  expect(renamed.body).toEqual({ success: true, message: "API token renamed successfully" });
  expect((await get(list)).body["tokens"]).toMatchObject([{}, { id, token_name: "Production CLI" }]);
  const revoked = await post("auth.php?action=revoke_api_token", { token_id: id });
  expect(revoked.body).toEqual({ success: true, message: "API token revoked successfully" });
  expect((await get("auth.php?action=usage", textOf(made, "token"))).status).toBe(401);
  expect((await post("auth.php?action=revoke_api_token", { token_id: id })).status).toBe(404);
  expect((await post("auth.php?action=rename_api_token", { token_id: id, new_name: "x" })).status).toBe(404);
});

test("a new name is needed, and one of 101 characters is refused", async () => {
  const { post, get } = await startRendercad();
  const [{ id }] = (await get(list)).body["tokens"] as [{ id: number }];
  const rename = async (fields: object) =>
    (await post("auth.php?action=rename_api_token", { token_id: id, ...fields })).status;
  expect([await rename({}), await rename({ new_name: "x".repeat(101) })]).toEqual([400, 400]);
  expect((await post("auth.php?action=revoke_api_token", {})).status).toBe(400);
});

test("a token can revoke itself, and is refused from then on", async () => {
  const { post, get } = await startRendercad();
  const [{ id }] = (await get(list)).body["tokens"] as [{ id: number }];
  expect((await post("auth.php?action=revoke_api_token", { token_id: id })).status).toBe(200);
  expect((await get(list)).status).toBe(401);
});

test("the eleventh active token is refused, by any of the codes that the switch knows", async () => {
  for (const rendercadCapStatus of [400, 409, 429] as const) {
    const { post } = await startRendercad({ switches: { rendercadCapStatus } });
    const statuses: number[] = [];
    for (let made = 2; made <= 11; made += 1)
      statuses.push((await post(create, { token_name: `token ${made}` })).status);
    expect(statuses.slice(8)).toEqual([200, rendercadCapStatus]);
  }
});

test("revoking makes room again, whether revoked tokens stay listed or not", async () => {
  for (const revokedTokens of ["inactive", "gone"] as const) {
    const { post, get } = await startRendercad({ switches: { revokedTokens } });
    for (let made = 2; made <= 10; made += 1) await post(create, { token_name: `token ${made}` });
    const rows = (await get(list)).body["tokens"] as { id: number }[];
    await post("auth.php?action=revoke_api_token", { token_id: rows[9]?.id });
    const listed = (await get(list)).body["tokens"] as { is_active: boolean }[];
    expect(listed.filter((row) => !row.is_active)).toHaveLength(revokedTokens === "gone" ? 0 : 1);
    const made = await post(create, { token_name: "again" });
    expect(made.status).toBe(200);
    const { id } = made.body["token_data"] as { id: number };
    expect(rows.map((row) => row.id)).not.toContain(id);
  }
});

test("a name that is taken is taken again, or refused: a switch", async () => {
  const statuses: number[][] = [];
  for (const rendercadTokenNames of ["any", "unique"] as const) {
    const { post } = await startRendercad({ switches: { rendercadTokenNames } });
    const second = await post(create, { token_name: "twice" });
    const { id } = second.body["token_data"] as { id: number };
    const again = await post(create, { token_name: "twice" });
    const other = await post("auth.php?action=rename_api_token", { token_id: id, new_name: "trueup" });
    const same = await post("auth.php?action=rename_api_token", { token_id: id, new_name: "twice" });
    statuses.push([again.status, other.status, same.status]);
  }
  expect(statuses).toEqual([
    [200, 200, 200],
    [409, 409, 200],
  ]);
});
