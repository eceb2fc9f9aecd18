import { afterEach, expect, test } from "vitest";
import { users, workspaces } from "../../src/simulator/base/account.ts";
import { blueprints } from "../../src/simulator/render/deploy/blueprint.ts";
import { maintenanceRuns } from "../../src/simulator/render/datastore/maintenance.ts";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

type Made = { readonly id: string; readonly [field: string]: unknown };

async function create(client: Client, path: string, body: object): Promise<Made> {
  const reply = await client.call("POST", path, { ownerId: client.owner, ...body });
  expect(reply.status).toBeLessThan(300);
  return reply.body as Made;
}

test("the key reaches two workspaces, found by their exact names, and not the third", async () => {
  const client = await startClient();
  const all = client.simulator.account.list(workspaces);
  const listed = (await client.call("GET", "/owners")).body as { owner: Made }[];
  expect(listed.map(({ owner }) => owner.id)).toEqual(all.slice(0, 2).map(({ id }) => id));
  const named = (await client.call("GET", "/owners?name=Acme")).body as { owner: Made }[];
  expect(named.map(({ owner }) => owner.id)).toEqual([client.owner]);
  expect((await client.call("GET", `/owners/${all[2]?.id}`)).status).toBe(404);
});

test("somebody else's objects look as if they did not exist, whatever one does with them", async () => {
  const client = await startClient();
  const foreign = client.simulator.account.list(workspaces)[2]?.id ?? "";
  const stranger = client.simulator.account.list(users)[1]?.id ?? "";
  const made: string[] = [];
  const bodies: readonly (readonly [string, object])[] = [
    ["/postgres", { name: "main", plan: "pro_4gb", version: "17" }],
    ["/key-value", { name: "cache", plan: "starter" }],
    ["/env-groups", { name: "shared", envVars: [] }],
    ["/projects", { name: "shop", environments: [{ name: "production" }] }],
    ["/webhooks", { name: "ops", url: "https://acme.test", enabled: true, eventFilter: [] }],
    ["/registrycredentials", { name: "hub", registry: "DOCKER", username: "u", authToken: "t" }],
    ["/dedicated-ips", { name: "egress", region: "oregon" }],
  ];
  for (const [path, body] of bodies) {
    const edit = { userId: stranger, method: "POST", path, body: { ...body, ownerId: foreign } };
    const reply = (await client.control("POST", "edit", edit)).body as { body: Made };
    made.push(`${path}/${reply.body.id}`);
  }
  for (const path of made) {
    const id = path.split("/").at(-1);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const reply = await client.call(method, path, method === "PATCH" ? { name: "mine" } : undefined);
      expect([path, method, reply.status, reply.body]).toEqual([
        path,
        method,
        404,
        { message: `not found: ${id}` },
      ]);
    }
  }
  for (const [path] of bodies) {
    const listed = await client.call("GET", path === "/dedicated-ips" ? `${path}?ownerId=${foreign}` : path);
    expect([path, listed.body]).toEqual([path, []]);
  }
});

test("a user's id stands for her workspace", async () => {
  const client = await startClient();
  const user = client.simulator.account.list(users)[0]?.id;
  const made = await create(client, "/env-groups", { name: "shared", ownerId: user, envVars: [] });
  expect(made["ownerId"]).toBe(client.owner);
});

test("a service without an override shows the defaults, and is listed only when it has one", async () => {
  const client = await startClient();
  const made = await client.call("POST", "/services", webService(client, "api"));
  const { id } = (made.body as { service: Made }).service;
  const path = `/notification-settings/overrides/services/${id}`;
  const unset = { serviceId: id, notificationsToSend: "default", previewNotificationsEnabled: "default" };
  expect((await client.call("GET", path)).body).toEqual(unset);
  expect((await client.call("GET", "/notification-settings/overrides")).body).toEqual([]);
  await client.call("PATCH", path, { notificationsToSend: "none" });
  expect((await client.call("GET", "/notification-settings/overrides")).body).toMatchObject([
    { override: { serviceId: id } },
  ]);
  expect((await client.call("GET", `/services/${id}`)).body).toMatchObject({ notifyOnFail: "ignore" });
});

test("log streams need an endpoint to send to and none to drop", async () => {
  const client = await startClient();
  const { id } = await create(client, "/key-value", { name: "cache", plan: "starter" });
  const path = `/logs/streams/resource/${id}`;
  expect((await client.call("GET", path)).status).toBe(404);
  expect((await client.call("PUT", path, { setting: "send" })).status).toBe(400);
  expect((await client.call("PUT", path, { setting: "drop", endpoint: "logs.test:514" })).status).toBe(400);
  const sent = await client.call("PUT", path, {
    setting: "send",
    endpoint: "logs.test:514",
    token: "secret",
  });
  expect(sent.body).toEqual({ resourceId: id, setting: "send", endpoint: "logs.test:514" });
  expect((await client.call("GET", "/logs/streams/resource")).body).toEqual([sent.body]);
  await client.call("DELETE", `/key-value/${id}`);
  expect((await client.call("GET", "/logs/streams/resource")).body).toEqual([]);
});

test("the workspace's streams are not found while unset, and never show their tokens", async () => {
  const client = await startClient();
  const streams: readonly (readonly [string, { readonly [field: string]: string }])[] = [
    [`/logs/streams/owner/${client.owner}`, { preview: "send", endpoint: "logs.test:514" }],
    [`/metrics-stream/${client.owner}`, { provider: "CUSTOM", url: "https://metrics.test" }],
  ];
  for (const [path, fields] of streams) {
    expect((await client.call("GET", path)).status).toBe(404);
    const shown = { ownerId: client.owner, ...fields };
    expect((await client.call("PUT", path, { ...fields, token: "secret" })).body).toEqual(shown);
    expect((await client.call("GET", path)).body).toEqual(shown);
    expect((await client.call("DELETE", path)).status).toBe(204);
    expect((await client.call("GET", path)).status).toBe(404);
  }
});

test("a webhook has a secret to verify with, the same each time, and no owner", async () => {
  const client = await startClient();
  const made = await create(client, "/webhooks", {
    name: "ops",
    url: "https://acme.test",
    enabled: true,
    eventFilter: null,
  });
  expect(made["secret"]).toMatch(/^whsec_.{44}$/);
  expect(made["eventFilter"]).toBeNull();
  expect(made).not.toHaveProperty("ownerId");
  expect((await client.call("GET", `/webhooks/${made.id}`)).body).toEqual(made);
});

test.each([
  { nullEventFilter: "clear", left: null },
  { nullEventFilter: "keep", left: ["deploy_ended"] },
] as const)(
  "a filter of events that is changed to null: $nullEventFilter",
  async ({ nullEventFilter, left }) => {
    const client = await startClient({ switches: { nullEventFilter } });
    const fields = { name: "ops", url: "https://acme.test", enabled: true, eventFilter: ["deploy_ended"] };
    const { id } = await create(client, "/webhooks", fields);
    const changed = await client.call("PATCH", `/webhooks/${id}`, { eventFilter: null });
    expect((changed.body as Made)["eventFilter"]).toEqual(left);
  },
);

test("a registry credential is changed as a whole, token included, and never shows it", async () => {
  const client = await startClient();
  const fields = { name: "hub", registry: "DOCKER", username: "acme", authToken: "first" };
  const { id } = await create(client, "/registrycredentials", fields);
  const path = `/registrycredentials/${id}`;
  expect((await client.call("PATCH", path, { ...fields, authToken: undefined })).status).toBe(400);
  const changed = await client.call("PATCH", path, { ...fields, username: "other", authToken: "second" });
  expect(changed.body).toMatchObject({ username: "other" });
  expect(changed.body).not.toHaveProperty("authToken");
  const again = await client.call("POST", "/registrycredentials", { ...fields, ownerId: client.owner });
  expect(again.status).toBe(409);
});

test("a dedicated address set goes back to creating once before it runs", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, switches: { dedicatedIpMs: 20_000 } });
  const { id } = await create(client, "/dedicated-ips", { name: "egress", region: "oregon" });
  const seen: string[] = [];
  for (let second = 0; second <= 21; second += 1) {
    const set = (await client.call("GET", `/dedicated-ips/${id}`)).body as { status: string; ips: string[] };
    const shown = `${set.status} ${set.ips.length}`;
    if (seen.at(-1) !== shown) seen.push(shown);
    clock.advance(1000);
  }
  expect(seen).toEqual(["CREATING 0", "PENDING 0", "PENDING 3", "CREATING 3", "PENDING 3", "RUNNING 3"]);
});

test("disconnecting a blueprint leaves its resources", async () => {
  const client = await startClient();
  const { id } = await create(client, "/key-value", { name: "cache", plan: "starter" });
  client.simulator.account.insert(blueprints, {
    id: "exs-00000000000000000010",
    ownerId: client.owner,
    name: "shop",
    status: "in_sync",
    autoSync: true,
    repo: "https://github.com/acme/shop",
    branch: "main",
    path: "render.yaml",
    resources: [{ id, name: "cache", type: "key_value" }],
  });
  const path = "/blueprints/exs-00000000000000000010";
  expect((await client.call("GET", path)).body).toMatchObject({ resources: [{ id }] });
  expect((await client.call("DELETE", path)).status).toBe(204);
  expect((await client.call("GET", "/blueprints")).body).toEqual([]);
  expect((await client.call("GET", `/key-value/${id}`)).status).toBe(200);
});

test("the next maintenance shows in a single database and not in lists", async () => {
  const client = await startClient();
  const { id } = await create(client, "/postgres", { name: "main", plan: "pro_4gb", version: "17" });
  client.simulator.account.insert(maintenanceRuns, {
    id: "mrn-00000000000000000010",
    ownerId: client.owner,
    resourceId: id,
    type: "postgres_upgrade",
    scheduledAt: Date.UTC(2026, 1, 1) * 1000,
    state: "scheduled",
  });
  const maintenance = {
    id: "mrn-00000000000000000010",
    state: "scheduled",
    scheduledAt: "2026-02-01T00:00:00Z",
  };
  expect((await client.call("GET", `/postgres/${id}`)).body).toMatchObject({ maintenance });
  const [item] = (await client.call("GET", "/postgres")).body as [{ postgres: object }];
  expect(item.postgres).not.toHaveProperty("maintenance");
});

test("the audit log says who did what, newest first, within the times asked for", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const { id } = await create(client, "/key-value", { name: "cache", plan: "starter" });
  clock.advance(60_000);
  const actor = { type: "user", email: "grace@acme.test" };
  await client.control("POST", "edit", { actor, method: "DELETE", path: `/key-value/${id}` });
  const read = async (query: string): Promise<unknown> => {
    const { body } = await client.call("GET", `/owners/${client.owner}/audit-logs${query}`);
    return (body as { auditLog: { event: string; actor: { email: string } } }[]).map(({ auditLog }) => [
      auditLog.event,
      auditLog.actor.email,
    ]);
  };
  const created = ["CreateRedisEvent", "ada@acme.test"];
  const deleted = ["DeleteRedisEvent", "grace@acme.test"];
  expect(await read("")).toEqual([deleted, created]);
  expect(await read("?direction=forward")).toEqual([created, deleted]);
  expect(await read(`?startTime=${new Date(clock.now() - 1000).toISOString()}`)).toEqual([deleted]);
});
