import type { SceneOptions, Scene } from "../scene.ts";
import { ourRows } from "../observe.ts";

/**
 * One case for every kind that can be made: a file without it, the same file with it, the call that makes it, and how many
 * of it the account has. After a creation whose answer was lost there is one, whatever the lists showed meanwhile.
 */
export type MadeKind = {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** Path of the call that makes it, as a glob of the simulator's faults, and its method: POST if absent. */
  readonly path: string;
  readonly method?: "PUT";
  readonly count: (scene: Scene) => number;
  readonly options?: SceneOptions;
};

const worker = (more = ""): string =>
  `services:\n  - { type: worker, name: api, runtime: image, image: { url: nginx }, plan: starter${more} }\n`;
const site = (more = ""): string =>
  `services:\n  - { type: web, name: api, runtime: image, image: { url: nginx }, plan: starter${more} }\n`;

const rows =
  (table: string) =>
  (scene: Scene): number =>
    ourRows(scene, table).length;

const parts = (column: string) => (scene: Scene) => {
  const [service] = ourRows(scene, "services");
  const value = service?.[column];
  return Array.isArray(value) ? value.length : value ? 1 : 0;
};

const ofWorkspace = (table: string) => (scene: Scene) => scene.rows(table).length;

export const madeKinds: readonly MadeKind[] = [
  {
    kind: "render/service",
    from: "services: []\n",
    to: worker(),
    path: "/services",
    count: rows("services"),
  },
  {
    kind: "render/postgres",
    from: worker(),
    to: `${worker()}databases: [{ name: main, plan: basic-256mb, postgresMajorVersion: "18" }]\n`,
    path: "/postgres",
    count: rows("postgres"),
  },
  {
    kind: "render/key-value",
    from: worker(),
    to: `${worker()}  - { type: keyvalue, name: cache, plan: starter, ipAllowList: [] }\n`,
    path: "/key-value",
    count: rows("keyValues"),
  },
  {
    kind: "render/env-group",
    from: worker(),
    to: `${worker()}envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: info }] }]\n`,
    path: "/env-groups",
    count: rows("environmentGroups"),
  },
  {
    kind: "render/registry-credential",
    from: worker(),
    to: `${worker()}registryCredentials: [{ name: hub, registry: DOCKER, username: acme, authToken: { fromEnvironment: HUB_TOKEN } }]\n`,
    path: "/registrycredentials",
    count: rows("registryCredentials"),
    options: { environment: { HUB_TOKEN: "dckr_pat_first" } },
  },
  {
    kind: "render/project",
    from: worker(),
    to: `${worker()}projects: [{ name: shop, environments: [{ name: production }] }]\n`,
    path: "/projects",
    count: rows("projects"),
  },
  {
    kind: "render/environment",
    from: `${worker()}projects: [{ name: shop, environments: [{ name: production }] }]\n`,
    to: `${worker()}projects: [{ name: shop, environments: [{ name: production }, { name: staging }] }]\n`,
    path: "/environments",
    // One more than there was.
    count: (scene) => ofWorkspace("environments")(scene) - 1,
  },
  {
    kind: "render/webhook",
    from: worker(),
    to: `${worker()}webhooks: [{ name: ops, url: "https://hooks.acme.dev/render", events: [deploy_ended] }]\n`,
    path: "/webhooks",
    count: rows("webhooks"),
  },
  {
    kind: "render/dedicated-ip",
    from: worker(),
    to: `${worker()}dedicatedIps: [{ name: egress, region: frankfurt }]\n`,
    path: "/dedicated-ips",
    count: rows("dedicatedIps"),
  },
  {
    kind: "render/custom-domain",
    from: site(),
    to: site(", domains: [shop.acme.dev]"),
    path: "/services/*/custom-domains",
    count: parts("customDomains"),
  },
  {
    kind: "render/disk",
    from: worker(),
    to: worker(", disk: { name: data, mountPath: /var/data, sizeGB: 1 }"),
    path: "/disks",
    count: parts("disk"),
  },
  {
    kind: "render/log-stream",
    from: worker(),
    to: `${worker()}logStream: { endpoint: "logs.acme.dev:6514", token: { fromEnvironment: STREAM_TOKEN } }\n`,
    path: "/logs/streams/owner/*",
    method: "PUT",
    count: ofWorkspace("logStreams"),
    options: { environment: { STREAM_TOKEN: "s3cr3t-token" } },
  },
  {
    kind: "render/metrics-stream",
    from: worker(),
    to: `${worker()}metricsStream: { provider: CUSTOM, url: "https://metrics.acme.dev", token: { fromEnvironment: STREAM_TOKEN } }\n`,
    path: "/metrics-stream/*",
    method: "PUT",
    count: ofWorkspace("metricsStreams"),
    options: { environment: { STREAM_TOKEN: "s3cr3t-token" } },
  },
  {
    kind: "rendercad/token",
    from: worker(),
    to: `${worker(", envVars: [{ key: TOKEN, fromRendercadToken: { name: prod } }]")}rendercad: { tokens: [{ name: prod, scope: read-only }] }\n`,
    path: "/auth.php/create_api_token",
    count: rows("rendercad tokens"),
  },
  {
    kind: "rendercad/webhook",
    from: worker(),
    to: `${worker(", envVars: [{ key: SECRET, fromRendercadWebhook: { name: done, property: secret } }]")}rendercad: { webhooks: [{ name: done, url: "https://hooks.acme.dev/done", events: [render.completed] }] }\n`,
    path: "/webhooks.php/register",
    count: rows("rendercad webhooks"),
  },
];
