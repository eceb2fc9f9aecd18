import { afterEach, expect, test } from "vitest";
import { makeAddress } from "../../src/core/base/address.ts";
import type { Desired } from "../../src/core/model/desired.ts";
import { Secret } from "../../src/core/base/secret.ts";
import { literal } from "../../src/core/model/value.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { startClient, stopAll, type Client } from "./client.ts";
import { makeDesired, makeState } from "./desired.ts";

afterEach(stopAll);

const production = makeAddress("render/environment", "shop/production");
const shop = [
  makeDesired("render/project", "shop", {}),
  makeDesired(
    "render/environment",
    "production",
    {
      networking: { isolation: "enabled" },
      permissions: { protection: "enabled" },
      ipAllowList: [{ source: "10.0.0.0/8", description: "office" }],
    },
    { address: production },
  ),
];
const secret = { from: "secret-literal", secret: new Secret("t0p") } as const;

type Written = readonly (readonly [
  method: string,
  path: string,
  body: { readonly [field: string]: unknown },
])[];

const project = [
  "POST",
  "/projects",
  {
    name: "shop",
    environments: [
      {
        name: "production",
        networkIsolationEnabled: true,
        protectedStatus: "protected",
        ipAllowList: [{ cidrBlock: "10.0.0.0/8", description: "office" }],
      },
    ],
  },
] as const;

const cases: readonly {
  readonly what: string;
  readonly table: string;
  readonly blocks: readonly Desired[];
  readonly written: Written;
}[] = [
  { what: "environment", table: "environments", blocks: shop, written: [project] },
  {
    what: "database",
    table: "postgres",
    blocks: [
      makeDesired("render/postgres", "main", {
        plan: "pro-4gb",
        postgresMajorVersion: "16",
        databaseName: "orders",
        user: "shop",
        diskSizeGB: 50,
        storageAutoscalingEnabled: true,
        highAvailability: { enabled: true },
        connectionPool: "pgbouncer",
        ipAllowList: [],
        parameterOverrides: { work_mem: "8MB" },
        readReplicas: [{ name: "reader", parameterOverrides: { work_mem: "4MB" } }],
      }),
    ],
    written: [
      [
        "POST",
        "/postgres",
        {
          name: "main",
          plan: "pro_4gb",
          version: "16",
          databaseName: "orders",
          databaseUser: "shop",
          diskSizeGB: 50,
          enableDiskAutoscaling: true,
          enableHighAvailability: true,
          connectionPool: "pgbouncer",
          ipAllowList: [],
          parameterOverrides: { work_mem: "8MB" },
          readReplicas: [{ name: "reader", parameterOverrides: { work_mem: "4MB" } }],
        },
      ],
    ],
  },
  {
    what: "database that says nothing",
    table: "postgres",
    blocks: [makeDesired("render/postgres", "main", {})],
    written: [["POST", "/postgres", { name: "main", plan: "basic_256mb", version: "18" }]],
  },
  {
    what: "key value store",
    table: "keyValues",
    blocks: [
      makeDesired("render/key-value", "cache", {
        plan: "pro plus",
        region: "ohio",
        maxmemoryPolicy: "volatile-ttl",
        persistenceMode: "journal-snapshot",
        ipAllowList: [{ source: "1.2.3.4/32" }],
      }),
    ],
    written: [
      [
        "POST",
        "/key-value",
        {
          name: "cache",
          plan: "pro_plus",
          region: "ohio",
          maxmemoryPolicy: "volatile_ttl",
          persistenceMode: "journal_snapshot",
          ipAllowList: [{ cidrBlock: "1.2.3.4/32", description: "" }],
        },
      ],
    ],
  },
  {
    what: "env group",
    table: "environmentGroups",
    blocks: [
      makeDesired("render/env-group", "shared", {
        envVars: { A: literal("1"), B: secret, C: { from: "asked" } },
        secretFiles: { "key.pem": literal("x") },
      }),
    ],
    written: [
      [
        "POST",
        "/env-groups",
        {
          name: "shared",
          envVars: [
            { key: "A", value: "1" },
            { key: "B", value: "t0p" },
          ],
          secretFiles: [{ name: "key.pem", content: "x" }],
        },
      ],
    ],
  },
  {
    what: "registry credential",
    table: "registryCredentials",
    blocks: [
      makeDesired("render/registry-credential", "hub", {
        registry: "DOCKER",
        username: "acme",
        authToken: secret,
      }),
    ],
    written: [
      [
        "POST",
        "/registrycredentials",
        { name: "hub", registry: "DOCKER", username: "acme", authToken: "t0p" },
      ],
    ],
  },
  {
    what: "webhook",
    table: "webhooks",
    blocks: [makeDesired("render/webhook", "ops", { url: "https://acme.test", events: ["deploy_ended"] })],
    written: [
      [
        "POST",
        "/webhooks",
        { name: "ops", url: "https://acme.test", enabled: true, eventFilter: ["deploy_ended"] },
      ],
    ],
  },
  {
    what: "workspace's notifications",
    table: "notificationSettings",
    blocks: [makeDesired("render/notification-settings", "workspace", { send: "all", email: false })],
    written: [
      ["PATCH", "/notification-settings/owners/{owner}", { notificationsToSend: "all", emailEnabled: false }],
    ],
  },
  {
    what: "workspace's log stream",
    table: "logStreams",
    blocks: [
      makeDesired("render/log-stream", "workspace", {
        preview: "drop",
        endpoint: "logs.test:514",
        token: secret,
      }),
    ],
    written: [
      ["PUT", "/logs/streams/owner/{owner}", { preview: "drop", endpoint: "logs.test:514", token: "t0p" }],
    ],
  },
  {
    what: "metrics stream",
    table: "metricsStreams",
    blocks: [
      makeDesired("render/metrics-stream", "workspace", {
        provider: "CUSTOM",
        url: "https://m.test",
        token: secret,
      }),
    ],
    written: [
      ["PUT", "/metrics-stream/{owner}", { provider: "CUSTOM", url: "https://m.test", token: "t0p" }],
    ],
  },
  {
    what: "dedicated address set",
    table: "dedicatedIps",
    blocks: [
      ...shop,
      makeDesired("render/dedicated-ip", "egress", { region: "oregon", environments: ["shop/production"] }),
    ],
    written: [
      project,
      ["POST", "/dedicated-ips", { name: "egress", region: "oregon", environmentIds: ["{environment}"] }],
    ],
  },
];

test.each(cases)(
  "a block of a $what loads as the row that the API makes of it",
  async ({ table, blocks, written }) => {
    const loaded = await startClient({ load: [makeState(...blocks)] });
    const made = await startClient();
    const ids = new Map([["owner", made.owner]]);
    const fill = (text: string): string =>
      text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => ids.get(name) ?? whole);
    for (const [method, path, body] of written) {
      const filled = JSON.parse(fill(JSON.stringify({ ownerId: made.owner, ...body }))) as unknown;
      const reply = await made.call(method, fill(path), filled);
      expect(reply.status).toBeLessThan(300);
      const environments = (reply.body as { environmentIds?: string[] }).environmentIds;
      if (environments?.[0] !== undefined) ids.set("environment", environments[0]);
    }
    expect(rowOf(loaded, table)).toEqual(rowOf(made, table));
  },
);

/** The first row, of the main workspace, with what is generated replaced by its kind. */
function rowOf(client: Client, table: string): unknown {
  const [row] = client.simulator.account.save().tables[table] ?? [];
  expect(row).toBeDefined();
  return JSON.parse(JSON.stringify(row), (key, value: unknown) => {
    if (/At$|^(password|secret|ips)$/.test(key)) return `(${key})`;
    if (typeof value !== "string") return value;
    return key === "databaseName"
      ? value.replace(/_\w{4}$/, "")
      : value.replaceAll(/\b([a-z]{3})-[0-9a-v]{20}/g, "$1");
  });
}

test("what stands in an environment is in it, and a reference resolves to the loaded row's own address", async () => {
  const environment = production;
  const database = makeDesired(
    "render/postgres",
    "main",
    { readReplicas: [{ name: "reader" }], logStream: { setting: "drop" } },
    { environment },
  );
  const group = makeDesired("render/env-group", "shared", {
    envVars: { HOST: { from: "output", of: database.address, output: "host" } },
  });
  const service = makeDesired("render/service", "api", {
    type: "web",
    runtime: "node",
    envVars: {
      DATABASE_URL: { from: "output", of: database.address, output: "connectionString" },
      READER: { from: "output", of: makeAddress("render/postgres", "reader"), output: "host" },
    },
  });
  const client = await startClient({ load: [makeState(...shop, database, group, service)] });
  const [item] = (await client.call("GET", `/postgres?ownerId=${client.owner}&includeReplicas=false`))
    .body as [{ postgres: { id: string; environmentId: string; status: string } }];
  const { id, environmentId, status } = item.postgres;
  expect(status).toBe("available");
  expect((await client.call("GET", `/environments/${environmentId}`)).body).toMatchObject({
    name: "production",
  });
  expect((await client.call("GET", `/logs/streams/resource/${id}`)).body).toMatchObject({ setting: "drop" });
  const connection = (await client.call("GET", `/postgres/${id}/connection-info`)).body as {
    internalConnectionString: string;
  };
  const [row] = client.simulator.account.list(services);
  const variables = new Map(row?.envVars.map(({ key, value }) => [key, value]));
  expect(variables.get("DATABASE_URL")).toBe(connection.internalConnectionString);
  expect(variables.get("READER")).toBe(id.replace(/a$/, "b"));
});

test("the second workspace gets the same names", async () => {
  const client = await startClient({ load: [makeState(makeDesired("render/key-value", "cache", {}))] });
  const listed = (await client.call("GET", "/key-value?name=cache")).body as {
    keyValue: { owner: { id: string } };
  }[];
  expect(new Set(listed.map(({ keyValue }) => keyValue.owner.id)).size).toBe(2);
});
