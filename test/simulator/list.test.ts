import { afterEach, expect, test } from "vitest";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

type Item = { readonly cursor: string; readonly service: { readonly id: string; readonly name: string } };

async function fill(count: number, clock = makeStillClock()): Promise<Client> {
  const client = await startClient({ clock });
  for (let index = 0; index < count; index += 1) {
    clock.advance(1000);
    await client.call("POST", "/services", webService(client, `service-${index}`));
  }
  return client;
}

async function page(client: Client, query: string): Promise<Item[]> {
  return (await client.call("GET", `/services?${query}`)).body as Item[];
}

function names(items: readonly Item[]): string[] {
  return items.map(({ service }) => service.name);
}

test("pages follow the last cursor until one is short, and each object comes once", async () => {
  const client = await fill(25);
  const first = await page(client, "");
  expect(first).toHaveLength(20);
  const second = await page(client, `cursor=${first.at(-1)?.cursor}`);
  expect(second).toHaveLength(5);
  expect(new Set(names([...first, ...second])).size).toBe(25);
  expect(await page(client, `cursor=${second.at(-1)?.cursor}`)).toEqual([]);
  expect(await page(client, "cursor=&limit=100")).toHaveLength(25);
});

test("a cursor has the recorded shape; one of another table or none at all is refused", async () => {
  const client = await fill(1);
  const [item] = await page(client, "");
  expect(item?.cursor).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(
    Buffer.from(item?.cursor ?? "", "base64url")
      .subarray(8)
      .toString(),
  ).toBe(item?.service.id.slice(-16));
  for (const cursor of ["nonsense", Buffer.alloc(24).toString("base64url")]) {
    expect((await client.call("GET", `/services?cursor=${cursor}`)).status).toBe(400);
  }
});

test("a cursor whose object is gone goes on behind it", async () => {
  const client = await fill(4);
  const first = await page(client, "limit=2");
  await client.call("DELETE", `/services/${first[1]?.service.id}`);
  expect(names(await page(client, `limit=2&cursor=${first[1]?.cursor}`))).toEqual(["service-1", "service-0"]);
});

test.each(["0", "101", "many", "1.5"])("limit=%s is refused", async (limit) => {
  const client = await fill(0);
  expect((await client.call("GET", `/services?limit=${limit}`)).status).toBe(400);
});

test("filters take values joined by commas and repeated, and times", async () => {
  const clock = makeStillClock();
  const client = await fill(3, clock);
  expect(names(await page(client, "name=service-0,service-2"))).toEqual(["service-2", "service-0"]);
  expect(names(await page(client, "name=service-0&name=service-1"))).toEqual(["service-1", "service-0"]);
  expect(await page(client, "type=cron_job")).toEqual([]);
  const after = new Date(clock.now() - 500).toISOString();
  expect(names(await page(client, `createdAfter=${after}`))).toEqual(["service-2"]);
  expect((await client.call("GET", "/services?createdAfter=yesterday")).status).toBe(400);
});

test("objects of a workspace that the key does not reach look as if they did not exist", async () => {
  const client = await fill(1);
  const account = (await client.control("GET", "account")).body as {
    tables: { users: { id: string }[]; workspaces: { id: string }[] };
  };
  const stranger = account.tables.users[1]?.id;
  const foreign = account.tables.workspaces[2]?.id;
  const made = await client.control("POST", "edit", {
    userId: stranger,
    method: "POST",
    path: "/services",
    body: webService(client, "theirs", { ownerId: foreign }),
  });
  const { id } = (made.body as { body: { service: { id: string } } }).body.service;
  expect((await client.call("GET", `/services/${id}`)).body).toEqual({ message: `not found: ${id}` });
  expect((await client.call("DELETE", `/services/${id}`)).status).toBe(404);
  expect(names(await page(client, ""))).toEqual(["service-0"]);
  expect(await page(client, `ownerId=${foreign}`)).toEqual([]);
});

test("previews are listed unless the query says no", async () => {
  const client = await startClient();
  const body = {
    type: "web_service",
    name: "shop",
    ownerId: client.owner,
    image: { ownerId: client.owner, imagePath: "acme/shop:1" },
    serviceDetails: { runtime: "image", envSpecificDetails: {} },
  };
  const created = (await client.call("POST", "/services", body)).body as { service: { id: string } };
  const preview = await client.call("POST", `/services/${created.service.id}/preview`, {
    imagePath: "acme/shop:2",
    name: "shop-pr-1",
  });
  expect(preview.body).toMatchObject({
    service: { serviceDetails: { parentServer: { id: created.service.id, name: "shop" } } },
  });
  expect(names(await page(client, ""))).toEqual(["shop-pr-1", "shop"]);
  expect(names(await page(client, "includePreviews=false"))).toEqual(["shop"]);
});
