import { canonical } from "../../../core/base/json.ts";
import { defineIndex, defineTable, type Row } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import { cursorKey } from "../../base/ids.ts";
import { findReachable, type OwnedRow } from "../../base/owned.ts";
import { parameter, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { DeployRow } from "../deploy/deploy-row.ts";
import type { IpRange } from "../datastore/ip-allow-list.ts";

export const serviceTypes = [
  "web_service",
  "static_site",
  "private_service",
  "background_worker",
  "cron_job",
] as const;
export type ServiceType = (typeof serviceTypes)[number];

export const runtimes = ["docker", "elixir", "go", "image", "node", "python", "ruby", "rust"] as const;
export type Runtime = (typeof runtimes)[number];

/** Entries that have no id at the API still have one here: cursors are made of it. */
export type EnvVarRow = Row & { readonly key: string; value: string; generated?: boolean };
export type SecretFileRow = Row & { readonly name: string; content: string };
export type HeaderRow = Row & { readonly path: string; readonly name: string; readonly value: string };
export type RouteRow = Row & {
  readonly type: "redirect" | "rewrite";
  readonly source: string;
  readonly destination: string;
};
export type CustomDomainRow = Row & {
  readonly name: string;
  readonly domainType: "apex" | "subdomain";
  readonly publicSuffix: string;
  /** Name of the domain this one was made beside and redirects to; empty for the one that was asked for. */
  readonly redirectForName: string;
  verificationStatus: "verified" | "unverified";
  readonly createdAt: Microseconds;
};
export type DiskRow = Row & {
  name: string;
  mountPath: string;
  sizeGB: number;
  readonly createdAt: Microseconds;
  updatedAt: Microseconds;
};
export type JobRow = Row & {
  readonly startCommand: string;
  readonly planId: string;
  readonly createdAt: Microseconds;
  canceledAt?: Microseconds;
};
export type CronRunRow = Row & {
  readonly startedAt: Microseconds;
  readonly by: string;
  canceledAt?: Microseconds;
};

type Target = { readonly enabled: boolean; readonly percentage: number };
export type Autoscaling = {
  readonly enabled: boolean;
  readonly min: number;
  readonly max: number;
  readonly criteria: { readonly cpu: Target; readonly memory: Target };
};
export type BuildFilter = { readonly paths: readonly string[]; readonly ignoredPaths: readonly string[] };

/** What a PATCH can change. Optional members are absent when unset; which ones a service shows depends on its type. */
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

export type ServiceRow = OwnedRow &
  ServiceSettings & {
    readonly type: ServiceType;
    /** Never changes, whatever the name becomes (recorded). */
    readonly slug: string;
    readonly region: string;
    environmentId?: string;
    numInstances: number;
    autoscaling?: Autoscaling;
    disk?: DiskRow;
    /** Who suspended it; empty: it runs. */
    suspenders: string[];
    /** Set on a preview: the service it was made from. */
    readonly parentServerId?: string;
    /** In the order they were made. */
    envVars: EnvVarRow[];
    secretFiles: SecretFileRow[];
    headers: HeaderRow[];
    /** The index is the priority. */
    routes: RouteRow[];
    customDomains: CustomDomainRow[];
    deploys: DeployRow[];
    jobs: JobRow[];
    runs: CronRunRow[];
    readonly createdAt: Microseconds;
    updatedAt: Microseconds;
  };

export const services = defineTable<ServiceRow>("services");
export const servicesByCursor = defineIndex(services, "cursor", (service) => [cursorKey(service.id)]);
export const servicesBySlug = defineIndex(services, "slug", (service) => [service.slug]);
export const servicesByName = defineIndex(services, "name", (service) => [
  `${service.ownerId} ${service.name}`,
]);
export const servicesByDomain = defineIndex(services, "domain", (service) =>
  service.customDomains.map(({ name }) => name),
);
export const servicesByParent = defineIndex(services, "parent", ({ parentServerId }) =>
  parentServerId === undefined ? [] : [parentServerId],
);
export const servicesByDisk = defineIndex(services, "disk", ({ disk }) => (disk ? [disk.id] : []));

/** The service that `{id}` names, or 404. */
export function findService(call: Call, world: World): ServiceRow {
  return findReachable(call, world, services, parameter(call, "id"));
}

/** Changes a service's own fields and bumps `updatedAt` only if something really changed (recorded: a no-op PATCH does not). */
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

/** What disks, jobs and the like belong to. */
export function isCron(service: ServiceRow): boolean {
  return service.type === "cron_job";
}
