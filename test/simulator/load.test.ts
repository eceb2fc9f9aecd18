import { afterEach, expect, test } from "vitest";
import { makeAddress, type Address } from "../../src/core/base/address.ts";
import { literal } from "../../src/core/model/value.ts";
import { generateState } from "../../src/simulator/server/generator.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { startClient, stopAll, webService, type Client } from "./client.ts";
import { makeDesired, makeState } from "./desired.ts";

afterEach(stopAll);

async function list(
  client: Client,
  path: string,
  thing: string,
): Promise<{ readonly [field: string]: unknown }[]> {
  const reply = await client.call("GET", path);
  return (reply.body as { [thing: string]: { [field: string]: unknown } }[]).map((item) => item[thing] ?? {});
}

/** Ids, times, addresses made of ids and generated values differ between two ways to one account. */
function comparable(row: object): unknown {
  const volatile = new Set(["id", "createdAt", "updatedAt", "deploys", "ownerId", "slug"]);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([field]) => !volatile.has(field));
    return Object.fromEntries(kept.map(([field, member]) => [field, strip(member)]));
  };
  return strip(row);
}

test("a block loads as the row that creating the same through the API makes", async () => {
  const loaded = await startClient({
    load: [
      makeState(
        makeDesired("render/service", "api", {
          type: "web",
          runtime: "node",
          repo: "https://github.com/acme/app",
          plan: "pro plus",
          buildCommand: "npm ci",
          startCommand: "npm start",
          preDeployCommand: "migrate",
          healthCheckPath: "/healthz",
          autoDeployTrigger: "checksPass",
          buildFilter: { paths: ["src/**"] },
          previews: { generation: "manual" },
          ipAllowList: [{ source: "203.0.113.0/24", description: "office" }],
          scaling: { minInstances: 1, maxInstances: 3, targetCPUPercent: 60 },
          envVars: { PORT: literal("80"), MODE: literal("on") },
          secretFiles: { "a.json": literal("{}") },
        }),
        makeDesired("render/custom-domain", "api.example.com", { service: "api" }),
      ),
    ],
  });
  const made = await startClient();
  const body = webService(
    made,
    "api",
    {
      autoDeployTrigger: "checksPass",
      buildFilter: { paths: ["src/**"], ignoredPaths: null },
      envVars: [
        { key: "PORT", value: "80" },
        { key: "MODE", value: "on" },
      ],
      secretFiles: [{ name: "a.json", content: "{}" }],
    },
    {
      plan: "pro_plus",
      preDeployCommand: "migrate",
      healthCheckPath: "/healthz",
      previews: { generation: "manual" },
      ipAllowList: [{ cidrBlock: "203.0.113.0/24", description: "office" }],
      autoscaling: { enabled: true, min: 1, max: 3, criteria: { cpu: { enabled: true, percentage: 60 } } },
    },
  );
  const created = (await made.call("POST", "/services", body)).body as { service: { id: string } };
  await made.call("POST", `/services/${created.service.id}/custom-domains`, { name: "api.example.com" });

  const [fromFile] = loaded.simulator.account.list(services);
  const [fromCalls] = made.simulator.account.list(services);
  expect(comparable(fromFile ?? {})).toEqual(comparable(fromCalls ?? {}));
});

test("values resolve: another service's variable in whatever order, the unasked left out, a circle not at all", async () => {
  const output = (of: Address, name: string) => ({ from: "output", of, output: name }) as const;
  const api = makeAddress("render/service", "api");
  const worker = makeAddress("render/service", "worker");
  const client = await startClient({
    load: [
      makeState(
        makeDesired("render/service", "worker", {
          type: "worker",
          runtime: "image",
          image: { url: "acme/worker:1" },
          envVars: {
            API_MODE: output(api, "envVars.MODE"),
            API_HOST: output(api, "hostport"),
            API_URL: output(api, "envVars.RENDER_EXTERNAL_URL"),
            BACK: output(api, "envVars.BACK"),
            ASKED: { from: "asked" },
            MADE: { from: "generated" },
          },
        }),
        makeDesired("render/service", "api", {
          type: "web",
          runtime: "docker",
          repo: "https://github.com/acme/api",
          envVars: { MODE: literal("on"), BACK: output(worker, "envVars.BACK") },
        }),
      ),
    ],
  });
  const [found] = await list(client, `/services?ownerId=${client.owner}&name=worker`, "service");
  const variables = await list(client, `/services/${String(found?.["id"])}/env-vars`, "envVar");
  const values = Object.fromEntries(variables.map(({ key, value }) => [key, value]));
  expect(values).toEqual({
    API_MODE: "on",
    API_HOST: "api:10000",
    API_URL: "https://api.onrender.com",
    MADE: expect.stringMatching(/^.{44}$/),
  });
});

test("a loaded file is there twice, in two workspaces, with domains in the first alone", async () => {
  const client = await startClient({
    load: [
      makeState(
        makeDesired("render/service", "www", {
          type: "web",
          runtime: "static",
          repo: "https://github.com/acme/www",
        }),
        makeDesired("render/custom-domain", "www.example.com", { service: "www" }),
      ),
    ],
  });
  const sites = await list(client, "/services", "service");
  expect(sites.map((site) => [site["name"], site["ownerId"] === client.owner])).toEqual([
    ["www", false],
    ["www", true],
  ]);
  const domains = await Promise.all(
    sites.map((site) => list(client, `/services/${String(site["id"])}/custom-domains`, "customDomain")),
  );
  expect(domains.map((rows) => rows.length)).toEqual([0, 2]);
});

test("a generated account has the mix of a real one, twelve variables each, and equal names elsewhere", async () => {
  const client = await startClient({ services: 200 });
  const main = client.simulator.account.list(services).filter((row) => row.ownerId === client.owner);
  expect(main).toHaveLength(200);
  const share = (type: string) => main.filter((row) => row.type === type).length / main.length;
  expect(share("web_service")).toBeGreaterThan(0.6);
  expect(share("cron_job")).toBeGreaterThan(0.02);
  expect(new Set(main.map((row) => row.envVars.length))).toEqual(new Set([12]));
  expect(main.filter((row) => row.customDomains.length > 0).length).toBeGreaterThan(15);
  expect(main.filter((row) => row.disk).length).toBeGreaterThan(0);
  const elsewhere = client.simulator.account.list(services).filter((row) => row.ownerId !== client.owner);
  expect(elsewhere.map((row) => row.name)).toEqual(main.slice(0, 10).map((row) => row.name));
  expect((await client.call("GET", `/services?ownerId=${client.owner}&limit=100`)).body).toHaveLength(100);
});

test("a generator's services are the same for one seed, and a larger account begins like a smaller one", () => {
  const names = (count: number, seed: number) =>
    generateState({ services: count, seed })
      .resources.filter((desired) => desired.kind === "render/service")
      .map((desired) => desired.name);
  expect(names(10, 1)).toEqual(names(50, 1).slice(0, 10));
  expect(names(10, 1)).not.toEqual(names(10, 2));
});
