import { canonical } from "../../../core/base/json.ts";
import { defineIndex, defineTable, type Row } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import { cursorKey } from "../../base/ids.ts";
import { findReachable, type OwnedRow } from "../../base/owned.ts";
import { parameter, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { DeployRow } from "../deploy/deploy-row.ts";
import type { IpRange } from "../datastore/ip-allow-list.ts";

/** The types of services at the API. */
export const serviceTypes = [
  "web_service",
  "static_site",
  "private_service",
  "background_worker",
  "cron_job",
] as const;
/** One of `serviceTypes`. */
export type ServiceType = (typeof serviceTypes)[number];

/** The runtimes of services. */
export const runtimes = ["docker", "elixir", "go", "image", "node", "python", "ruby", "rust"] as const;
/** One of `runtimes`. */
export type Runtime = (typeof runtimes)[number];

/** A variable. It has no id at the API, and has one here because cursors are made of it. */
export type EnvVarRow = Row & { readonly key: string; value: string; generated?: boolean };
/** A secret file; its id is for cursors too. */
export type SecretFileRow = Row & { readonly name: string; content: string };
/** A header of a static site. */
export type HeaderRow = Row & { readonly path: string; readonly name: string; readonly value: string };
/** A redirect or rewrite of a static site. */
export type RouteRow = Row & {
  readonly type: "redirect" | "rewrite";
  readonly source: string;
  readonly destination: string;
};
/** A custom domain of a service. */
export type CustomDomainRow = Row & {
  readonly name: string;
  readonly domainType: "apex" | "subdomain";
  readonly publicSuffix: string;
  /**
   * The name of the domain along with which this one was made, and to which it redirects; empty for a domain that was
   * asked for.
   */
  readonly redirectForName: string;
  verificationStatus: "verified" | "unverified";
  readonly createdAt: Microseconds;
};
/** The disk of a service. */
export type DiskRow = Row & {
  name: string;
  mountPath: string;
  sizeGB: number;
  readonly createdAt: Microseconds;
  updatedAt: Microseconds;
};
/** A one-off job of a service. */
export type JobRow = Row & {
  readonly startCommand: string;
  readonly planId: string;
  readonly createdAt: Microseconds;
  canceledAt?: Microseconds;
};
/** A run of a cron job that somebody started. */
export type CronRunRow = Row & {
  readonly startedAt: Microseconds;
  readonly by: string;
  canceledAt?: Microseconds;
};

type Target = { readonly enabled: boolean; readonly percentage: number };
/** How a service scales by itself. */
export type Autoscaling = {
  readonly enabled: boolean;
  readonly min: number;
  readonly max: number;
  readonly criteria: { readonly cpu: Target; readonly memory: Target };
};
/** Which changed files start a build. */
export type BuildFilter = { readonly paths: readonly string[]; readonly ignoredPaths: readonly string[] };

/**
 * The fields that a PATCH can change. An optional one is absent while it is unset; which of them a service shows
 * depends on its type.
 */
export type ServiceSettings = {
  name: string;
  autoDeployTrigger: "commit" | "checksPass" | "off";
  /** Absent on a static site. */
  runtime?: Runtime;
  repo?: string;
  branch?: string;
  imagePath?: string;
  registryCredentialId?: string;
  rootDir: string;
  buildFilter?: BuildFilter;
  buildCommand: string;
  startCommand: string;
  dockerCommand: string;
  dockerContext: string;
  dockerfilePath: string;
  preDeployCommand?: string;
  plan: string;
  schedule: string;
  publishPath: string;
  healthCheckPath: string;
  maintenanceMode: { readonly enabled: boolean; readonly uri: string };
  previews: "off" | "manual" | "automatic";
  maxShutdownDelaySeconds?: number;
  renderSubdomainPolicy?: "enabled" | "disabled";
  ipAllowList?: IpRange[];
  cacheProfile?: string;
};

/** A service with its parts. */
export type ServiceRow = OwnedRow &
  ServiceSettings & {
    readonly type: ServiceType;
    /** It never changes, whatever the name becomes (recorded). */
    readonly slug: string;
    readonly region: string;
    environmentId?: string;
    numInstances: number;
    autoscaling?: Autoscaling;
    disk?: DiskRow;
    /** Who suspended it; empty while it runs. */
    suspenders: string[];
    /** The id of the service that a preview was made from; absent where this is no preview. */
    readonly parentServerId?: string;
    /** In the order in which they were made. */
    envVars: EnvVarRow[];
    secretFiles: SecretFileRow[];
    headers: HeaderRow[];
    /** The index of a route is its priority. */
    routes: RouteRow[];
    customDomains: CustomDomainRow[];
    deploys: DeployRow[];
    jobs: JobRow[];
    runs: CronRunRow[];
    readonly createdAt: Microseconds;
    updatedAt: Microseconds;
  };

/** The table of services. */
export const services = defineTable<ServiceRow>("services");
/** Services by the key of their cursor. */
export const servicesByCursor = defineIndex(services, "cursor", (service) => [cursorKey(service.id)]);
/** Services by their slug. */
export const servicesBySlug = defineIndex(services, "slug", (service) => [service.slug]);
/** Services by workspace and name. */
export const servicesByName = defineIndex(services, "name", (service) => [
  `${service.ownerId} ${service.name}`,
]);
/** Services by their domains. */
export const servicesByDomain = defineIndex(services, "domain", (service) =>
  service.customDomains.map(({ name }) => name),
);
/** Services by the service that they are previews of. */
export const servicesByParent = defineIndex(services, "parent", ({ parentServerId }) =>
  parentServerId === undefined ? [] : [parentServerId],
);
/** Services with a deploy that waits for another one. */
export const servicesWithQueue = defineIndex(services, "queue", ({ deploys }) =>
  deploys.some((deploy) => deploy.status === "queued") ? ["waiting"] : [],
);
/** Services by the id of their disk. */
export const servicesByDisk = defineIndex(services, "disk", ({ disk }) => (disk ? [disk.id] : []));

/** The service that `{id}` in the path names, or 404. */
export function findService(call: Call, world: World): ServiceRow {
  return findReachable(call, world, services, parameter(call, "id"));
}

/**
 * Changes the fields of a service, and bumps `updatedAt` only where one of them is different after it (recorded: a
 * PATCH that changes nothing does not bump).
 */
export function changeService(
  world: World,
  service: ServiceRow,
  change: (service: ServiceRow) => void,
): void {
  const before = canonical(service);
  change(service);
  if (canonical(service) === before) return;
  service.updatedAt = world.stamp();
  world.account.reindex(services, service);
}

/** Whether a service is a cron job. */
export function isCron(service: ServiceRow): boolean {
  return service.type === "cron_job";
}
