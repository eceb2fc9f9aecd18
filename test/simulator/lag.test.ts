import { afterEach, expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/start.ts";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

async function names(client: Client, path = "/services?limit=100"): Promise<readonly string[]> {
  const listed = (await client.call("GET", path)).body as readonly {
    readonly service: { readonly name: string };
  }[];
  return listed.map(({ service }) => service.name);
}

async function create(client: Client, name: string): Promise<string> {
  const { body } = await client.call("POST", "/services", webService(client, name));
  return (body as { readonly service: { readonly id: string } }).service.id;
}

test("a list shows what was made only after the lag, by name as well; asked by its id it is there at once", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "lag:60" });
  const id = await create(client, "api");
  await clock.sleep(59_999);
  expect(await names(client)).toEqual([]);
  expect(await names(client, "/services?name=api")).toEqual([]);
  expect((await client.call("GET", `/services/${id}`)).status).toBe(200);
  await clock.sleep(1);
  expect(await names(client)).toEqual(["api"]);
  expect(await names(client, "/services?name=api")).toEqual(["api"]);
});

test("a list shows what was deleted for as long, and is right about the rest", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "lag-deletes:30" });
  const id = await create(client, "api");
  await create(client, "jobs");
  await client.call("DELETE", `/services/${id}`);
  expect(await names(client)).toEqual(["jobs", "api"]);
  expect((await client.call("GET", `/services/${id}`)).status).toBe(404);
  await clock.sleep(30_000);
  expect(await names(client)).toEqual(["jobs"]);
});

test("what stands inside another object lags as well, and its owner is found meanwhile", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "lag:10,lag-deletes:10" });
  const id = await create(client, "api");
  const domains = `/services/${id}/custom-domains`;
  expect((await client.call("GET", domains)).body).toEqual([]);
  await client.call("POST", domains, { name: "shop.acme.dev" });
  expect((await client.call("GET", domains)).body).toEqual([]);
  await clock.sleep(10_000);
  expect((await client.call("GET", domains)).body).toHaveLength(1);
  await client.call("DELETE", `${domains}/shop.acme.dev`);
  expect((await client.call("GET", domains)).body).toHaveLength(1);
  await clock.sleep(10_000);
  expect((await client.call("GET", domains)).body).toEqual([]);
  // Its deploys are inside of it too.
  await client.call("POST", `/services/${id}/deploys`, {});
  expect((await client.call("GET", `/services/${id}/deploys`)).body).toHaveLength(1);
});

test("one kind can lag alone, and each kind by its own time", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "lag:60@/postgres*" });
  await create(client, "api");
  expect(await names(client)).toEqual(["api"]);
  const body = { name: "main", ownerId: client.owner, plan: "basic_256mb", version: "18" };
  await client.call("POST", "/postgres", body);
  expect((await client.call("GET", "/postgres")).body).toEqual([]);
});

test("lists of entries lag only where a path says so", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "lag:60" });
  const id = await create(client, "api");
  await client.call("PUT", `/services/${id}/env-vars/LEVEL`, { value: "info" });
  expect((await client.call("GET", `/services/${id}/env-vars`)).body).toHaveLength(1);
});

test("with the switch, an object that is asked for by its id lags too", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "lag:5", switches: { laggingReads: "all" } });
  const id = await create(client, "api");
  expect((await client.call("GET", `/services/${id}`)).status).toBe(404);
  await clock.sleep(5_000);
  expect((await client.call("GET", `/services/${id}`)).status).toBe(200);
});

test.each(["500", "502", "503", "504"])(
  "%s-after-commit says that it failed, and has done it",
  async (status) => {
    const client = await startClient({ faults: `${status}-after-commit@POST /services#1` });
    expect((await client.call("POST", "/services", webService(client, "api"))).status).toBe(Number(status));
    expect(await names(client)).toEqual(["api"]);
  },
);

test("a lag that is no time is refused", async () => {
  for (const faults of ["lag", "lag:", "lag:soon", "lag:9-5", "lag-deletes"])
    await expect(startSimulator({ faults })).rejects.toThrow("lag:SECONDS");
});
