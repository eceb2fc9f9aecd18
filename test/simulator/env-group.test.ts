import { afterEach, expect, test } from "vitest";
import { startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

type Group = {
  readonly id: string;
  readonly updatedAt: string;
  readonly envVars: readonly { readonly key: string; readonly value: string }[];
  readonly serviceLinks: unknown;
};

function makeGroup(client: Client, more: object = {}) {
  return client.call("POST", "/env-groups", {
    name: "shared",
    ownerId: client.owner,
    envVars: [{ key: "A", value: "1" }],
    ...more,
  });
}

async function makeService(client: Client, name: string): Promise<string> {
  const reply = await client.call("POST", "/services", webService(client, name));
  return (reply.body as { service: { id: string } }).service.id;
}

test.each(["enveloped", "plain"] as const)("the list has links and no values (%s)", async (shape) => {
  const client = await startClient({ switches: { environmentGroupList: shape } });
  const service = await makeService(client, "api");
  await makeGroup(client, { serviceIds: [service] });
  const [item] = (await client.call("GET", "/env-groups")).body as [{ envGroup: object }];
  const group = shape === "enveloped" ? item.envGroup : item;
  expect(group).toMatchObject({ name: "shared", serviceLinks: [{ id: service, name: "api", type: "web" }] });
  expect(group).not.toHaveProperty("envVars");
  expect("cursor" in item).toBe(shape === "enveloped");
});

test("each entry is written by a call of its own that answers the whole group and bumps nothing", async () => {
  const client = await startClient();
  const made = (await makeGroup(client)).body as Group;
  const { body } = await client.call("GET", `/env-groups/${made.id}`);
  const path = `/env-groups/${made.id}/env-vars`;
  const added = (await client.call("PUT", `${path}/B`, { value: "2" })).body as Group;
  expect(added.envVars.map(({ key }) => key)).toEqual(["B", "A"]);
  expect(added.updatedAt).toBe((body as Group).updatedAt);
  const changed = (await client.call("PUT", `${path}/A`, { value: "3" })).body as Group;
  expect(changed.envVars).toEqual([
    { key: "B", value: "2" },
    { key: "A", value: "3" },
  ]);
  expect((await client.call("DELETE", `${path}/A`)).status).toBe(204);
  expect((await client.call("DELETE", `${path}/A`)).status).toBe(404);
  expect((await client.call("GET", `${path}/B`)).body).toEqual({ key: "B", value: "2" });
});

test.each([
  ["regenerate", false],
  ["keep", true],
] as const)("asking for a generated value again: %s", async (generateAgain, isSame) => {
  const client = await startClient({ switches: { generateAgain } });
  const made = (await makeGroup(client, { envVars: [{ key: "TOKEN", generateValue: true }] })).body as Group;
  expect(made.envVars[0]?.value).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  const again = await client.call("PUT", `/env-groups/${made.id}/env-vars/TOKEN`, { generateValue: true });
  expect((again.body as Group).envVars[0]?.value === made.envVars[0]?.value).toBe(isSame);
});

test.each([409, 400] as const)(
  "a name is taken within its environment only (%i)",
  async (duplicateNameStatus) => {
    const client = await startClient({ switches: { duplicateNameStatus } });
    const project = await client.call("POST", "/projects", {
      name: "shop",
      ownerId: client.owner,
      environments: [{ name: "production" }],
    });
    const environmentId = (project.body as { environmentIds: string[] }).environmentIds[0];
    expect((await makeGroup(client)).status).toBe(201);
    expect((await makeGroup(client)).status).toBe(duplicateNameStatus);
    expect((await makeGroup(client, { environmentId })).status).toBe(201);
    expect((await makeGroup(client, { environmentId })).status).toBe(duplicateNameStatus);
  },
);

test("services are linked and unlinked one by one, and a deleted one leaves no link", async () => {
  const client = await startClient();
  const made = (await makeGroup(client)).body as Group;
  const api = await makeService(client, "api");
  const web = await makeService(client, "web");
  for (const id of [api, web, api]) await client.call("POST", `/env-groups/${made.id}/services/${id}`);
  const links = async (): Promise<unknown> =>
    ((await client.call("GET", `/env-groups/${made.id}`)).body as Group).serviceLinks;
  expect(await links()).toHaveLength(2);
  expect((await client.call("DELETE", `/env-groups/${made.id}/services/${api}`)).status).toBe(204);
  expect((await client.call("DELETE", `/env-groups/${made.id}/services/${api}`)).status).toBe(404);
  await client.call("DELETE", `/services/${web}`);
  expect(await links()).toEqual([]);
});
