import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { verifyHook } from "../../src/commands/hooks-verify.ts";
import { eventTypes } from "../../src/simulator/render/event/event-type.ts";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

type Clock = ReturnType<typeof makeStillClock>;
type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly text: string };
type Payload = {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly [field: string]: string };
};

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
  await stopAll();
});

/** A receiver of this machine, which answers with what the test says. */
async function startReceiver(status: () => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.once("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, text });
      response.writeHead(status()).end("heard");
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function create(client: Client, path: string, body: object): Promise<string> {
  const { status, body: made } = await client.call("POST", path, body);
  if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(made)}`);
  const { service, id } = made as { readonly service?: { readonly id: string }; readonly id: string };
  return service?.id ?? id;
}

function addWebhook(
  client: Client,
  url: string,
  eventFilter: readonly string[] | null = null,
): Promise<string> {
  return create(client, "/webhooks", { name: "ops", ownerId: client.owner, url, enabled: true, eventFilter });
}

/** Lets time pass until what is due then has been delivered. */
async function pass(client: Client, clock: Clock, milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  const { status, body } = await client.control("POST", "render/settle", {});
  if (status !== 200) throw new Error(JSON.stringify(body));
}

function payloads(received: readonly Received[]): Payload[] {
  return received.map(({ text }) => JSON.parse(text) as Payload);
}

async function eventsOf(client: Client, service: string): Promise<string[]> {
  const { body } = await client.call("GET", `/services/${service}/events?limit=100`);
  return (body as { readonly event: { readonly type: string } }[]).map(({ event }) => event.type).reverse();
}

test("what a deploy does is shown when its time has come, and what was canceled never comes", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const api = await create(
    client,
    "/services",
    webService(client, "api", {}, { preDeployCommand: "migrate" }),
  );
  // Noted a millisecond before the row is made (recorded), so that both are there.
  expect(await eventsOf(client, api)).toEqual(["deploy_started", "build_started"]);
  clock.advance(3_000);
  expect(await eventsOf(client, api)).toEqual([
    "deploy_started",
    "build_started",
    "build_ended",
    "pre_deploy_started",
  ]);
  clock.advance(10_000);
  const done = ["pre_deploy_ended", "server_available", "deploy_ended"];
  expect((await eventsOf(client, api)).slice(4)).toEqual(done);

  await client.call("POST", `/services/${api}/deploys`, {});
  await client.call("POST", `/services/${api}/suspend`);
  await client.call("POST", `/services/${api}/suspend`);
  clock.advance(60_000);
  const after = ["deploy_started", "build_started", "deploy_ended", "service_suspended"];
  expect((await eventsOf(client, api)).slice(7)).toEqual(after);
  const { body } = await client.call("GET", `/services/${api}/events?type=deploy_ended`);
  expect(body).toMatchObject([
    { event: { serviceId: api, details: { deployStatus: "canceled" } } },
    { event: { details: { deployStatus: "succeeded" } } },
  ]);
});

test("a build that fails ends its deploy, and a queued deploy begins when its time comes without anybody looking at it", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const { received, url } = await startReceiver();
  await addWebhook(client, url, ["build_ended", "deploy_started", "deploy_ended"]);
  const envSpecificDetails = { buildCommand: "false", startCommand: "npm start" };
  const api = await create(client, "/services", webService(client, "api", {}, { envSpecificDetails }));
  expect((await client.call("POST", `/services/${api}/deploys`, {})).status).toBe(202);
  await pass(client, clock, 3_000);
  await pass(client, clock, 60_000);
  // What is due at one moment is sent at once, in no order.
  const told = payloads(received).map(({ type, data }) => `${type} ${data["status"] ?? ""}`);
  const each = ["build_ended failed", "deploy_ended failed", "deploy_started "];
  expect(told.toSorted()).toEqual(each.flatMap((event) => [event, event]));
  const ended = payloads(received).find(({ type }) => type === "build_ended");
  expect(ended).toMatchObject({ data: { serviceId: api, serviceName: "api" } });
});

test("every type of event is sent to a webhook without a filter, and hooks verify proves each", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const { received, url } = await startReceiver();
  const database = await create(client, "/postgres", {
    name: "main",
    ownerId: client.owner,
    plan: "basic_256mb",
    version: "17",
  });
  await pass(client, clock, 60_000);
  const hook = await addWebhook(client, `${url}/hook?of=render`);
  for (const type of eventTypes)
    await client.control("POST", "render/event", {
      resourceId: database,
      type,
      details: {},
      status: "succeeded",
    });
  await pass(client, clock, 1_000);
  expect(
    payloads(received)
      .map(({ type }) => type)
      .toSorted(),
  ).toEqual([...eventTypes].toSorted());

  const { body } = await client.call("GET", `/webhooks/${hook}`);
  const { secret } = body as { readonly secret: string };
  const environment = { HOOK_SECRET: secret, OTHER_SECRET: `whsec_${Buffer.alloc(24).toString("base64")}` };
  const deps = {
    environment,
    folder: ".",
    readFile: () => Promise.reject(new Error("no file")),
    world: clock,
  };
  for (const { path, headers, text } of received) {
    expect([path, headers["content-type"]]).toEqual(["/hook?of=render", "application/json"]);
    const signed = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    const input = {
      stdin: Buffer.from(text),
      headers: signed.map((name) => `${name}: ${headers[name] as string}`),
    };
    expect(await verifyHook({ ...input, secretEnv: "HOOK_SECRET" }, deps)).toMatchObject({
      verdict: "valid",
    });
    expect(await verifyHook({ ...input, secretEnv: "OTHER_SECRET" }, deps)).toMatchObject({
      verdict: "mismatch",
    });
  }
  const [first] = payloads(received);
  expect(await client.call("GET", `/events/${first?.data["id"]}`)).toMatchObject({
    status: 200,
    body: { serviceId: database, type: first?.type },
  });
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(eventTypes.length);
});

test("a receiver that fails is tried again with the same id and body, signed anew, until it answers 2xx or all retries are used up", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  let answer = 503;
  const { received, url } = await startReceiver(() => answer);
  const hook = await addWebhook(client, url, ["service_suspended", "service_resumed"]);
  const api = await create(client, "/services", webService(client, "api"));
  await client.call("POST", `/services/${api}/suspend`);
  await pass(client, clock, 0);
  await pass(client, clock, 4_999);
  expect(received).toHaveLength(1);
  await pass(client, clock, 1);
  await pass(client, clock, 300_000);
  expect(received).toHaveLength(3);
  expect(new Set(received.map(({ text }) => text)).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers["webhook-signature"])).size).toBe(3);
  answer = 204;
  await pass(client, clock, 30 * 60_000);
  await pass(client, clock, 100 * 3_600_000);
  expect(received).toHaveLength(4);

  answer = 500;
  await client.call("POST", `/services/${api}/resume`);
  for (let hour = 0; hour < 100; hour += 1) await pass(client, clock, 3_600_000);
  expect(received).toHaveLength(4 + 10);
  const { body } = await client.call("GET", `/webhooks/${hook}/events`);
  expect(body).toMatchObject([
    { webhookEvent: { eventType: "service_resumed", statusCode: 500, responseBody: "heard" } },
    { webhookEvent: { eventType: "service_suspended", statusCode: 204 } },
  ]);
});

test("nothing is sent to a host that is not here, to a webhook that is off, or of another workspace", async () => {
  const clock = makeStillClock();
  const sent: string[] = [];
  const client = await startClient({
    clock,
    sendWebhook: (url) => {
      sent.push(url instanceof Request ? url.url : url.toString());
      return Promise.resolve(new Response("ok"));
    },
  });
  const far = await addWebhook(client, "https://hooks.acme.test/a");
  const off = await addWebhook(client, "http://127.0.0.1:9/off");
  await client.call("PATCH", `/webhooks/${off}`, { enabled: false });
  const owners = (await client.call("GET", "/owners")).body as { readonly owner: { readonly id: string } }[];
  const other = owners.map(({ owner }) => owner.id).find((id) => id !== client.owner);
  const theirs = { name: "b", ownerId: other, url: "http://127.0.0.1:9/b", enabled: true, eventFilter: [] };
  await create(client, "/webhooks", theirs);
  const api = await create(client, "/services", webService(client, "api"));
  await client.call("POST", `/services/${api}/suspend`);
  await pass(client, clock, 0);
  expect(sent).toEqual([]);
  const { body } = await client.call("GET", `/webhooks/${far}/events?limit=1`);
  expect(body).toMatchObject([{ webhookEvent: { error: "the receiver cannot be reached" } }]);

  await client.control("POST", "render/receiver", {
    origin: "https://hooks.acme.test",
    to: "http://127.0.0.1:9",
  });
  await pass(client, clock, 5_000);
  expect(new Set(sent)).toEqual(new Set(["http://127.0.0.1:9/a"]));
  const unknown = {
    name: "c",
    ownerId: client.owner,
    url: "https://x.test",
    enabled: true,
    eventFilter: ["deploy_endd"],
  };
  expect((await client.call("POST", "/webhooks", unknown)).status).toBe(400);
});

/** What is done, and the event that it is. `{id}` is the resource, a service unless the path begins with another. */
const causes: readonly (readonly [call: string, body: unknown, event: string])[] = [
  ["POST /services/{service}/restart", undefined, "server_restarted"],
  ["POST /services/{service}/scale", { numInstances: 3 }, "instance_count_changed"],
  ["PATCH /services/{service}", { serviceDetails: { plan: "pro" } }, "plan_changed"],
  [
    "PATCH /services/{service}",
    { serviceDetails: { maintenanceMode: { enabled: true, uri: "" } } },
    "maintenance_mode_enabled",
  ],
  [
    "PATCH /services/{service}",
    { serviceDetails: { maintenanceMode: { enabled: true, uri: "https://a.test" } } },
    "maintenance_mode_uri_updated",
  ],
  [
    "PATCH /services/{service}",
    { serviceDetails: { cache: { profile: "origin-controlled" } } },
    "edge_cache_enabled",
  ],
  ["POST /services/{service}/cache/purge", undefined, "edge_cache_purged"],
  [
    "PATCH /services/{service}",
    { serviceDetails: { cache: { profile: "no-cache" } } },
    "edge_cache_disabled",
  ],
  [
    "PUT /services/{service}/autoscaling",
    { enabled: true, min: 1, max: 2, criteria: { cpu: { enabled: true, percentage: 50 } } },
    "autoscaling_config_changed",
  ],
  ["DELETE /services/{service}/autoscaling", undefined, "autoscaling_config_changed"],
  ["POST /services/{service}/scale", { numInstances: 1 }, "instance_count_changed"],
  ["POST /disks", { serviceId: "{service}", name: "data", mountPath: "/data", sizeGB: 1 }, "disk_created"],
  ["POST /services/{service}/jobs", { startCommand: "true" }, "job_run_ended"],
  ["PATCH /postgres/{database}", { diskSizeGB: 25 }, "postgres_disk_size_changed"],
  [
    "PATCH /postgres/{database}",
    { enableDiskAutoscaling: true },
    "postgres_disk_autoscaling_enabled_changed",
  ],
  ["PATCH /postgres/{database}", { enableHighAvailability: true }, "postgres_ha_status_changed"],
  ["PATCH /postgres/{database}", { readReplicas: [{ name: "copy" }] }, "postgres_read_replicas_changed"],
  ["POST /postgres/{database}/restart", undefined, "postgres_restarted"],
  ["POST /postgres/{database}/failover", undefined, "postgres_cluster_leader_changed"],
  ["POST /postgres/{database}/export", undefined, "postgres_backup_completed"],
  [
    "POST /postgres/{database}/recovery",
    { restoreTime: "2026-01-05T00:00:00Z" },
    "postgres_restore_succeeded",
  ],
  ["PATCH /key-value/{store}", { maxmemoryPolicy: "noeviction" }, "key_value_config_restart"],
  ["POST /cron-jobs/{cron}/runs", undefined, "cron_job_run_ended"],
  ["POST /key-value", { name: "second", ownerId: "{owner}", plan: "starter" }, "key_value_available"],
  [
    "POST /postgres",
    { name: "second", ownerId: "{owner}", plan: "basic_256mb", version: "17" },
    "postgres_created",
  ],
];

test("each call that is an event causes it, once", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const { owner } = client;
  const more = { ownerId: owner, plan: "pro_4gb", version: "17" };
  const ids: { readonly [name: string]: string } = {
    owner,
    service: await create(client, "/services", webService(client, "api")),
    database: await create(client, "/postgres", { name: "main", ...more, diskSizeGB: 15 }),
    store: await create(client, "/key-value", { name: "cache", ownerId: owner, plan: "starter" }),
    cron: await create(client, "/services", {
      ...webService(client, "nightly", {}, { schedule: "0 1 * * *" }),
      type: "cron_job",
    }),
  };
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => ids[name] ?? whole);
  await pass(client, clock, 60_000);
  const { received, url } = await startReceiver();
  await addWebhook(client, url);
  for (const [call, body, event] of causes) {
    received.length = 0;
    const [method = "", path = ""] = fill(call).split(" ");
    const { status, body: answered } = await client.call(
      method,
      path,
      body === undefined ? undefined : JSON.parse(fill(JSON.stringify(body))),
    );
    expect([call, status < 300, answered]).toEqual([call, true, answered]);
    await pass(client, clock, 60_000);
    expect([call, payloads(received).filter(({ type }) => type === event).length]).toEqual([call, 1]);
  }
});
