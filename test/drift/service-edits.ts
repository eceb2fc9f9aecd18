import type { Json } from "../../src/core/base/json.ts";
import { changed, type Call, type Edit } from "./edit.ts";

const api = "/services/{services/api}";
const site = "/services/{services/site}";
const details = (body: Json): Json => ({ serviceDetails: body });
const commands = (body: Json): Json => details({ envSpecificDetails: body });

export const serviceSettings: readonly Edit[] = [
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

export const serviceParts: readonly Edit[] = [
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
  movedAway("a service in another environment", [
    "POST",
    "/environments/{environments/staging}/resources",
    { resourceIds: ["{services/api}"] },
  ]),
  movedAway("a service in no environment", [
    "DELETE",
    "/environments/{environments/production}/resources?resourceIds={services/api}",
  ]),
];

/** Render moves no service that a group of its environment is linked to, so somebody has to take the link away first. */
function movedAway(what: string, move: Call): Edit {
  const unlink: Call = ["DELETE", "/env-groups/{environmentGroups/shared}/services/{services/api}"];
  const fields = "groupLinks.render/env-group/shared, environment";
  return { what, calls: [unlink, move], found: [`changed render/service/api: ${fields}`] };
}
