import { afterEach, expect, test } from "vitest";
import { WebSocket } from "undici";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

type Series = {
  readonly labels: readonly { readonly field: string; readonly value: string }[];
  readonly unit: string;
  readonly values: readonly { readonly timestamp: string; readonly value: number }[];
};

async function create(client: Client, path: string, body: object): Promise<string> {
  const { status, body: made } = await client.call("POST", path, body);
  if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(made)}`);
  const { service, id } = made as { readonly service?: { readonly id: string }; readonly id: string };
  return service?.id ?? id;
}

async function get(client: Client, path: string): Promise<unknown> {
  const { status, body } = await client.call("GET", path);
  if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

test("metrics are those of the account: what a plan allows, what runs, what a disk holds, and nothing of what is not there", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const api = await create(
    client,
    "/services",
    webService(client, "api", {}, { plan: "pro", numInstances: 2 }),
  );
  const criteria = { cpu: { enabled: true, percentage: 60 }, memory: { enabled: false, percentage: 0 } };
  await client.call("PUT", `/services/${api}/autoscaling`, { enabled: true, min: 2, max: 4, criteria });
  const database = await create(client, "/postgres", {
    name: "main",
    ownerId: client.owner,
    plan: "basic_256mb",
    version: "17",
    diskSizeGB: 20,
    readReplicas: [{ name: "copy" }],
  });
  const metric = async (name: string, resource: string, more = ""): Promise<readonly Series[]> =>
    (await get(client, `/metrics/${name}?resource=${resource}${more}`)) as readonly Series[];
  expect(await metric("memory-limit", api)).toEqual([]);

  clock.advance(60_000);
  const [first, second, third] = await metric("memory-limit", api, "&resolutionSeconds=600");
  expect([first?.unit, first?.values.length, first?.values[0]?.value, third]).toEqual([
    "bytes",
    6,
    2 ** 32,
    undefined,
  ]);
  expect(first?.labels[1]?.value).not.toBe(second?.labels[1]?.value);
  const figure = async (name: string, resource: string): Promise<number | undefined> =>
    (await metric(name, resource))[0]?.values[0]?.value;
  expect({
    cores: await figure("cpu-limit", api),
    target: await figure("cpu-target", api),
    off: await figure("memory-target", api),
    instances: await figure("instance-count", api),
    none: await figure("disk-capacity", api),
    stored: await figure("disk-capacity", database),
    lag: await figure("replication-lag", database),
    copyLag: await figure("replication-lag", database.replace(/a$/, "b")),
    small: await figure("memory-limit", database),
  }).toEqual({
    cores: 2,
    target: 1.2,
    off: undefined,
    instances: 2,
    none: undefined,
    stored: 20 * 1024 ** 3,
    lag: undefined,
    copyLag: 0,
    small: 256 * 1024 ** 2,
  });
  const one = `&instance=${second?.labels[1]?.value}`;
  expect(await metric("cpu", api, one)).toHaveLength(1);
  expect(await get(client, `/metrics/filters/http?resource=${api}`)).toMatchObject([
    { filter: "host", values: ["api.onrender.com"] },
    { filter: "statusCode", values: [] },
  ]);
  expect((await client.call("GET", "/metrics/cpu")).status).toBe(400);
  expect((await client.call("GET", "/metrics/cpu?resource=srv-none")).status).toBe(404);
  expect((await client.call("GET", `/metrics/cpu?resource=${api}&resolutionSeconds=0`)).status).toBe(400);
});

test("a workflow's version is built by the clock; then its task runs, is followed by events, and can be canceled", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const workflow = await create(client, "/workflows", {
    name: "Mail out",
    ownerId: client.owner,
    buildConfig: { repo: "https://github.com/acme/mail", buildCommand: "", runtime: "node" },
    runCommand: "node run.js",
    region: "oregon",
  });
  expect((await client.call("POST", "/task-runs", { task: "mail-out/Mail out", input: [] })).status).toBe(
    400,
  );
  expect(await get(client, `/tasks?workflowId=${workflow}`)).toEqual([]);
  clock.advance(4_000);
  expect(await get(client, `/workflowversions?workflowID=${workflow}`)).toMatchObject([
    { workflowVersion: { status: "ready" } },
  ]);
  const [first, second] = [
    await create(client, "/task-runs", { task: "mail-out/Mail out", input: ["to", 2] }),
    await create(client, "/task-runs", { task: "mail-out/Mail out", input: { to: "all" } }),
  ];
  expect(await get(client, `/task-runs/${first}`)).toMatchObject({
    status: "pending",
    results: [],
    attempts: [],
  });
  const [task] = (await get(client, "/tasks")) as readonly { readonly task: { readonly id: string } }[];
  const names = [
    task!.task.id,
    "mail-out/Mail out",
    "mail-out/Mail out:Mail out-1",
    "mail-out/Mail out:other",
  ];
  const told = names.map(async (name) => {
    const query = `?taskSlug=${encodeURIComponent(name)}`;
    const [tasks, runs] = await Promise.all([
      get(client, `/tasks${query}`),
      get(client, `/task-runs${query}`),
    ]);
    return [tasks, runs].map((list) => (list as readonly unknown[]).length);
  });
  expect(await Promise.all(told)).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
    [0, 0],
  ]);
  expect((await client.call("DELETE", `/task-runs/${second}`)).status).toBe(204);
  clock.advance(1_000);
  expect(await get(client, `/task-runs/${first}`)).toMatchObject({
    status: "running",
    attempts: [{ status: "running" }],
  });
  clock.advance(1_000);
  expect(await get(client, `/task-runs/${first}`)).toMatchObject({ status: "completed", results: ["to", 2] });

  const { simulator } = client;
  const authorization = `Bearer ${simulator.env["RENDER_API_KEY"]}`;
  const stream = await fetch(`${simulator.render}/task-runs/events?taskRunIds=${first},${second}`, {
    headers: { authorization, accept: "text/event-stream" },
  });
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  const events = [...(await stream.text()).matchAll(/^event: (.*)$/gm)].map(([, event]) => event);
  expect(events).toEqual(["task.completed", "task.canceled"]);
  expect((await client.call("DELETE", `/task-runs/${first}`)).status).toBe(409);

  expect((await client.call("DELETE", `/workflows/${workflow}`)).status).toBe(204);
  expect(await get(client, "/task-runs")).toEqual([]);
});

test("lines of a log are followed over a websocket, which is refused as every other call is", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const api = await create(client, "/services", webService(client, "api"));
  clock.advance(10_000);
  const { simulator, owner } = client;
  const path = `/logs/subscribe?ownerId=${owner}&resource=${api}&startTime=2026-01-05T11:59:59Z&endTime=2026-01-05T12:00:05Z`;
  const follow = (key: string | undefined): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const messages: string[] = [];
      const options = { headers: { authorization: `Bearer ${key}` } };
      const socket = new WebSocket(simulator.render.replace("http", "ws") + path, options);
      socket.addEventListener("message", ({ data }) =>
        messages.push((JSON.parse(String(data)) as { message: string }).message),
      );
      socket.addEventListener("close", () => resolve(messages));
      socket.addEventListener("error", () => reject(new Error("refused")));
    });
  expect(await follow(simulator.env["RENDER_API_KEY"])).toEqual([
    "==> Building https://github.com/acme/app",
    "==> Build successful",
    "==> Deploying",
    "==> Your service is live",
  ]);
  await expect(follow("rnd_wrong")).rejects.toThrow("refused");
  expect((await client.call("GET", path)).status).toBe(400);
  expect(await get(client, `/logs/values?ownerId=${owner}&resource=${api}&label=type`)).toEqual([
    "build",
    "app",
  ]);
});

test("a disk has a snapshot of each day of its last week, and goes back to one by its key", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  const disk = { name: "data", mountPath: "/data", sizeGB: 1 };
  const service = await create(client, "/services", webService(client, "api", {}, { disk }));
  const [listed] = (await get(client, `/disks?serviceId=${service}`)) as {
    readonly disk: { readonly id: string };
  }[];
  const path = `/disks/${listed?.disk.id}/snapshots`;
  expect(await get(client, path)).toEqual([]);
  clock.advance(9 * 86_400_000);
  const snapshots = (await get(client, path)) as {
    readonly createdAt: string;
    readonly snapshotKey: string;
  }[];
  expect(snapshots.map(({ createdAt }) => createdAt.slice(8, 10))).toEqual([
    "14",
    "13",
    "12",
    "11",
    "10",
    "09",
    "08",
  ]);
  const restored = await client.call("POST", `${path}/restore`, { snapshotKey: snapshots[2]?.snapshotKey });
  expect([restored.status, restored.body]).toMatchObject([200, { id: listed?.disk.id, sizeGB: 1 }]);
  expect((await client.call("POST", `${path}/restore`, { snapshotKey: "x" })).status).toBe(404);
  expect(await get(client, `/owners/${client.owner}/audit-logs?limit=1`)).toMatchObject([
    { auditLog: { event: "RestoreDiskSnapshotEvent" } },
  ]);
});

test("PATCH of routes moves the one rule of a site, and asks which one where there are more", async () => {
  const client = await startClient();
  const rule = (source: string) => ({ type: "rewrite", source, destination: "/index.html" });
  const site = await create(client, "/services", {
    type: "static_site",
    name: "www",
    ownerId: client.owner,
    repo: "https://github.com/acme/www",
    serviceDetails: { routes: [rule("/a")] },
  });
  const path = `/services/${site}/routes`;
  expect((await client.call("PATCH", path, { priority: 0 })).body).toMatchObject({
    headers: { source: "/a", priority: 0 },
  });
  await client.call("POST", path, rule("/b"));
  expect((await client.call("PATCH", path, { priority: 0 })).status).toBe(400);
});

test("a Blueprint is checked by what was handed in, and counts as valid where nothing was", async () => {
  const check = (text: string) => ({
    problems: text.includes("wrong") ? [{ path: "services", error: "It is wrong.", line: 1, column: 3 }] : [],
    declared: { services: ["api"], databases: ["main"], keyValue: [], envGroups: [] },
  });
  const validate = async (client: Client, text: string): Promise<unknown> => {
    const form = new FormData();
    form.set("ownerId", client.owner);
    form.set("file", new Blob([text]), "render.yaml");
    const headers = { authorization: `Bearer ${client.simulator.env["RENDER_API_KEY"]}` };
    const response = await fetch(`${client.simulator.render}/blueprints/validate`, {
      method: "POST",
      headers,
      body: form,
    });
    return response.json();
  };
  const client = await startClient({ checkBlueprint: check });
  expect(await validate(client, "a: wrong")).toEqual({
    valid: false,
    errors: [{ path: "services", error: "It is wrong.", line: 1, column: 3 }],
  });
  expect(await validate(client, "services: []")).toEqual({
    valid: true,
    plan: { services: ["api"], databases: ["main"], keyValue: [], envGroups: [], totalActions: 2 },
  });
  expect(await validate(await startClient(), "a: wrong")).toEqual({ valid: true });
});
