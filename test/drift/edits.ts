import type { Json } from "../../src/core/json.ts";

/**
 * What somebody else does behind the file's back, and what drift has to say of it. In a path and in a body,
 * `{services/api}` stands for the id of the only row of that name. `found`: verdict, address, and what differs; a field
 * whose own verdict is not `outside` carries it.
 */
export type Edit = {
  readonly what: string;
  readonly calls: readonly Call[];
  readonly found: readonly string[];
};
export type Call = readonly [method: string, path: string, body?: Json];

const api = "/services/{services/api}";
const site = "/services/{services/site}";
const details = (body: Json): Json => ({ serviceDetails: body });
const commands = (body: Json): Json => details({ envSpecificDetails: body });

function changed(what: string, [address, ...fields]: readonly [string, ...string[]], ...call: Call): Edit {
  return { what, calls: [call], found: [`changed render/${address}: ${fields.join(", ")}`] };
}

const serviceSettings: readonly Edit[] = [
  changed("another plan", ["service/api", "plan"], "PATCH", api, details({ plan: "pro" })),
  changed("another repository", ["service/api", "repo"], "PATCH", api, {
    repo: "https://github.com/acme/fork",
  }),
  changed("another branch", ["service/api", "branch"], "PATCH", api, { branch: "hotfix" }),
  changed("another folder", ["service/api", "rootDir"], "PATCH", api, { rootDir: "" }),
  changed("no build filter", ["service/api", "buildFilter"], "PATCH", api, {
    buildFilter: { paths: [], ignoredPaths: [] },
  }),
  changed("no deploys by commit", ["service/api", "autoDeployTrigger"], "PATCH", api, {
    autoDeployTrigger: "off",
  }),
  changed(
    "other commands",
    ["service/api", "buildCommand", "startCommand"],
    "PATCH",
    api,
    commands({ buildCommand: "make", startCommand: "./run" }),
  ),
  changed(
    "no command before deploys",
    ["service/api", "preDeployCommand"],
    "PATCH",
    api,
    details({ preDeployCommand: "" }),
  ),
  changed(
    "another health check",
    ["service/api", "healthCheckPath"],
    "PATCH",
    api,
    details({ healthCheckPath: "/theirs" }),
  ),
  changed(
    "less time to shut down",
    ["service/api", "maxShutdownDelaySeconds"],
    "PATCH",
    api,
    details({ maxShutdownDelaySeconds: 1 }),
  ),
  changed(
    "maintenance",
    ["service/api", "maintenanceMode"],
    "PATCH",
    api,
    details({ maintenanceMode: { enabled: true, uri: "" } }),
  ),
  changed(
    "an open subdomain",
    ["service/api", "renderSubdomainPolicy"],
    "PATCH",
    api,
    details({ renderSubdomainPolicy: "enabled" }),
  ),
  changed(
    "access for everybody",
    ["service/api", "ipAllowList"],
    "PATCH",
    api,
    details({ ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "" }] }),
  ),
  changed(
    "another edge cache",
    ["service/api", "cache"],
    "PATCH",
    api,
    details({ cache: { profile: "no-cache" } }),
  ),
  changed(
    "previews of each pull request",
    ["service/api", "previews"],
    "PATCH",
    api,
    details({ previews: { generation: "automatic" } }),
  ),
  changed("another runtime", ["service/api", "runtime"], "PATCH", api, details({ runtime: "python" })),
  changed(
    "another Docker build",
    ["service/inner", "dockerCommand", "dockerfilePath", "dockerContext"],
    "PATCH",
    "/services/{services/inner}",
    commands({ dockerCommand: "", dockerfilePath: "./Dockerfile", dockerContext: "." }),
  ),
  changed(
    "no credential for the base image",
    ["service/inner", "registryCredential"],
    "PATCH",
    "/services/{services/inner}",
    commands({ registryCredentialId: "" }),
  ),
  changed("another image", ["service/jobs", "image"], "PATCH", "/services/{services/jobs}", {
    image: { ownerId: "", imagePath: "docker.io/library/nginx:1" },
  }),
  changed(
    "another schedule",
    ["service/nightly", "schedule"],
    "PATCH",
    "/services/{services/nightly}",
    details({ schedule: "0 4 * * *" }),
  ),
  changed(
    "another folder to publish",
    ["service/site", "staticPublishPath"],
    "PATCH",
    site,
    details({ publishPath: "public" }),
  ),
];

const serviceParts: readonly Edit[] = [
  changed("another target of autoscaling", ["service/api", "scaling"], "PUT", `${api}/autoscaling`, {
    enabled: true,
    min: 1,
    max: 2,
    criteria: { cpu: { enabled: true, percentage: 50 }, memory: { enabled: false, percentage: 70 } },
  }),
  changed("no autoscaling", ["service/api", "scaling"], "DELETE", `${api}/autoscaling`),
  changed("fewer instances", ["service/jobs", "numInstances"], "POST", "/services/{services/jobs}/scale", {
    numInstances: 1,
  }),
  changed("a suspension", ["service/jobs", "suspended"], "POST", "/services/{services/jobs}/suspend"),
  changed("a variable's value", ["service/api", "envVars.LEVEL"], "PUT", `${api}/env-vars/LEVEL`, {
    value: "debug",
  }),
  changed(
    "a variable that referred to a database",
    ["service/api", "envVars.DATABASE_URL"],
    "PUT",
    `${api}/env-vars/DATABASE_URL`,
    { value: "postgresql://elsewhere" },
  ),
  changed("a variable taken away", ["service/api", "envVars.LEVEL"], "DELETE", `${api}/env-vars/LEVEL`),
  changed(
    "a secret file's content",
    ["service/api", "secretFiles.app.conf"],
    "PUT",
    `${api}/secret-files/app.conf`,
    { content: "[theirs]" },
  ),
  changed(
    "a secret file taken away",
    ["service/api", "secretFiles.app.conf"],
    "DELETE",
    `${api}/secret-files/app.conf`,
  ),
  changed(
    "an env group unlinked",
    ["service/api", "groupLinks.render/env-group/shared"],
    "DELETE",
    "/env-groups/{environmentGroups/shared}/services/{services/api}",
  ),
  changed(
    "fewer notifications",
    ["service/api", "notifications"],
    "PATCH",
    "/notification-settings/overrides/services/{services/api}",
    { notificationsToSend: "none" },
  ),
  changed(
    "another receiver of logs",
    ["service/api", "logStream"],
    "PUT",
    "/logs/streams/resource/{services/api}",
    { setting: "send", endpoint: "theirs.test:1", token: "theirs" },
  ),
  changed(
    "no receiver of logs",
    ["service/api", "logStream"],
    "DELETE",
    "/logs/streams/resource/{services/api}",
  ),
  changed("a header's value", ["service/site", "headers./* X-Frame-Options"], "PUT", `${site}/headers`, [
    { path: "/*", name: "X-Frame-Options", value: "ALLOW" },
  ]),
  changed("no headers", ["service/site", "headers./* X-Frame-Options"], "PUT", `${site}/headers`, []),
  changed(
    "routes in another order",
    ["service/site", "routes.redirect /old", "routes.rewrite /*"],
    "PUT",
    `${site}/routes`,
    [
      { type: "rewrite", source: "/*", destination: "/index.html" },
      { type: "redirect", source: "/old", destination: "/new" },
    ],
  ),
  changed("one route less", ["service/site", "routes.rewrite /*"], "PUT", `${site}/routes`, [
    { type: "redirect", source: "/old", destination: "/new" },
  ]),
  changed("another name of a service", ["service/jobs", "name"], "PATCH", "/services/{services/jobs}", {
    name: "theirs",
  }),
  changed(
    "a service in another environment",
    ["service/api", "environment"],
    "POST",
    "/environments/{environments/staging}/resources",
    { resourceIds: ["{services/api}"] },
  ),
  changed(
    "a service in no environment",
    ["service/api", "environment"],
    "DELETE",
    "/environments/{environments/production}/resources?resourceIds={services/api}",
  ),
];

const besideServices: readonly Edit[] = [
  changed("a disk mounted elsewhere", ["disk/inner", "name", "mountPath"], "PATCH", "/disks/{disk/inner}", {
    name: "theirs",
    mountPath: "/theirs",
  }),
  { what: "a disk deleted", calls: [["DELETE", "/disks/{disk/inner}"]], found: ["gone render/disk/inner"] },
  {
    what: "a domain deleted",
    calls: [["DELETE", `${api}/custom-domains/api.acme.test`]],
    found: ["gone render/custom-domain/api.acme.test"],
  },
  changed(
    "a group's variable",
    ["env-group/shared", "envVars.REGION"],
    "PUT",
    "/env-groups/{environmentGroups/shared}/env-vars/REGION",
    { value: "us" },
  ),
  changed(
    "a group's variable taken away",
    ["env-group/shared", "envVars.REGION"],
    "DELETE",
    "/env-groups/{environmentGroups/shared}/env-vars/REGION",
  ),
  changed(
    "a group's secret file",
    ["env-group/shared", "secretFiles.ca.pem"],
    "PUT",
    "/env-groups/{environmentGroups/shared}/secret-files/ca.pem",
    { content: "theirs" },
  ),
  changed(
    "another name of a group",
    ["env-group/shared", "name"],
    "PATCH",
    "/env-groups/{environmentGroups/shared}",
    { name: "theirs" },
  ),
  {
    what: "a service deleted",
    calls: [["DELETE", "/services/{services/nightly}"]],
    found: ["gone render/service/nightly"],
  },
  {
    what: "a service deleted with its disk",
    calls: [["DELETE", "/services/{services/inner}"]],
    found: ["gone render/disk/inner", "gone render/service/inner"],
  },
  {
    what: "a group deleted",
    calls: [["DELETE", "/env-groups/{environmentGroups/shared}"]],
    found: ["gone render/env-group/shared", "changed render/service/api: groupLinks.render/env-group/shared"],
  },
];

const main = "/postgres/{postgres/main}";
const cache = "/key-value/{keyValues/cache}";
const datastores: readonly Edit[] = [
  changed("a smaller database", ["postgres/main", "plan"], "PATCH", main, { plan: "pro_8gb" }),
  changed(
    "a database that does not grow by itself",
    ["postgres/main", "storageAutoscalingEnabled"],
    "PATCH",
    main,
    { enableDiskAutoscaling: false },
  ),
  changed("no connection pool", ["postgres/main", "connectionPool"], "PATCH", main, {
    connectionPool: "none",
  }),
  changed("a database open to everybody", ["postgres/main", "ipAllowList"], "PATCH", main, {
    ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "" }],
  }),
  changed("no standby", ["postgres/main", "highAvailability"], "PATCH", main, {
    enableHighAvailability: false,
  }),
  changed("no read replica", ["postgres/main", "readReplicas"], "PATCH", main, { readReplicas: [] }),
  changed("other parameters", ["postgres/main", "parameterOverrides"], "PATCH", main, {
    parameterOverrides: { work_mem: "64MB" },
  }),
  changed(
    "a database user taken away",
    ["postgres/main", "users.reporting"],
    "DELETE",
    `${main}/credentials/reporting`,
  ),
  changed(
    "a database's logs let through",
    ["postgres/main", "logStream"],
    "DELETE",
    "/logs/streams/resource/{postgres/main}",
  ),
  changed("another name of a database", ["postgres/main", "name"], "PATCH", main, { name: "theirs" }),
  changed(
    "a database in no environment",
    ["postgres/main", "environment"],
    "DELETE",
    "/environments/{environments/production}/resources?resourceIds={postgres/main}",
  ),
  changed("a larger Key Value instance", ["key-value/cache", "plan"], "PATCH", cache, { plan: "standard" }),
  changed("a Key Value instance open to everybody", ["key-value/cache", "ipAllowList"], "PATCH", cache, {
    ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "" }],
  }),
  changed("another eviction policy", ["key-value/cache", "maxmemoryPolicy"], "PATCH", cache, {
    maxmemoryPolicy: "allkeys_lru",
  }),
  changed("another persistence", ["key-value/cache", "persistenceMode"], "PATCH", cache, {
    persistenceMode: "journal_snapshot",
  }),
  changed("a suspended Key Value instance", ["key-value/cache", "suspended"], "POST", `${cache}/suspend`),
  changed(
    "a Key Value instance's logs let through",
    ["key-value/cache", "logStream"],
    "DELETE",
    "/logs/streams/resource/{keyValues/cache}",
  ),
  {
    what: "a Key Value instance deleted",
    calls: [["DELETE", cache]],
    found: ["gone render/key-value/cache"],
  },
];

const workspaceWide: readonly Edit[] = [
  changed("another name of a project", ["project/shop", "name"], "PATCH", "/projects/{projects/shop}", {
    name: "theirs",
  }),
  changed(
    "an environment without protection",
    ["environment/shop%2Fproduction", "permissions"],
    "PATCH",
    "/environments/{environments/production}",
    { protectedStatus: "unprotected" },
  ),
  changed(
    "an environment without isolation",
    ["environment/shop%2Fproduction", "networking"],
    "PATCH",
    "/environments/{environments/production}",
    { networkIsolationEnabled: false },
  ),
  changed(
    "an environment open to everybody",
    ["environment/shop%2Fproduction", "ipAllowList"],
    "PATCH",
    "/environments/{environments/production}",
    { ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "" }] },
  ),
  {
    what: "an environment deleted",
    calls: [["DELETE", "/environments/{environments/staging}"]],
    found: ["gone render/environment/shop%2Fstaging"],
  },
  changed(
    "another login at a registry",
    ["registry-credential/ghcr", "username"],
    "PATCH",
    "/registrycredentials/{registryCredentials/ghcr}",
    { name: "ghcr", registry: "GITHUB", username: "theirs", authToken: "theirs" },
  ),
  changed(
    "another receiver of events",
    ["webhook/deploys", "url", "events"],
    "PATCH",
    "/webhooks/{webhooks/deploys}",
    { url: "https://theirs.test", eventFilter: [] },
  ),
  changed("a webhook turned off", ["webhook/deploys", "enabled"], "PATCH", "/webhooks/{webhooks/deploys}", {
    enabled: false,
  }),
  {
    what: "a webhook deleted",
    calls: [["DELETE", "/webhooks/{webhooks/deploys}"]],
    found: ["gone render/webhook/deploys"],
  },
  changed(
    "other notifications",
    ["notification-settings/workspace", "email", "send", "previews"],
    "PATCH",
    "/notification-settings/owners/{owner}",
    { emailEnabled: false, notificationsToSend: "none", previewNotificationsEnabled: false },
  ),
  changed(
    "another log stream",
    ["log-stream/workspace", "preview", "endpoint"],
    "PUT",
    "/logs/streams/owner/{owner}",
    { preview: "send", endpoint: "theirs.test:1", token: "theirs" },
  ),
  {
    what: "a log stream deleted",
    calls: [["DELETE", "/logs/streams/owner/{owner}"]],
    found: ["gone render/log-stream/workspace"],
  },
  changed(
    "another metrics stream",
    ["metrics-stream/workspace", "provider", "url"],
    "PUT",
    "/metrics-stream/{owner}",
    { provider: "GRAFANA", url: "https://theirs.test", token: "theirs" },
  ),
  {
    what: "a metrics stream deleted",
    calls: [["DELETE", "/metrics-stream/{owner}"]],
    found: ["gone render/metrics-stream/workspace"],
  },
  changed(
    "dedicated addresses for other environments",
    ["dedicated-ip/out", "description", "environments"],
    "PATCH",
    "/dedicated-ips/{dedicatedIps/out}",
    { description: "", environmentIds: ["{environments/staging}"] },
  ),
  {
    what: "dedicated addresses deleted",
    calls: [["DELETE", "/dedicated-ips/{dedicatedIps/out}"]],
    found: ["gone render/dedicated-ip/out"],
  },
];

/** Each of them is seen, and taken back by an apply. */
export const edits: readonly Edit[] = [
  ...serviceSettings,
  ...serviceParts,
  ...besideServices,
  ...datastores,
  ...workspaceWide,
];
