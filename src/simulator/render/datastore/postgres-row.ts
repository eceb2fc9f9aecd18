import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import { failNotFound, parameter, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { Datastore } from "./datastore.ts";
import type { IpRange } from "./ip-allow-list.ts";

export type Replica = { readonly id: string; readonly name: string; readonly parameterOverrides: Overrides };
export type Overrides = { readonly [parameter: string]: string };
type DatabaseUser = {
  readonly username: string;
  readonly password: string;
  readonly createdAt: Microseconds;
};

/** One primary; its replicas live in it, because they come, go and move with it (recorded). */
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
  /** Write-only (described). */
  datadogApiKey: string;
  /** Further users; the last one made is the default one (described). */
  users: DatabaseUser[];
  exports: { readonly id: string; readonly createdAt: Microseconds }[];
  expiresAt?: Microseconds;
  readonly createdAt: Microseconds;
};

export const postgresInstances = defineTable<Postgres>("postgres");

/** `dpg-<xid>-a` is the primary of every other letter with the same xid (recorded). */
export function primaryIdOf(id: string): string {
  return id.replace(/^(dpg-[0-9a-v]{20})-[a-z]$/, "$1-a");
}

/** The primary that the path names, by its own id or by a replica's; 404 for what the caller cannot reach. */
export function findPostgres(call: Call, world: World, id = parameter(call, "postgresId")): Postgres {
  const row = world.account.find(postgresInstances, primaryIdOf(id));
  const reachable = row !== undefined && call.user.workspaceIds.includes(row.ownerId);
  return reachable && (row.id === id || row.readReplicas.some((replica) => replica.id === id))
    ? row
    : failNotFound(id);
}

/** The last user made is the default one (described), and the one that the database shows as its user (reported by users). */
export function defaultUser(row: Postgres): { username: string; password: string } {
  return row.users.at(-1) ?? { username: row.databaseUser, password: row.password };
}
