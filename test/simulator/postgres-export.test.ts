import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { makeStillClock, startClient, stopAll } from "./client.ts";

afterEach(stopAll);

test("an export has an address when its time has come, and that serves it to whoever has it", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, switches: { exportMs: 60_000 } });
  const made = await client.call("POST", "/postgres", {
    name: "main",
    ownerId: client.owner,
    plan: "pro_4gb",
    version: "17",
  });
  const { id } = made.body as { readonly id: string };
  const list = async () =>
    (await client.call("GET", `/postgres/${id}/export`)).body as readonly { url?: string; id: string }[];
  expect(await list()).toEqual([]);
  expect(await client.call("POST", `/postgres/${id}/export`)).toMatchObject({ status: 202, body: undefined });
  expect((await list())[0]).not.toHaveProperty("url");
  clock.advance(61_000);
  const [one] = await list();
  const url = one?.url ?? "";
  expect(url.startsWith(client.simulator.render)).toBe(true);

  const bare = await fetch(url);
  const data = Buffer.from(await bare.arrayBuffer());
  expect(Number(bare.headers.get("content-length"))).toBe(data.length);
  expect(gunzipSync(data).toString()).toContain(`main ${id} `);
  const key = client.simulator.env["RENDER_API_KEY"];
  expect((await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(400);
  expect((await fetch(`${url}0`)).status).toBe(403);

  clock.advance(7 * 86_400_000);
  expect(await list()).toEqual([]);
  expect((await fetch(url)).status).toBe(403);
});

test("it is gone with the database", async () => {
  const client = await startClient({ switches: { exportMs: 0 } });
  const body = { name: "main", ownerId: client.owner, plan: "pro_4gb", version: "17" };
  const { id } = (await client.call("POST", "/postgres", body)).body as { readonly id: string };
  await client.call("POST", `/postgres/${id}/export`);
  const [one] = (await client.call("GET", `/postgres/${id}/export`)).body as readonly { url: string }[];
  expect((await fetch(one?.url ?? "")).status).toBe(200);
  await client.call("DELETE", `/postgres/${id}`);
  expect((await fetch(one?.url ?? "")).status).toBe(403);
});
