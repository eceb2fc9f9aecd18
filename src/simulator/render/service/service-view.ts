import type { Json } from "../../../core/base/json.ts";
import { withoutAbsent } from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import type { World } from "../../base/world.ts";
import { findNotificationOverride } from "../workspace/notification.ts";
import { registryCredentials } from "../workspace/registry-credential.ts";
import { services, type DiskRow, type ServiceRow, type ServiceType } from "./service-row.ts";

type JsonFields = { readonly [field: string]: Json };

const dashboardPaths: { readonly [type in ServiceType]: string } = {
  web_service: "web",
  static_site: "static",
  private_service: "pserv",
  background_worker: "worker",
  cron_job: "cron",
};

/** Whether a service of this type runs instances: all but cron jobs and static sites do. */
export function runsInstances(type: ServiceType): boolean {
  return type !== "cron_job" && type !== "static_site";
}

/** Whether a service of this type can be reached from outside. */
export function isPublic(type: ServiceType): boolean {
  return type === "web_service" || type === "static_site";
}

/** A service as the API shows it, in lists as alone. Its parts are never in it (recorded). */
export function viewService(service: ServiceRow, world: World): JsonFields {
  return {
    ...withoutAbsent({
      branch: service.branch,
      repo: service.repo,
      imagePath: service.imagePath,
      buildFilter: service.buildFilter && { ...service.buildFilter },
      environmentId: service.environmentId,
      // For a service of an image it stands here; for a Docker build, in the details (described for both).
      registryCredential: service.imagePath === undefined ? undefined : viewCredential(service, world),
    }),
    id: service.id,
    type: service.type,
    name: service.name,
    slug: service.slug,
    ownerId: service.ownerId,
    autoDeploy: service.autoDeployTrigger === "off" ? "no" : "yes",
    autoDeployTrigger: service.autoDeployTrigger,
    rootDir: service.rootDir,
    notifyOnFail: viewNotifyOnFail(service, world),
    dashboardUrl: `https://dashboard.render.com/${dashboardPaths[service.type]}/${service.id}`,
    suspended: service.suspenders.length > 0 ? "suspended" : "not_suspended",
    suspenders: [...service.suspenders],
    serviceDetails:
      service.type === "static_site" ? viewStaticDetails(service, world) : viewServerDetails(service, world),
    createdAt: formatTime(service.createdAt),
    updatedAt: formatTime(service.updatedAt),
  };
}

/** The field that repeats the notification override (recorded for `default`, `all`, `failure`; `ignore` is inferred). */
function viewNotifyOnFail(service: ServiceRow, world: World): string {
  const { notificationsToSend } = findNotificationOverride(world, service.id);
  if (notificationsToSend === "default") return "default";
  return notificationsToSend === "none" ? "ignore" : "notify";
}

function viewStaticDetails(service: ServiceRow, world: World): JsonFields {
  return {
    buildCommand: service.buildCommand,
    buildPlan: "starter",
    publishPath: service.publishPath,
    url: urlOf(service),
    ...viewPreviews(service, world),
    ...viewReach(service),
  };
}

function viewServerDetails(service: ServiceRow, world: World): JsonFields {
  const { type } = service;
  const runtime = service.runtime ?? "node";
  return {
    buildPlan: "starter",
    env: runtime,
    runtime,
    plan: service.plan,
    region: service.region,
    envSpecificDetails: viewRuntimeDetails(service, world),
    ...(type === "cron_job" && { schedule: service.schedule, ...viewLastRun(service, world) }),
    ...(runsInstances(type) && {
      numInstances: service.numInstances,
      sshAddress: `${service.id}@ssh.${service.region}.render.com`,
      ...viewPreviews(service, world),
      ...withoutAbsent({
        disk: service.disk && viewDiskOfService(service.disk),
        autoscaling: service.autoscaling,
        maxShutdownDelaySeconds: service.maxShutdownDelaySeconds,
      }),
    }),
    ...((type === "web_service" || type === "private_service") && {
      openPorts: [{ port: 10000, protocol: "TCP" }],
      url: urlOf(service),
    }),
    ...(type === "web_service" && {
      healthCheckPath: service.healthCheckPath,
      // A free service is shown without it (reported by users of the Terraform provider).
      ...(service.plan !== "free" && { maintenanceMode: { ...service.maintenanceMode } }),
      ...viewReach(service),
      ...(service.cacheProfile !== undefined && { cache: { profile: service.cacheProfile } }),
    }),
  };
}

/**
 * The details of a runtime. Requests have the pre-deploy command beside them and answers inside; once it was set it
 * stays, cleared, as "" (recorded).
 */
function viewRuntimeDetails(service: ServiceRow, world: World): JsonFields {
  const preDeploy = withoutAbsent({ preDeployCommand: service.preDeployCommand });
  const { dockerCommand, dockerContext, dockerfilePath } = service;
  if (service.runtime === "image")
    return { dockerCommand, dockerContext: "", dockerfilePath: "", ...preDeploy };
  if (service.runtime !== "docker") {
    return { buildCommand: service.buildCommand, startCommand: service.startCommand, ...preDeploy };
  }
  const credential = withoutAbsent({ registryCredential: viewCredential(service, world) });
  return { dockerCommand, dockerContext, dockerfilePath, ...credential, ...preDeploy };
}

/** The fields of previews. `pullRequestPreviewsEnabled` follows from `generation`, whatever a request says (recorded). */
function viewPreviews(service: ServiceRow, world: World): JsonFields {
  const parent =
    service.parentServerId === undefined ? undefined : world.account.find(services, service.parentServerId);
  return {
    previews: { generation: service.previews },
    pullRequestPreviewsEnabled: service.previews === "automatic" ? "yes" : "no",
    ...(parent && { parentServer: { id: parent.id, name: parent.name } }),
  };
}

/** Fields that are described and were never recorded. They are shown once they are set. */
function viewReach(service: ServiceRow): JsonFields {
  return withoutAbsent({
    renderSubdomainPolicy: service.renderSubdomainPolicy,
    ipAllowList: service.ipAllowList?.map((range) => ({ ...range })),
  });
}

function viewLastRun(service: ServiceRow, world: World): JsonFields {
  const ends = service.runs
    .filter((run) => run.canceledAt === undefined)
    .map((run) => run.startedAt + world.switches.cronRunMs * 1000)
    .filter((end) => end <= world.now());
  return ends.length === 0 ? {} : { lastSuccessfulRunAt: formatTime(Math.max(...ends)) };
}

function viewDiskOfService(disk: DiskRow): JsonFields {
  return { id: disk.id, name: disk.name, mountPath: disk.mountPath, sizeGB: disk.sizeGB };
}

function viewCredential(service: ServiceRow, world: World): JsonFields | undefined {
  const { registryCredentialId } = service;
  const row =
    registryCredentialId === undefined
      ? undefined
      : world.account.find(registryCredentials, registryCredentialId);
  return row && { id: row.id, name: row.name };
}

/** The public URL of a service. */
export function urlOf(service: ServiceRow): string {
  return isPublic(service.type) ? `https://${service.slug}.onrender.com` : `${service.slug}:10000`;
}
