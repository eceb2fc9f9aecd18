import { afterEach, expect, test } from "vitest";
import type { RequestLine } from "../../src/simulator/server/server.ts";
import { startSimulator } from "../../src/simulator/start.ts";
import { makeStillClock, startClient, stopAll, webService, type Client } from "./client.ts";

afterEach(stopAll);

async function createService(client: Client, name: string) {
  return client.call("POST", "/services", webService(client, name));
}

async function listNames(client: Client): Promise<string[]> {
  const listed = (await client.call("GET", "/services?limit=100")).body as { service: { name: string } }[];
  return listed.map(({ service }) => service.name);
}

test.each([
  ["402", 402],
  ["429", 429],
  ["500", 500],
  ["503", 503],
])("%s is answered instead of the call", async (fault, status) => {
  const client = await startClient({ faults: `${fault}@POST /services#1` });
  expect((await createService(client, "api")).status).toBe(status);
  expect(await listNames(client)).toEqual([]);
  expect((await createService(client, "api")).status).toBe(201);
});

test("html is answered by something in between, with nothing done", async () => {
  const client = await startClient({ faults: "html@POST /services" });
  await expect(createService(client, "api")).rejects.toThrow(SyntaxError);
  expect(await listNames(client)).toEqual([]);
});

test("a reset before the call has no effect, a drop after the commit has its effect", async () => {
  const client = await startClient({
    faults: "reset-before@POST /services#1,drop-after-commit@POST /services#2",
  });
  await expect(createService(client, "first")).rejects.toThrow("fetch failed");
  expect(await listNames(client)).toEqual([]);
  await expect(createService(client, "second")).rejects.toThrow("fetch failed");
  expect(await listNames(client)).toEqual(["second"]);
});

test("truncated JSON is not JSON, and its effect stays", async () => {
  const client = await startClient({ faults: "truncated-json@POST /services" });
  await expect(createService(client, "api")).rejects.toThrow(SyntaxError);
  expect(await listNames(client)).toEqual(["api"]);
});

test("a slow answer takes ten seconds of the clock", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock, faults: "slow@GET /owners" });
  const before = clock.now();
  expect((await client.call("GET", "/owners")).status).toBe(200);
  expect(clock.now() - before).toBe(10_000);
});

test("lists can be short, repeat their cursor or lag behind", async () => {
  const clock = makeStillClock();
  const client = await startClient({ clock });
  for (const name of ["one", "two", "three"]) await createService(client, name);
  const list = async (fault: string) => {
    await client.control("POST", "faults", { faults: `${fault}@GET /services` });
    return (await client.call("GET", "/services?limit=2")).body as { cursor: string }[];
  };
  expect(await list("short-page")).toHaveLength(1);
  const repeated = await list("repeated-cursor");
  expect(repeated[0]?.cursor).toBe(repeated[1]?.cursor);
  expect(await list("stale-list")).toEqual([]);
  clock.advance(31_000);
  expect(await list("stale-list")).toHaveLength(2);
});

test("a fault by chance is the same for the same seed, and drawn about as often as asked", async () => {
  const statuses: number[][] = [];
  for (const seed of [7, 7, 8]) {
    const client = await startClient({ seed, faults: "500:0.3" });
    const run: number[] = [];
    for (let call = 0; call < 100; call += 1) run.push((await client.call("GET", "/owners")).status);
    statuses.push(run);
  }
  expect(statuses[0]).toEqual(statuses[1]);
  expect(statuses[0]).not.toEqual(statuses[2]);
  const failed = statuses[0]?.filter((status) => status === 500).length ?? 0;
  expect(failed).toBeGreaterThan(15);
  expect(failed).toBeLessThan(45);
});

test("a specification that means nothing is refused with what would be right", async () => {
  await expect(startSimulator({ faults: "sometimes" })).rejects.toThrow('There is no fault "sometimes"');
  await expect(startSimulator({ faults: "500:2" })).rejects.toThrow("500:2");
});

test("every request is logged with its budget and fault, a lost answer as status 0", async () => {
  const lines: RequestLine[] = [];
  const clock = makeStillClock();
  const client = await startClient({
    clock,
    faults: "reset-before@GET /projects",
    onRequest: (line) => lines.push(line),
  });
  await client.call("GET", "/services?limit=5");
  await client.call("GET", "/projects").catch(() => undefined);
  const t = clock.now();
  expect(lines).toEqual([
    {
      t,
      api: "render",
      method: "GET",
      path: "/services",
      query: "limit=5",
      status: 200,
      budget: "render/read",
    },
    {
      t,
      api: "render",
      method: "GET",
      path: "/projects",
      status: 0,
      budget: "render/read",
      fault: "reset-before",
    },
  ]);
});
