import { isObject } from "../../src/core/base/json.ts";
import { blueprints } from "../../src/simulator/render/deploy/blueprint.ts";
import { maintenanceRuns } from "../../src/simulator/render/datastore/maintenance.ts";
import { services } from "../../src/simulator/render/service/service-row.ts";
import { startSimulator, type Simulator } from "../../src/simulator/start.ts";

export type Toured = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
};

/** `{name}` in a path or body is the id that an earlier stop kept under that name; `owner` is the workspace. */
type Stop = {
  readonly call: `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;
  readonly body?: unknown;
  readonly keep?: string;
};

/** Calls what no recording calls, in an order that leaves something for every list to show. */
export async function tour(): Promise<readonly Toured[]> {
  const none = {
    buildMs: 0,
    preDeployMs: 0,
    updateMs: 0,
    jobMs: 0,
    cronRunMs: 0,
    datastoreMs: 0,
    dedicatedIpMs: 0,
  };
  const simulator = await startSimulator({
    limits: "off",
    seed: 2,
    switches: { ...none, environmentGroupList: "plain" },
  });
  const ids = new Map([["owner", simulator.env["RENDER_OWNER_ID"] ?? ""]]);
  try {
    const toured: Toured[] = [];
    for (const stop of stops) {
      const answer = await visit(simulator, stop, ids);
      if (answer.status >= 400)
        throw new Error(`${stop.call} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      toured.push(answer);
      if (stop.keep !== undefined) ids.set(stop.keep, idIn(answer.body));
      if (stop.keep === "service") ids.set("disk", addOldDisk(simulator, idIn(answer.body)));
      if (stop.call.endsWith("/snapshots")) ids.set("snapshot", keyIn(answer.body));
      if (stop.keep === "database") plant(simulator, ids);
    }
    return toured;
  } finally {
    await simulator.close();
  }
}

async function visit(simulator: Simulator, stop: Stop, ids: ReadonlyMap<string, string>): Promise<Toured> {
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => ids.get(name) ?? whole);
  const [method = "GET", template = "/"] = stop.call.split(" ");
  const path = fill(template);
  const response = await fetch(simulator.render + path, {
    method,
    headers: {
      authorization: `Bearer ${simulator.env["RENDER_API_KEY"]}`,
      "content-type": "application/json",
    },
    ...(stop.body !== undefined && { body: fill(JSON.stringify(stop.body)) }),
  });
  const text = await response.text();
  return { method, path, status: response.status, body: text === "" ? null : JSON.parse(text) };
}

/** The id of what was made: a service's is one level down, a domain's in a list, and in some lists in an envelope. */
function idIn(body: unknown): string {
  const made = Array.isArray(body) ? (body[0] as unknown) : body;
  const inner = isObject(made)
    ? (made["service"] ?? made["workflowVersion"] ?? made["task"] ?? made["event"])
    : undefined;
  const object = isObject(inner) ? inner : made;
  if (!isObject(object) || typeof object["id"] !== "string")
    throw new Error(`no id in ${JSON.stringify(body)}`);
  return object["id"];
}

/** The service's disk, of a week ago, so that it has snapshots. */
function addOldDisk({ account }: Simulator, serviceId: string): string {
  const disk = account.find(services, serviceId)?.disk;
  if (!disk) throw new Error("the service has no disk");
  Object.assign(disk, { createdAt: disk.createdAt - 7 * 86_400_000_000 });
  return disk.id;
}

function keyIn(body: unknown): string {
  const [snapshot] = body as readonly { readonly snapshotKey: string }[];
  if (!snapshot) throw new Error("the disk has no snapshot");
  return snapshot.snapshotKey;
}

/** What only Render itself makes. */
function plant(simulator: Simulator, ids: Map<string, string>): void {
  const ownerId = ids.get("owner") ?? "";
  const resourceId = ids.get("database") ?? "";
  simulator.account.insert(maintenanceRuns, {
    id: "mrn-00000000000000000010",
    ownerId,
    resourceId,
    type: "postgres_upgrade",
    scheduledAt: 1_767_225_600_000_000,
    state: "scheduled",
  });
  simulator.account.insert(blueprints, {
    id: "exs-00000000000000000010",
    ownerId,
    name: "shop",
    status: "in_sync",
    autoSync: true,
    repo: "https://github.com/acme/shop",
    branch: "main",
    path: "render.yaml",
    resources: [{ id: resourceId, name: "orders", type: "postgres" }],
  });
  ids.set("maintenance", "mrn-00000000000000000010").set("blueprint", "exs-00000000000000000010");
}

const stops: readonly Stop[] = [
  { call: "GET /owners?limit=100" },
  { call: "GET /owners/{owner}" },
  { call: "GET /owners/{owner}/members" },
  { call: "GET /users" },
  {
    call: "POST /projects",
    body: { name: "shop", ownerId: "{owner}", environments: [{ name: "production" }] },
    keep: "project",
  },
  {
    call: "POST /environments",
    body: {
      name: "staging",
      projectId: "{project}",
      ipAllowList: [{ cidrBlock: "10.0.0.0/8", description: "office" }],
    },
    keep: "environment",
  },
  { call: "GET /projects?ownerId={owner}" },
  { call: "GET /environments?projectId={project}" },
  {
    call: "POST /postgres",
    body: {
      name: "orders",
      ownerId: "{owner}",
      plan: "pro_4gb",
      version: "17",
      readReplicas: [{ name: "orders-read" }],
    },
    keep: "database",
  },
  { call: "GET /postgres?ownerId={owner}" },
  { call: "GET /postgres/{database}" },
  { call: "POST /postgres/{database}/suspend" },
  { call: "POST /postgres/{database}/resume" },
  { call: "POST /postgres/{database}/restart" },
  { call: "PATCH /postgres/{database}", body: { enableHighAvailability: true } },
  { call: "POST /postgres/{database}/failover" },
  { call: "GET /postgres/{database}/recovery" },
  { call: "POST /postgres/{database}/recovery", body: { restoreTime: "2026-01-02T03:04:05Z" } },
  { call: "POST /postgres/{database}/export" },
  { call: "GET /postgres/{database}/export" },
  { call: "POST /postgres/{database}/credentials", body: { username: "reporting" } },
  { call: "GET /postgres/{database}/credentials" },
  { call: "DELETE /postgres/{database}/credentials/reporting" },
  { call: "POST /key-value", body: { name: "cache", ownerId: "{owner}", plan: "starter" }, keep: "store" },
  { call: "GET /key-value?ownerId={owner}" },
  { call: "GET /redis?ownerId={owner}" },
  { call: "POST /key-value/{store}/suspend" },
  { call: "POST /key-value/{store}/resume" },
  {
    call: "POST /services",
    body: {
      type: "web_service",
      name: "api",
      ownerId: "{owner}",
      image: { ownerId: "{owner}", imagePath: "nginx" },
      serviceDetails: { runtime: "image", disk: { name: "data", mountPath: "/data", sizeGB: 1 } },
    },
    keep: "service",
  },
  { call: "GET /services?ownerId={owner}&includePreviews=false" },
  { call: "GET /services/{service}/deploys" },
  { call: "POST /services/{service}/jobs", body: { startCommand: "true" }, keep: "job" },
  { call: "GET /services/{service}/jobs" },
  { call: "GET /services/{service}/jobs/{job}" },
  { call: "POST /services/{service}/custom-domains", body: { name: "acme.test" } },
  { call: "GET /services/{service}/custom-domains" },
  { call: "POST /services/{service}/custom-domains/acme.test/verify" },
  { call: "POST /services/{service}/suspend" },
  { call: "POST /services/{service}/resume" },
  { call: "POST /services/{service}/restart" },
  { call: "POST /services/{service}/scale", body: { numInstances: 1 } },
  { call: "PATCH /services/{service}", body: { serviceDetails: { plan: "pro" } } },
  { call: "POST /services/{service}/cache/purge" },
  { call: "GET /services/{service}/events?limit=100", keep: "event" },
  { call: "GET /events/{event}" },
  { call: "GET /services/{service}/instances" },
  { call: "GET /disks?ownerId={owner}" },
  { call: "PUT /services/{service}/env-vars/MODE", body: { value: "dark" } },
  { call: "GET /services/{service}/env-vars/MODE" },
  { call: "DELETE /services/{service}/env-vars/MODE" },
  {
    call: "POST /env-groups",
    body: {
      name: "shared",
      ownerId: "{owner}",
      envVars: [{ key: "A", generateValue: true }],
      serviceIds: ["{service}"],
    },
    keep: "group",
  },
  { call: "GET /env-groups?ownerId={owner}" },
  { call: "GET /env-groups/{group}/env-vars/A" },
  { call: "PUT /env-groups/{group}/env-vars/A", body: { value: "1" } },
  { call: "PUT /env-groups/{group}/secret-files/key.pem", body: { content: "x" } },
  { call: "GET /env-groups/{group}/secret-files/key.pem" },
  { call: "DELETE /env-groups/{group}/services/{service}" },
  { call: "POST /env-groups/{group}/services/{service}" },
  {
    call: "POST /registrycredentials",
    body: { name: "hub", ownerId: "{owner}", registry: "DOCKER", username: "acme", authToken: "t" },
    keep: "credential",
  },
  { call: "GET /registrycredentials?ownerId={owner}" },
  { call: "GET /registrycredentials/{credential}" },
  {
    call: "PATCH /registrycredentials/{credential}",
    body: { name: "hub", registry: "DOCKER", username: "acme", authToken: "u" },
  },
  { call: "DELETE /registrycredentials/{credential}" },
  {
    call: "POST /webhooks",
    body: {
      name: "ops",
      ownerId: "{owner}",
      url: "https://hooks.acme.test",
      enabled: true,
      eventFilter: ["deploy_ended"],
    },
    keep: "webhook",
  },
  { call: "GET /webhooks?ownerId={owner}" },
  { call: "PATCH /webhooks/{webhook}", body: { enabled: false } },
  { call: "GET /webhooks/{webhook}/events" },
  {
    call: "PATCH /notification-settings/overrides/services/{service}",
    body: { notificationsToSend: "none" },
  },
  { call: "GET /notification-settings/overrides?ownerId={owner}" },
  {
    call: "PUT /logs/streams/resource/{service}",
    body: { setting: "send", endpoint: "logs.acme.test:6514", token: "t" },
  },
  { call: "GET /logs/streams/resource?ownerId={owner}" },
  { call: "GET /logs?ownerId={owner}&resource={service}" },
  { call: "GET /blueprints?ownerId={owner}" },
  { call: "GET /blueprints/{blueprint}" },
  { call: "PATCH /blueprints/{blueprint}", body: { autoSync: false } },
  { call: "GET /blueprints/{blueprint}/syncs" },
  { call: "DELETE /blueprints/{blueprint}" },
  { call: "GET /maintenance?ownerId={owner}" },
  { call: "GET /maintenance/{maintenance}" },
  { call: "PATCH /maintenance/{maintenance}", body: { scheduledAt: "2026-02-01T00:00:00Z" } },
  { call: "POST /maintenance/{maintenance}/trigger" },
  { call: "GET /owners/{owner}/audit-logs?limit=1000" },
  { call: "GET /organizations/{owner}/audit-logs?limit=1000" },
  { call: "GET /logs/values?ownerId={owner}&resource={service}&label=level" },
  ...metricStops("{service}", "{database}", "{store}"),
  { call: "GET /disks/{disk}/snapshots" },
  { call: "POST /disks/{disk}/snapshots/restore", body: { snapshotKey: "{snapshot}" } },
  {
    call: "POST /workflows",
    body: {
      name: "mail",
      ownerId: "{owner}",
      buildConfig: { repo: "https://github.com/acme/mail", buildCommand: "npm ci", runtime: "node" },
      runCommand: "npm start",
      region: "oregon",
    },
    keep: "workflow",
  },
  { call: "GET /workflows?ownerId={owner}" },
  { call: "GET /workflows/{workflow}" },
  { call: "PATCH /workflows/{workflow}", body: { runCommand: "npm run work" } },
  { call: "POST /workflowversions", body: { workflowId: "{workflow}" } },
  { call: "GET /workflowversions?workflowID={workflow}", keep: "version" },
  { call: "GET /workflowversions/{version}" },
  { call: "GET /tasks?workflowId={workflow}", keep: "task" },
  { call: "GET /tasks/{task}" },
  { call: "POST /task-runs", body: { task: "mail/mail", input: [1, "a"] }, keep: "run" },
  { call: "GET /task-runs?workflowId={workflow}" },
  { call: "GET /task-runs/{run}" },
  { call: "GET /metrics/task-runs-queued?resource={workflow}" },
  { call: "GET /metrics/task-runs-completed?resource={workflow}" },
  { call: "DELETE /workflows/{workflow}" },
  {
    call: "POST /services",
    body: {
      type: "static_site",
      name: "www",
      ownerId: "{owner}",
      repo: "https://github.com/acme/www",
      serviceDetails: { routes: [{ type: "rewrite", source: "/*", destination: "/index.html" }] },
    },
    keep: "site",
  },
  { call: "PATCH /services/{site}/routes", body: { priority: 0 } },
];

/** Every metric of a service, a database and a store together. */
function metricStops(...resources: readonly string[]): Stop[] {
  const names =
    "cpu cpu-limit cpu-target memory memory-limit memory-target http-requests http-latency bandwidth bandwidth-sources disk-usage disk-capacity instance-count active-connections replication-lag filters/application filters/http filters/path";
  return names.split(" ").map((name) => ({ call: `GET /metrics/${name}?resource=${resources.join(",")}` }));
}
