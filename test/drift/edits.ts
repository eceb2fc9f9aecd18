import { changed, type Edit } from "./edit.ts";
import { serviceParts, serviceSettings } from "./service-edits.ts";

const api = "/services/{services/api}";

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
    // The only one that nothing stands in: Render deletes no other (described).
    calls: [["DELETE", "/environments/{environments/spare}"]],
    found: ["gone render/environment/shop%2Fspare"],
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
