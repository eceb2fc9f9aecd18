import { afterEach, expect, test } from "vitest";
import { makeStillClock, startClient, stopAll, type Client } from "./client.ts";

afterEach(stopAll);

type Fields = { readonly [field: string]: unknown };

function makePostgres(client: Client, more: Fields = {}) {
  return client.call("POST", "/postgres", {
    name: "main",
    ownerId: client.owner,
    plan: "pro_4gb",
    version: "17",
    ...more,
  });
}

async function create(client: Client, path: string, body: Fields): Promise<Fields & { readonly id: string }> {
  const reply = await client.call("POST", path, { ownerId: client.owner, ...body });
  expect(reply.status).toBe(201);
  return reply.body as Fields & { readonly id: string };
}

async function show(client: Client, path: string): Promise<Fields> {
  const reply = await client.call("GET", path);
  expect(reply.status).toBe(200);
  return reply.body as Fields;
}

test("a database is unknown in the first answer, then creating, then available when its time has come", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, switches: { datastoreMs: 40_000 } });
  const made = await create(client, "/postgres", { name: "main", plan: "basic_256mb", version: "17" });
  expect(made["status"]).toBe("unknown");
  clock.advance(39_000);
  expect((await show(client, `/postgres/${made.id}`))["status"]).toBe("creating");
  clock.advance(2000);
  expect((await show(client, `/postgres/${made.id}`))["status"]).toBe("available");
});

test("a change of size makes the database again, a change of name does not", async () => {
  const client = await startClient({ switches: { datastoreMs: 0 } });
  const { id } = await create(client, "/postgres", { name: "main", plan: "basic_256mb", version: "17" });
  await client.control("POST", "switches", { datastoreMs: 40_000 });
  const renamed = await client.call("PATCH", `/postgres/${id}`, { name: "other" });
  expect(renamed.body).toMatchObject({ name: "other", status: "available" });
  const resized = await client.call("PATCH", `/postgres/${id}`, { plan: "basic_1gb" });
  expect(resized.body).toMatchObject({ plan: "basic_1gb", status: "creating" });
});

test("the database's name always gets a suffix, the user's only when it is derived", async () => {
  const client = await startClient();
  const named = await create(client, "/postgres", {
    name: "a",
    plan: "pro_4gb",
    version: "17",
    databaseName: "orders",
    databaseUser: "shop",
  });
  expect(named["databaseName"]).toMatch(/^orders_[a-z0-9]{4}$/);
  expect(named["databaseUser"]).toBe("shop");
  const derived = await create(client, "/postgres", { name: "my-shop", plan: "pro_4gb", version: "17" });
  expect(derived["databaseName"]).toMatch(/^my_shop_[a-z0-9]{4}$/);
  expect(derived["databaseUser"]).toBe(`${String(derived["databaseName"])}_user`);
});

test("replicas keep their ids by name, go when they are not listed, and stay when the list is null", async () => {
  const client = await startClient();
  const { id } = await create(client, "/postgres", {
    name: "main",
    plan: "pro_4gb",
    version: "17",
    readReplicas: [{ name: "one" }, { name: "two" }],
  });
  const replica = (letter: string): string => `${id.slice(0, -1)}${letter}`;
  const changed = await client.call("PATCH", `/postgres/${id}`, {
    readReplicas: [{ name: "two" }, { name: "three" }],
  });
  expect(changed.body).toMatchObject({
    readReplicas: [
      { id: replica("c"), name: "two" },
      { id: replica("d"), name: "three" },
    ],
  });
  const kept = await client.call("PATCH", `/postgres/${id}`, { readReplicas: null });
  expect((kept.body as Fields)["readReplicas"]).toHaveLength(2);
  expect(await show(client, `/postgres/${replica("c")}`)).toMatchObject({
    role: "replica",
    primaryPostgresID: id,
    name: "two",
  });
});

test.each([
  { replicaOverrides: "replace", left: undefined },
  { replicaOverrides: "keep", left: { work_mem: "4MB" } },
] as const)(
  "a replica that is named without overrides: $replicaOverrides",
  async ({ replicaOverrides, left }) => {
    const client = await startClient({ switches: { replicaOverrides } });
    const { id } = await create(client, "/postgres", {
      name: "main",
      plan: "pro_4gb",
      version: "17",
      readReplicas: [{ name: "one", parameterOverrides: { work_mem: "4MB" } }],
    });
    const { body } = await client.call("PATCH", `/postgres/${id}`, { readReplicas: [{ name: "one" }] });
    const [replica] = (body as { readonly readReplicas: readonly Fields[] }).readReplicas;
    expect(replica?.["parameterOverrides"]).toEqual(left);
  },
);

test("lists hold replicas unless they are asked not to, and their pages lose none of them", async () => {
  const client = await startClient();
  for (const name of ["a", "b"]) {
    await create(client, "/postgres", {
      name,
      plan: "pro_4gb",
      version: "17",
      readReplicas: [{ name: `${name}-read` }],
    });
  }
  const names = (body: unknown): unknown[] =>
    (body as { postgres: Fields }[]).map(({ postgres }) => postgres["name"]);
  expect(names(await show(client, "/postgres?includeReplicas=false"))).toEqual(["a", "b"]);
  expect(names(await show(client, "/postgres?name=a"))).toEqual(["a"]);
  expect(names(await show(client, "/postgres?name=b-read"))).toEqual(["b-read"]);
  expect(names(await show(client, "/postgres?name=b-read&includeReplicas=false"))).toEqual([]);
  const seen: unknown[] = [];
  let cursor = "";
  for (let page = 0; page < 5; page += 1) {
    const body = (await show(client, `/postgres?limit=1&cursor=${cursor}`)) as unknown as {
      cursor: string;
    }[];
    seen.push(...names(body));
    cursor = body.at(-1)?.cursor ?? cursor;
    if (body.length === 0) break;
  }
  expect(new Set(seen)).toEqual(new Set(["a", "a-read", "b", "b-read"]));
  expect(seen).toHaveLength(4);
});

test.each([
  ["a retired plan", { plan: "starter" }, /no longer available/],
  ["an unknown plan", { plan: "huge" }, /invalid plan/],
  ["an odd disk size", { diskSizeGB: 7 }, /multiple of 5/],
  [
    "a standby on a small plan",
    { plan: "basic_256mb", enableHighAvailability: true },
    /not available on plan/,
  ],
  ["six replicas", { readReplicas: "123456".split("").map((name) => ({ name })) }, /at most 5/],
  ["two replicas of one name", { readReplicas: [{ name: "x" }, { name: "x" }] }, /unique/],
  ["a parameter that is no text", { parameterOverrides: { work_mem: 4 } }, /work_mem must be a string/],
  ["no version", { version: undefined }, /version is required/],
])("creation refuses %s and leaves nothing behind", async (_, body, message) => {
  const client = await startClient();
  const reply = await makePostgres(client, body);
  expect(reply.status).toBe(400);
  expect((reply.body as { message: string }).message).toMatch(message);
  expect((await client.call("GET", "/postgres")).body).toEqual([]);
});

test("a change that is refused changes nothing", async () => {
  const client = await startClient();
  const { id } = await create(client, "/postgres", {
    name: "main",
    plan: "pro_4gb",
    version: "17",
    diskSizeGB: 50,
  });
  const before = await show(client, `/postgres/${id}`);
  expect(
    (await client.call("PATCH", `/postgres/${id}`, { name: "new", plan: "pro_8gb", diskSizeGB: 10 })).status,
  ).toBe(400);
  expect(await show(client, `/postgres/${id}`)).toEqual(before);
});

test("there is one free database per workspace, or none when the switch says so", async () => {
  const client = await startClient();
  expect((await makePostgres(client, { plan: "free" })).status).toBe(201);
  expect((await makePostgres(client, { plan: "free", name: "second" })).body).toEqual({
    message: "cannot have more than one active free tier database",
  });
  const strict = await startClient({ switches: { freePostgres: false } });
  expect((await makePostgres(strict, { plan: "free" })).status).toBe(400);
});

test("a further user becomes the default one until it is deleted", async () => {
  const client = await startClient();
  const { id } = await create(client, "/postgres", {
    name: "main",
    plan: "pro_4gb",
    version: "17",
    databaseUser: "shop",
  });
  expect((await client.call("POST", `/postgres/${id}/credentials`, { username: "reporting" })).status).toBe(
    202,
  );
  const connection = async () =>
    (await show(client, `/postgres/${id}/connection-info`))["internalConnectionString"];
  expect(await connection()).toMatch(/^postgresql:\/\/reporting:/);
  expect((await client.call("DELETE", `/postgres/${id}/credentials/reporting`)).status).toBe(200);
  expect(await connection()).toMatch(/^postgresql:\/\/shop:/);
});

test("a database can be suspended and resumed", async () => {
  const client = await startClient({ switches: { datastoreMs: 0 } });
  const { id } = await create(client, "/postgres", { name: "main", plan: "pro_4gb", version: "17" });
  await client.call("POST", `/postgres/${id}/suspend`);
  expect(await show(client, `/postgres/${id}`)).toMatchObject({
    status: "suspended",
    suspended: "suspended",
    suspenders: ["user"],
  });
  await client.call("POST", `/postgres/${id}/resume`);
  expect(await show(client, `/postgres/${id}`)).toMatchObject({
    status: "available",
    suspended: "not_suspended",
    suspenders: [],
  });
});

test("an allow list that is left out is open, an empty one reads back as null", async () => {
  const client = await startClient();
  const open = await create(client, "/key-value", { name: "open", plan: "starter" });
  expect(open["ipAllowList"]).toEqual([{ cidrBlock: "0.0.0.0/0", description: "everywhere" }]);
  const closed = await create(client, "/key-value", { name: "closed", plan: "starter", ipAllowList: [] });
  expect(closed["ipAllowList"]).toBeNull();
});

test("key value stores and redis instances are the same objects with another command", async () => {
  const client = await startClient();
  const { id } = await create(client, "/redis", { name: "cache", plan: "starter" });
  expect(await show(client, "/key-value")).toMatchObject([{ keyValue: { id } }]);
  expect(await show(client, "/redis")).toMatchObject([{ redis: { id } }]);
  const asKeyValue = await show(client, `/key-value/${id}/connection-info`);
  const asRedis = await show(client, `/redis/${id}/connection-info`);
  expect(asKeyValue["cliCommand"]).toBe(asRedis["redisCLICommand"]);
  expect(asKeyValue["cliCommand"]).toMatch(/^ REDISCLI_AUTH=/);
});

test("leaving the free plan turns the journal on; going back to it is refused", async () => {
  const client = await startClient();
  const { id } = await create(client, "/key-value", { name: "cache", plan: "free" });
  expect(await show(client, `/key-value/${id}`)).toMatchObject({ options: { persistenceMode: "off" } });
  const paid = await client.call("PATCH", `/key-value/${id}`, { plan: "starter" });
  expect(paid.body).toMatchObject({ options: { persistenceMode: "journal_snapshot" } });
  expect((await client.call("PATCH", `/key-value/${id}`, { plan: "free" })).status).toBe(400);
});

test("the audit log notes another allow list, and nothing when the same one is sent again", async () => {
  const client = await startClient();
  const { id } = await create(client, "/postgres", {
    name: "main",
    plan: "pro_4gb",
    version: "17",
    ipAllowList: [],
  });
  for (const ipAllowList of [[], [{ cidrBlock: "1.2.3.4/32", description: "" }]]) {
    await client.call("PATCH", `/postgres/${id}`, { ipAllowList });
  }
  const log = (await client.call("GET", `/owners/${client.owner}/audit-logs`)).body as {
    auditLog: { event: string };
  }[];
  expect(log.map(({ auditLog }) => auditLog.event)).toEqual([
    "UpdateIPAllowListEvent",
    "CreatePostgresEvent",
  ]);
});
