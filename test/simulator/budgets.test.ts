import { afterEach, expect, test } from "vitest";
import { makeStillClock, startClient, stopAll, webService, type Client, type Reply } from "./client.ts";

afterEach(stopAll);

function limitsOf(reply: Reply): (string | null)[] {
  return ["limit", "remaining", "reset"].map((name) => reply.headers.get(`ratelimit-${name}`));
}

async function createService(client: Client, name: string): Promise<string> {
  const reply = await client.call("POST", "/services", webService(client, name));
  return (reply.body as { service: { id: string } }).service.id;
}

/** Five seconds and a bit into a minute, twelve minutes past the hour. */
const within = Date.UTC(2026, 0, 5, 12, 12, 5, 300);

test("headers count down within a window aligned to the clock, and a new window starts full", async () => {
  const clock = makeStillClock(within);
  const client = await startClient({ limits: "documented", clock });
  expect(limitsOf(await client.call("GET", "/owners"))).toEqual(["400", "399", "54"]);
  expect(limitsOf(await client.call("GET", "/services"))).toEqual(["400", "398", "54"]);
  clock.advance(54_700);
  expect(limitsOf(await client.call("GET", "/services"))).toEqual(["400", "399", "60"]);
});

test("creation counts by the hour; over it, 429 says when to come back, and nothing is created", async () => {
  const clock = makeStillClock(within);
  const client = await startClient({ limits: "documented", clock });
  for (let index = 0; index < 20; index += 1) await createService(client, `service-${index}`);
  const refused = await client.call("POST", "/services", webService(client, "one-more"));
  expect([refused.status, refused.body]).toEqual([429, { message: "rate limit exceeded" }]);
  expect(limitsOf(refused)).toEqual(["20", "0", "2874"]);
  expect(refused.headers.get("retry-after")).toBe("2875");
  expect((await client.call("GET", "/services?name=one-more")).body).toEqual([]);
  clock.advance(2_874_700);
  expect((await client.call("POST", "/services", webService(client, "one-more"))).status).toBe(201);
});

test("both shapes of a 429, with and without Retry-After, and reset as epoch are switches", async () => {
  const client = await startClient({
    limits: { "render/read": { size: 1, windowMs: 60_000 } },
    clock: makeStillClock(within),
    switches: { rateLimitBody: "error", retryAfter: false, rateLimitReset: "epoch" },
  });
  await client.call("GET", "/owners");
  const refused = await client.call("GET", "/owners");
  expect([refused.status, refused.body]).toEqual([429, { error: "rate limit exceeded" }]);
  expect(refused.headers.has("retry-after")).toBe(false);
  expect(refused.headers.get("ratelimit-reset")).toBe(String(Date.UTC(2026, 0, 5, 12, 13) / 1000));
});

test("each service has ten changes a minute; all cron jobs share ten", async () => {
  const client = await startClient({ limits: "documented" });
  const [one, two] = [await createService(client, "one"), await createService(client, "two")];
  expect(limitsOf(await client.call("PATCH", `/services/${one}`, {}))[1]).toBe("9");
  expect(limitsOf(await client.call("POST", `/services/${one}/scale`, { numInstances: 2 }))[1]).toBe("8");
  expect(limitsOf(await client.call("PATCH", `/services/${two}`, {}))[1]).toBe("9");
  const cronJobs: string[] = [];
  for (const name of ["hourly", "nightly"]) {
    const body = webService(client, name, { type: "cron_job" }, { schedule: "0 * * * *" });
    const reply = await client.call("POST", "/services", body);
    cronJobs.push((reply.body as { service: { id: string } }).service.id);
  }
  expect(limitsOf(await client.call("PATCH", `/services/${cronJobs[0]}`, {}))[1]).toBe("9");
  expect(limitsOf(await client.call("PATCH", `/services/${cronJobs[1]}`, {}))[1]).toBe("8");
});

test("recorded limits allow a hundred writes a minute, documented ones thirty", async () => {
  const sizes: (string | null | undefined)[] = [];
  for (const limits of ["documented", "recorded"] as const) {
    const client = await startClient({ limits });
    const service = await createService(client, "api");
    sizes.push(limitsOf(await client.call("PUT", `/services/${service}/env-vars`, []))[0]);
  }
  expect(sizes).toEqual(["30", "100"]);
});

test("limits change under a client's feet, and off means no headers", async () => {
  const client = await startClient({ limits: "documented" });
  await client.call("GET", "/owners");
  await client.control("POST", "limits", { limits: { "render/read": { size: 2, windowMs: 60_000 } } });
  expect(limitsOf(await client.call("GET", "/owners"))[1]).toBe("0");
  expect((await client.call("GET", "/owners")).status).toBe(429);
  await client.control("POST", "limits", { limits: "off" });
  const free = await client.call("GET", "/owners");
  expect([free.status, ...limitsOf(free)]).toEqual([200, null, null, null]);
  const wrong = await client.control("POST", "limits", {
    limits: { "render/reads": { size: 2, windowMs: 1 } },
  });
  expect(wrong.status).toBe(400);
});

test("a call that is not authorised costs nothing, one that fails costs its budget", async () => {
  const client = await startClient({ limits: "documented" });
  await fetch(`${client.simulator.render}/owners`);
  expect(limitsOf(await client.call("GET", "/services/srv-00000000000000000000"))[1]).toBe("399");
});
