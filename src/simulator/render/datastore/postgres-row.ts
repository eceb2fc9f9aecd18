import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import { failNotFound, parameter, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { Datastore } from "./datastore.ts";
import type { IpRange } from "./ip-allow-list.ts";

/** A read replica of a database. */
export type Replica = { readonly id: string; readonly name: string; readonly parameterOverrides: Overrides };
/** Parameters of PostgreSQL that differ from the default. */
export type Overrides = { readonly [parameter: string]: string };
type DatabaseUser = {
  readonly username: string;
  readonly password: string;
  readonly createdAt: Microseconds;
};

/** A database. Its replicas stand in its row, because they are made, deleted and moved with it (recorded). */
export type Postgres = Datastore & {
  name: string;
  plan: string;
  readonly version: string;
  readonly region: string;
  readonly databaseName: string;
  readonly databaseUser: string;
  readonly password: string;
  diskSizeGB: number;
  diskAutoscalingEnabled: boolean;
  highAvailabilityEnabled: boolean;
  connectionPool: "none" | "pgbouncer";
  ipAllowList: IpRange[];
  parameterOverrides: Overrides;
  readReplicas: Replica[];
  /** It can be written and not read (described). */
  datadogApiKey: string;
  /** Further users. The last one that was made is the default user (described). */
  users: DatabaseUser[];
  exports: { readonly id: string; readonly createdAt: Microseconds }[];
  expiresAt?: Microseconds;
  readonly createdAt: Microseconds;
};

/** The table of databases. */
export const postgresInstances = defineTable<Postgres>("postgres");

/** The id of the primary of a database or a replica: `dpg-<xid>-a`, where replicas have other letters (recorded). */
export function primaryIdOf(id: string): string {
  return id.replace(/^(dpg-[0-9a-v]{20})-[a-z]$/, "$1-a");
}

/** A database or a replica by its id, with its name. */
export function findPostgresInstance(world: World, id: string): { readonly name: string } | undefined {
  const row = world.account.find(postgresInstances, primaryIdOf(id));
  return row?.id === id ? row : row?.readReplicas.find((replica) => replica.id === id);
}

/**
 * The database that the path names by its own id or by that of a replica. Answers 404 for one that the caller cannot
 * reach.
 */
export function findPostgres(call: Call, world: World, id = parameter(call, "postgresId")): Postgres {
  const row = world.account.find(postgresInstances, primaryIdOf(id));
  const reachable = row !== undefined && call.user.workspaceIds.includes(row.ownerId);
  return reachable && (row.id === id || row.readReplicas.some((replica) => replica.id === id))
    ? row
    : failNotFound(id);
}

/**
 * The default user of a database, which it shows as its user (reported by users): the last one that was made
 * (described).
 */
export function defaultUser(row: Postgres): { username: string; password: string } {
  return row.users.at(-1) ?? { username: row.databaseUser, password: row.password };
}
