import { afterEach, expect, test } from "vitest";
import { startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

type Made = { readonly id: string; readonly [field: string]: unknown };

async function create(client: Client, path: string, body: object): Promise<Made> {
  const reply = await client.call("POST", path, { ownerId: client.owner, ...body });
  expect(reply.status).toBe(201);
  return reply.body as Made;
}

async function makeProject(client: Client, name: string): Promise<{ project: string; environment: string }> {
  const made = await create(client, "/projects", { name, environments: [{ name: "production" }] });
  return { project: made.id, environment: String((made["environmentIds"] as string[])[0]) };
}

async function members(client: Client, environment: string): Promise<unknown> {
  const { body } = await client.call("GET", `/environments/${environment}`);
  const { serviceIds, databasesIds, redisIds, envGroupIds } = body as { readonly [field: string]: unknown };
  return { serviceIds, databasesIds, redisIds, envGroupIds };
}

const nobody = { serviceIds: null, databasesIds: null, redisIds: null, envGroupIds: null };

test("a resource of any kind joins by one call, moves by another, and its own object says so", async () => {
  const client = await startClient();
  const first = await makeProject(client, "first");
  const second = await makeProject(client, "second");
  const created = await client.call("POST", "/services", webService(client, "api"));
  const service = (created.body as { service: Made }).service.id;
  const database = (await create(client, "/postgres", { name: "main", plan: "pro_4gb", version: "17" })).id;
  const store = (await create(client, "/key-value", { name: "cache", plan: "starter" })).id;
  const group = (await create(client, "/env-groups", { name: "shared", envVars: [] })).id;
  const resourceIds = [service, database, store, group];
  const all = { serviceIds: [service], databasesIds: [database], redisIds: [store], envGroupIds: [group] };

  const joined = await client.call("POST", `/environments/${first.environment}/resources`, { resourceIds });
  expect(joined).toMatchObject({ status: 201, body: all });
  await client.call("POST", `/environments/${second.environment}/resources`, { resourceIds });
  expect(await members(client, first.environment)).toEqual(nobody);
  expect(await members(client, second.environment)).toEqual(all);
  const paths = [
    `/services/${service}`,
    `/postgres/${database}`,
    `/key-value/${store}`,
    `/env-groups/${group}`,
  ];
  for (const path of paths) {
    expect((await client.call("GET", path)).body).toMatchObject({ environmentId: second.environment });
  }
});

test("replicas move with their primary and stand before it", async () => {
  const client = await startClient();
  const { environment } = await makeProject(client, "shop");
  const { id } = await create(client, "/postgres", {
    name: "main",
    plan: "pro_4gb",
    version: "17",
    readReplicas: [{ name: "r" }],
  });
  await client.call("POST", `/environments/${environment}/resources`, { resourceIds: [id] });
  expect(await members(client, environment)).toMatchObject({ databasesIds: [id.replace(/a$/, "b"), id] });
});

test("taking a resource out of another environment answers 204 and changes nothing", async () => {
  const client = await startClient();
  const { environment } = await makeProject(client, "shop");
  const { id } = await create(client, "/key-value", {
    name: "cache",
    plan: "starter",
    environmentId: environment,
  });
  expect((await client.call("DELETE", `/environments/${id}/resources?resourceIds=${id}`)).status).toBe(204);
  expect(await members(client, environment)).toMatchObject({ redisIds: [id] });
  expect(
    (await client.call("DELETE", `/environments/${environment}/resources?resourceIds=${id}`)).status,
  ).toBe(204);
  expect(await members(client, environment)).toEqual(nobody);
});

test("what is not empty cannot be deleted; an empty project takes its environments along", async () => {
  const client = await startClient();
  const { project, environment } = await makeProject(client, "shop");
  const { id } = await create(client, "/key-value", {
    name: "cache",
    plan: "starter",
    environmentId: environment,
  });
  expect((await client.call("DELETE", `/environments/${environment}`)).status).toBe(409);
  expect((await client.call("DELETE", `/projects/${project}`)).status).toBe(409);
  await client.call("DELETE", `/key-value/${id}`);
  expect((await client.call("DELETE", `/projects/${project}`)).status).toBe(204);
  expect((await client.call("GET", `/environments/${environment}`)).status).toBe(404);
});

test("environments are listed by project, several at once, and only so", async () => {
  const client = await startClient();
  const first = await makeProject(client, "first");
  const second = await makeProject(client, "second");
  await makeProject(client, "third");
  expect((await client.call("GET", "/environments")).status).toBe(400);
  const listed = await client.call("GET", `/environments?projectId=${first.project},${second.project}`);
  const ids = (listed.body as { environment: Made }[]).map((item) => item.environment.id);
  expect(ids).toEqual([first.environment, second.environment]);
});

test("a new environment has no allow list, unless the workspace gives it one", async () => {
  const client = await startClient();
  const plain = await makeProject(client, "shop");
  expect((await client.call("GET", `/environments/${plain.environment}`)).body).not.toHaveProperty(
    "ipAllowList",
  );
  const open = await startClient({ switches: { environmentIpAllowList: "everywhere" } });
  const { environment } = await makeProject(open, "shop");
  expect((await open.call("GET", `/environments/${environment}`)).body).toMatchObject({
    ipAllowList: [{ cidrBlock: "0.0.0.0/0" }],
  });
});

test("a resource cannot join an environment of another workspace, at creation or later", async () => {
  const client = await startClient();
  const second = (await client.call("GET", "/owners")).body as { owner: { id: string } }[];
  const elsewhere = await client.call("POST", "/projects", {
    name: "shop",
    ownerId: second[1]?.owner.id,
    environments: [{ name: "production" }],
  });
  const environmentId = (elsewhere.body as { environmentIds: string[] }).environmentIds[0];
  const body = { name: "cache", plan: "starter", ownerId: client.owner };
  expect((await client.call("POST", "/key-value", { ...body, environmentId })).status).toBe(404);
  const { id } = await create(client, "/key-value", body);
  const joined = await client.call("POST", `/environments/${environmentId}/resources`, { resourceIds: [id] });
  expect(joined.status).toBe(400);
});

test("the audit log knows projects, environments, protection and moves", async () => {
  const client = await startClient();
  const { project, environment } = await makeProject(client, "shop");
  const { id } = await create(client, "/key-value", { name: "cache", plan: "starter" });
  await client.call("PATCH", `/environments/${environment}`, { protectedStatus: "protected" });
  await client.call("POST", `/environments/${environment}/resources`, { resourceIds: [id] });
  await client.call("DELETE", `/environments/${environment}/resources?resourceIds=${id}`);
  await client.call("DELETE", `/projects/${project}`);
  const { body } = await client.call("GET", `/owners/${client.owner}/audit-logs?direction=forward`);
  expect((body as { auditLog: { event: string } }[]).map(({ auditLog }) => auditLog.event)).toEqual([
    "CreateProjectEvent",
    "CreateRedisEvent",
    "ChangeEnvironmentProtectionEvent",
    "MoveEnvironmentResourceEvent",
    "MoveEnvironmentResourceEvent",
    "DeleteProjectEvent",
  ]);
});

test("an environment's group is for the services in it: no link, no move and no creation leads across", async () => {
  const client = await startClient();
  const [here, there] = [await makeProject(client, "here"), await makeProject(client, "there")];
  const made = await client.call("POST", "/services", {
    ...webService(client, "api"),
    environmentId: here.environment,
  });
  const service = (made.body as { service: Made }).service.id;
  const ofThere = { name: "g", envVars: [], environmentId: there.environment };
  const group = (await create(client, "/env-groups", ofThere)).id;
  const free = (await create(client, "/env-groups", { name: "free", envVars: [], serviceIds: [service] })).id;
  const move = (environment: string, ...resourceIds: string[]) =>
    client.call("POST", `/environments/${environment}/resources`, { resourceIds });
  const link = `/env-groups/${group}/services/${service}`;

  expect((await client.call("POST", link)).status).toBe(400);
  const across = { ...ofThere, name: "other", ownerId: client.owner, serviceIds: [service] };
  expect((await client.call("POST", "/env-groups", across)).status).toBe(400);
  expect((await move(there.environment, service)).status).toBe(201);
  expect((await client.call("POST", link)).status).toBe(200);

  const stays = {
    status: 400,
    body: { message: "cannot move service out of environment with linked env groups" },
  };
  expect(await move(here.environment, service)).toMatchObject(stays);
  const leave = `/environments/${there.environment}/resources?resourceIds=${service}`;
  expect(await client.call("DELETE", leave)).toMatchObject(stays);
  expect((await move(here.environment, group)).status).toBe(400);
  expect((await move(here.environment, service, group)).status).toBe(201);
  expect((await client.call("DELETE", link)).status).toBe(204);
  expect((await move(there.environment, service)).status).toBe(201);
  // A group of the workspace goes everywhere.
  expect((await client.call("GET", `/env-groups/${free}`)).body).toMatchObject({
    serviceLinks: [{ id: service }],
  });
});

test.each([
  ["workspace", [201, 409, 409], 201],
  ["environment", [201, 201, 409], 409],
] as const)("a service's name is taken once in its %s", async (serviceNames, creations, move) => {
  const client = await startClient({ switches: { serviceNames } });
  const [here, there] = [await makeProject(client, "here"), await makeProject(client, "there")];
  const statuses = [];
  for (const environmentId of [here.environment, there.environment, here.environment])
    statuses.push(
      (await client.call("POST", "/services", { ...webService(client, "api"), environmentId })).status,
    );
  expect(statuses).toEqual(creations);
  const listed = (await client.call("GET", "/services?name=api&includePreviews=false")).body as {
    service: Made;
  }[];
  const resourceIds = listed.map(({ service }) => service.id);
  expect(
    (await client.call("POST", `/environments/${there.environment}/resources`, { resourceIds })).status,
  ).toBe(move);
});
