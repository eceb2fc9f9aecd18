import { queryValues } from "../../base/list.ts";
import { fail, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { findReachable } from "../../base/owned.ts";
import { keyValues } from "../datastore/key-value-row.ts";
import { findPostgres } from "../datastore/postgres-row.ts";
import { listInstances } from "../service/instance.ts";
import { services, type Autoscaling } from "../service/service-row.ts";

/** One resource of the account as metrics see it. Processors in cores, memory and storage in bytes. */
export type Measured = {
  readonly id: string;
  /** Ids of what runs; none while it is suspended or not deployed yet. */
  readonly instances: readonly string[];
  readonly cpuLimit: number;
  readonly memoryLimit: number;
  readonly autoscaling?: Autoscaling;
  readonly diskBytes?: number;
  readonly sort: "service" | "postgres" | "replica" | "key-value";
  /** Public names of a service. */
  readonly hosts: readonly string[];
};

const mebi = 1024 ** 2;
const gibi = 1024 ** 3;

/** Cores and MiB (documented). */
const sizes: { readonly [plan: string]: readonly [cores: number, mebibytes: number] } = {
  free: [0.1, 512],
  starter: [0.5, 512],
  standard: [1, 2048],
  pro: [2, 4096],
  pro_plus: [4, 8192],
  pro_max: [4, 16_384],
  pro_ultra: [8, 32_768],
};

/** What a plan allows: by the table, or by the size in its name, as in `2c-4g`, `basic_256mb` and `pro_8gb`. */
function sizeOf(plan: string): { readonly cores: number; readonly bytes: number } {
  const [, cores, amount = "", unit = ""] = /(?:([\d.]+)c-)?(\d+)(mb|gb?)$/u.exec(plan) ?? [];
  if (unit !== "")
    return { cores: Number(cores ?? 1), bytes: Number(amount) * (unit === "mb" ? mebi : gibi) };
  const [tabled, mebibytes] = sizes[plan] ?? [1, 2048];
  return { cores: tabled, bytes: mebibytes * mebi };
}

/** The resources that a call names, `resource` or, as it was called before, `service`; 404 for what the caller cannot reach. */
export function findMeasured(call: Call, world: World): Measured[] {
  const ids =
    queryValues(call, "resource") ?? queryValues(call, "service") ?? fail(400, "resource is required");
  return ids.map((id) => measure(call, world, id));
}

function measure(call: Call, world: World, id: string): Measured {
  if (id.startsWith("dpg-")) {
    const row = findPostgres(call, world, id);
    return {
      ...limitsOf(row.plan),
      id,
      sort: id === row.id ? "postgres" : "replica",
      instances: row.suspended ? [] : [id],
      diskBytes: row.diskSizeGB * gibi,
      hosts: [],
    };
  }
  if (id.startsWith("red-")) {
    const row = findReachable(call, world, keyValues, id);
    return { ...limitsOf(row.plan), id, sort: "key-value", instances: row.suspended ? [] : [id], hosts: [] };
  }
  const service = findReachable(call, world, services, id);
  return {
    ...limitsOf(service.plan),
    id,
    sort: "service",
    instances: listInstances(service, world).map((instance) => instance.id),
    hosts: [`${service.slug}.onrender.com`, ...service.customDomains.map(({ name }) => name)],
    ...(service.autoscaling?.enabled && { autoscaling: service.autoscaling }),
    ...(service.disk && { diskBytes: service.disk.sizeGB * gibi }),
  };
}

function limitsOf(plan: string): Pick<Measured, "cpuLimit" | "memoryLimit"> {
  const { cores, bytes } = sizeOf(plan);
  return { cpuLimit: cores, memoryLimit: bytes };
}
