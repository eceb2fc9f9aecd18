import type { Json } from "../../../core/base/json.ts";
import { withoutAbsent } from "../../base/body.ts";
import { formatTime, formatTimeAtCreation } from "../../base/clock.ts";
import { viewOwner } from "../../base/owned.ts";
import type { World } from "../../base/world.ts";
import { statusOf } from "./datastore.ts";
import { viewIpAllowList } from "./ip-allow-list.ts";
import { viewInlineMaintenance } from "./maintenance.ts";
import { defaultUser, type Postgres, type Replica } from "./postgres-row.ts";

/**
 * A database in the answer of its creation: with nanoseconds, and with a status from before anything was started
 * (recorded).
 */
export function viewPostgresAtCreation(world: World, row: Postgres): { [field: string]: Json } {
  return {
    ...viewPostgres(world, row),
    status: row.readReplicas.length > 0 ? "creating" : "unknown",
    createdAt: formatTimeAtCreation(row.createdAt),
    updatedAt: formatTimeAtCreation(row.updatedAt),
  };
}

/** A database as it is shown alone: with its own parameters and its next maintenance, which lists leave out. */
export function viewPostgres(world: World, row: Postgres): { [field: string]: Json } {
  return withoutAbsent({
    ...viewPostgresInList(world, row),
    parameterOverrides: presentOverrides(row),
    maintenance: viewInlineMaintenance(world, row.id),
  });
}

/** A database as lists show it. */
export function viewPostgresInList(world: World, row: Postgres): { [field: string]: Json } {
  return withoutAbsent({
    id: row.id,
    name: row.name,
    plan: row.plan,
    version: row.version,
    region: row.region,
    status: statusOf(world, row),
    role: "primary",
    databaseName: row.databaseName,
    databaseUser: defaultUser(row).username,
    diskSizeGB: row.diskSizeGB,
    diskAutoscalingEnabled: row.diskAutoscalingEnabled,
    highAvailabilityEnabled: row.highAvailabilityEnabled,
    // It was never recorded, and only the newer description shows it: left out at its default.
    connectionPool: row.connectionPool === "none" ? undefined : row.connectionPool,
    ipAllowList: viewIpAllowList(row.ipAllowList),
    readReplicas: row.readReplicas.map(viewReplica),
    environmentId: row.environmentId,
    suspended: row.suspended ? "suspended" : "not_suspended",
    suspenders: row.suspended ? ["user"] : [],
    owner: viewOwner(world, row.ownerId),
    dashboardUrl: `https://dashboard.render.com/d/${row.id}`,
    expiresAt: row.expiresAt === undefined ? undefined : formatTime(row.expiresAt),
    createdAt: formatTime(row.createdAt),
    updatedAt: formatTime(row.updatedAt),
  });
}

/** A replica as a database of its own, as lists show it unless `includeReplicas=false` (described). */
export function viewReplicaInstance(
  world: World,
  row: Postgres,
  replica: Replica,
): { [field: string]: Json } {
  return {
    ...viewPostgresInList(world, row),
    id: replica.id,
    name: replica.name,
    role: "replica",
    primaryPostgresID: row.id,
    readReplicas: [],
    dashboardUrl: `https://dashboard.render.com/d/${replica.id}`,
  };
}

function viewReplica(replica: Replica): Json {
  return withoutAbsent({ id: replica.id, name: replica.name, parameterOverrides: presentOverrides(replica) });
}

/** The parameters of a database; absent when there are none (recorded). */
function presentOverrides(row: Pick<Postgres, "parameterOverrides">): Json | undefined {
  return Object.keys(row.parameterOverrides).length === 0 ? undefined : row.parameterOverrides;
}
