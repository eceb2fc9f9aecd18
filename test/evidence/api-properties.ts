import type { KindName } from "../../src/core/base/address.ts";

/**
 * What becomes of each member of Render's create and update bodies. `managed`: the field of the kind's table (`name`: of
 * the block) that it is written from. `derived`: it follows from something else of the file or the run. `left`: trueup
 * never sends it, and why.
 */
export type ApiProperties = {
  readonly kind: KindName;
  readonly calls: readonly string[];
  readonly managed: { readonly [property: string]: string };
  readonly derived?: { readonly [property: string]: string };
  readonly left?: { readonly [property: string]: string };
};

const workspace = "the workspace that the run is about";
const membership = "the environment that the block stands in";
const older = "an older spelling of a member that is sent";
const answer = "a member of the answer, which the description reuses for the request of cron jobs";
const datadog = "a key of another company for one database; the workspace's metrics stream has its place";
const byHand = "a choice for a deploy that a person starts";

function allowList(at: string): { readonly [property: string]: string } {
  return { [`${at}[].cidrBlock`]: "ipAllowList", [`${at}[].description`]: "ipAllowList" };
}

function autoscaling(at: string): { readonly [property: string]: string } {
  const members = [
    "enabled",
    "min",
    "max",
    ...["cpu", "memory"].flatMap((use) => [`criteria.${use}.enabled`, `criteria.${use}.percentage`]),
  ];
  return Object.fromEntries(members.map((member) => [`${at}${member}`, "scaling"]));
}

/** Beside `envSpecificDetails` for a static site, inside it for everything else. */
const commands = {
  "serviceDetails.buildCommand": "buildCommand",
  "serviceDetails.envSpecificDetails.buildCommand": "buildCommand",
  "serviceDetails.envSpecificDetails.startCommand": "startCommand",
  "serviceDetails.preDeployCommand": "preDeployCommand",
  "serviceDetails.envSpecificDetails.dockerCommand": "dockerCommand",
  "serviceDetails.envSpecificDetails.dockerContext": "dockerContext",
  "serviceDetails.envSpecificDetails.dockerfilePath": "dockerfilePath",
  "serviceDetails.envSpecificDetails.registryCredentialId": "registryCredential",
};

const service: readonly ApiProperties[] = [
  {
    kind: "render/service",
    calls: ["POST /services", "PATCH /services/{}"],
    managed: {
      type: "type",
      name: "name",
      repo: "repo",
      branch: "branch",
      rootDir: "rootDir",
      "buildFilter.paths[]": "buildFilter",
      "buildFilter.ignoredPaths[]": "buildFilter",
      "image.imagePath": "image",
      "image.registryCredentialId": "image",
      "envVars[].key": "envVars",
      "envVars[].value": "envVars",
      "envVars[].generateValue": "envVars",
      "secretFiles[].name": "secretFiles",
      "secretFiles[].content": "secretFiles",
      ...commands,
      "serviceDetails.runtime": "runtime",
      "serviceDetails.plan": "plan",
      "serviceDetails.region": "region",
      "serviceDetails.numInstances": "numInstances",
      ...autoscaling("serviceDetails.autoscaling."),
      "serviceDetails.schedule": "schedule",
      "serviceDetails.publishPath": "staticPublishPath",
      "serviceDetails.healthCheckPath": "healthCheckPath",
      "serviceDetails.maxShutdownDelaySeconds": "maxShutdownDelaySeconds",
      "serviceDetails.maintenanceMode.enabled": "maintenanceMode",
      "serviceDetails.maintenanceMode.uri": "maintenanceMode",
      "serviceDetails.renderSubdomainPolicy": "renderSubdomainPolicy",
      "serviceDetails.cache.profile": "cache",
      "serviceDetails.previews.generation": "previews",
      ...allowList("serviceDetails.ipAllowList"),
      "serviceDetails.headers[].path": "headers",
      "serviceDetails.headers[].name": "headers",
      "serviceDetails.headers[].value": "headers",
      "serviceDetails.routes[].type": "routes",
      "serviceDetails.routes[].source": "routes",
      "serviceDetails.routes[].destination": "routes",
    },
    derived: {
      ownerId: workspace,
      environmentId: membership,
      "image.ownerId": "empty, which means the workspace (recorded)",
      "serviceDetails.disk.name": "the disk of a new service, a kind of its own",
      "serviceDetails.disk.mountPath": "the disk of a new service, a kind of its own",
      "serviceDetails.disk.sizeGB": "the disk of a new service, a kind of its own",
    },
    left: {
      autoDeploy: older,
      "serviceDetails.env": older,
      "serviceDetails.pullRequestPreviewsEnabled": older,
      "serviceDetails.envSpecificDetails.preDeployCommand": "sent beside it, as recorded",
      "serviceDetails.envSpecificDetails.registryCredential.id": answer,
      "serviceDetails.envSpecificDetails.registryCredential.name": answer,
      "serviceDetails.envSpecificDetails.registryCredential.registry": answer,
      "serviceDetails.envSpecificDetails.registryCredential.updatedAt": answer,
      "serviceDetails.envSpecificDetails.registryCredential.username": answer,
      "serviceDetails.routes[].priority": "the order of the list is the priority (recorded)",
    },
  },
  {
    kind: "render/service",
    calls: ["PUT /services/{}/env-vars/{}"],
    managed: { value: "envVars", generateValue: "envVars" },
  },
  {
    kind: "render/service",
    calls: ["PUT /services/{}/env-vars"],
    managed: { "[].key": "envVars", "[].value": "envVars" },
    left: {
      "[].generateValue": "a list is replaced with values as they are, so that none is made a second time",
    },
  },
  {
    kind: "render/service",
    calls: ["PUT /services/{}/secret-files", "PUT /services/{}/secret-files/{}"],
    managed: { "[].name": "secretFiles", "[].content": "secretFiles", content: "secretFiles" },
  },
  {
    kind: "render/service",
    calls: ["PUT /services/{}/headers"],
    managed: { "[].path": "headers", "[].name": "headers", "[].value": "headers" },
  },
  {
    kind: "render/service",
    calls: ["PUT /services/{}/routes"],
    managed: { "[].type": "routes", "[].source": "routes", "[].destination": "routes" },
  },
  { kind: "render/service", calls: ["PUT /services/{}/autoscaling"], managed: autoscaling("") },
  { kind: "render/service", calls: ["POST /services/{}/scale"], managed: { numInstances: "numInstances" } },
  {
    kind: "render/service",
    calls: ["PATCH /notification-settings/overrides/services/{}"],
    managed: { notificationsToSend: "notifications", previewNotificationsEnabled: "notifications" },
  },
  {
    kind: "render/service",
    calls: ["POST /services/{}/deploys"],
    managed: {},
    left: { clearCache: byHand, commitId: byHand, deployMode: byHand, imageUrl: byHand },
  },
  {
    kind: "render/service",
    calls: ["PUT /logs/streams/resource/{}"],
    managed: { setting: "logStream", endpoint: "logStream", token: "logStream" },
  },
];

const insideServices: readonly ApiProperties[] = [
  {
    kind: "render/disk",
    calls: ["POST /disks", "PATCH /disks/{}"],
    managed: { name: "name", mountPath: "mountPath", sizeGB: "sizeGB" },
    derived: { serviceId: "the service that the block stands in" },
  },
  {
    kind: "render/custom-domain",
    calls: ["POST /services/{}/custom-domains"],
    managed: {},
    derived: { name: "the entry itself" },
  },
];

const datastores: readonly ApiProperties[] = [
  {
    kind: "render/postgres",
    calls: ["POST /postgres", "PATCH /postgres/{}"],
    managed: {
      name: "name",
      plan: "plan",
      region: "region",
      version: "postgresMajorVersion",
      databaseName: "databaseName",
      databaseUser: "user",
      diskSizeGB: "diskSizeGB",
      enableDiskAutoscaling: "storageAutoscalingEnabled",
      enableHighAvailability: "highAvailability",
      parameterOverrides: "parameterOverrides",
      "readReplicas[].name": "readReplicas",
      "readReplicas[].parameterOverrides": "readReplicas",
      ...allowList("ipAllowList"),
    },
    derived: { ownerId: workspace, environmentId: membership },
    left: { datadogAPIKey: datadog, datadogSite: datadog },
  },
  { kind: "render/postgres", calls: ["POST /postgres/{}/credentials"], managed: { username: "users" } },
  {
    kind: "render/key-value",
    calls: ["POST /key-value", "PATCH /key-value/{}"],
    managed: {
      name: "name",
      plan: "plan",
      region: "region",
      maxmemoryPolicy: "maxmemoryPolicy",
      ...allowList("ipAllowList"),
    },
    derived: { ownerId: workspace, environmentId: membership },
  },
];

const environmentSettings = { networkIsolationEnabled: "networking", protectedStatus: "permissions" };

const workspaceWide: readonly ApiProperties[] = [
  {
    kind: "render/env-group",
    calls: ["POST /env-groups", "PATCH /env-groups/{}"],
    managed: {
      name: "name",
      "envVars[].key": "envVars",
      "envVars[].value": "envVars",
      "envVars[].generateValue": "envVars",
      "secretFiles[].name": "secretFiles",
      "secretFiles[].content": "secretFiles",
    },
    derived: { ownerId: workspace, environmentId: membership },
    left: { "serviceIds[]": "the service links itself, once both are there" },
  },
  {
    kind: "render/env-group",
    calls: ["PUT /env-groups/{}/env-vars/{}", "PUT /env-groups/{}/secret-files/{}"],
    managed: { value: "envVars", generateValue: "envVars", content: "secretFiles" },
  },
  {
    kind: "render/project",
    calls: ["POST /projects", "PATCH /projects/{}"],
    managed: { name: "name" },
    derived: {
      ownerId: workspace,
      "environments[].name": "its environments, a kind of their own",
      "environments[].networkIsolationEnabled": "its environments, a kind of their own",
      "environments[].protectedStatus": "its environments, a kind of their own",
      "environments[].ipAllowList[].cidrBlock": "its environments, a kind of their own",
      "environments[].ipAllowList[].description": "its environments, a kind of their own",
    },
  },
  {
    kind: "render/environment",
    calls: ["POST /environments", "PATCH /environments/{}"],
    managed: { name: "name", ...environmentSettings, ...allowList("ipAllowList") },
    derived: { projectId: "the project that the block stands in" },
  },
  {
    kind: "render/environment",
    calls: ["POST /environments/{}/resources"],
    managed: {},
    derived: { "resourceIds[]": "what stands in the environment's block" },
  },
  {
    kind: "render/registry-credential",
    calls: ["POST /registrycredentials", "PATCH /registrycredentials/{}"],
    managed: { name: "name", registry: "registry", username: "username", authToken: "authToken" },
    derived: { ownerId: workspace },
  },
  {
    kind: "render/webhook",
    calls: ["POST /webhooks", "PATCH /webhooks/{}"],
    managed: { name: "name", url: "url", enabled: "enabled", "eventFilter[]": "events" },
    derived: { ownerId: workspace },
  },
  {
    kind: "render/notification-settings",
    calls: ["PATCH /notification-settings/owners/{}"],
    managed: { emailEnabled: "email", notificationsToSend: "send", previewNotificationsEnabled: "previews" },
  },
  {
    kind: "render/log-stream",
    calls: ["PUT /logs/streams/owner/{}"],
    managed: { preview: "preview", endpoint: "endpoint", token: "token" },
  },
  {
    kind: "render/metrics-stream",
    calls: ["PUT /metrics-stream/{}"],
    managed: { provider: "provider", url: "url", token: "token" },
  },
];

export const apiProperties: readonly ApiProperties[] = [
  ...service,
  ...insideServices,
  ...datastores,
  ...workspaceWide,
];

const action = "something that a person does once, no state that a file could ask for";
const legacy = "made as Redis: read and managed as Key Value, whose calls know them too";
const single = "one entry of a list that is replaced as a whole";

/** Calls with a body that no kind sends. */
export const callsLeft: { readonly [call: string]: string } = {
  "PATCH /blueprints/{}": "a Blueprint's own settings; a workspace has trueup or Blueprints for one resource",
  "PATCH /maintenance/{}": action,
  "PATCH /owners/{}/members/{}": "people and what they may do are not part of a Blueprint's format",
  "PATCH /redis/{}": legacy,
  "PATCH /services/{}/routes": single,
  "PATCH /workflows/{}": "workflows have no public place in the format yet",
  "POST /disks/{}/snapshots/restore": action,
  "POST /postgres/{}/recovery": action,
  "POST /redis": legacy,
  "POST /services/{}/headers": single,
  "POST /services/{}/jobs": "started by `lifecycle.beforeDeploy`, and no state",
  "POST /services/{}/preview": "previews are made by pull requests",
  "POST /services/{}/rollback": "done by `lifecycle.rollback`, and no state",
  "POST /services/{}/routes": single,
  "POST /task-runs": "workflows have no public place in the format yet",
  "POST /workflows": "workflows have no public place in the format yet",
  "POST /workflowversions": "workflows have no public place in the format yet",
};
