import { defineTable } from "../../base/account.ts";
import { readText, type Body } from "../../base/body.ts";
import type { Microseconds } from "../../base/clock.ts";
import { findReachable, type OwnedRow } from "../../base/owned.ts";
import { failNotFound, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { everywhere, type IpRange } from "../datastore/ip-allow-list.ts";

/**
 * An environment. Its members have its id, and it has none of theirs: a resource is in at most one environment
 * (recorded: adding moves it).
 */
export type Environment = OwnedRow & {
  name: string;
  readonly projectId: string;
  protectedStatus: "protected" | "unprotected";
  networkIsolationEnabled: boolean;
  /** Absent in most workspaces (recorded). */
  ipAllowList?: IpRange[];
  readonly createdAt: Microseconds;
  updatedAt: Microseconds;
};

/** The table of environments. */
export const environments = defineTable<Environment>("environments");

/** A row that can be a member of an environment. */
export type Member = OwnedRow & { environmentId?: string; updatedAt: Microseconds };

type Settings = Partial<Pick<Environment, "protectedStatus" | "networkIsolationEnabled" | "ipAllowList">>;

/** Makes an environment. */
export function insertEnvironment(
  world: World,
  fields: Settings & Pick<Environment, "name" | "projectId" | "ownerId">,
): Environment {
  const now = world.stamp();
  const ipAllowList =
    fields.ipAllowList ?? (world.switches.environmentIpAllowList === "everywhere" ? [everywhere] : undefined);
  return world.account.insert(environments, {
    id: world.makeId("evm"),
    ownerId: fields.ownerId,
    name: fields.name,
    projectId: fields.projectId,
    protectedStatus: fields.protectedStatus ?? "unprotected",
    networkIsolationEnabled: fields.networkIsolationEnabled ?? false,
    ...(ipAllowList && { ipAllowList }),
    createdAt: now,
    updatedAt: now,
  });
}

/**
 * The environment that the body of a creation in the workspace `ownerId` names (recorded: Postgres, Key Value).
 * Answers 404 for one that it cannot be in.
 */
export function readEnvironmentId(call: Call, world: World, body: Body, ownerId: string): string | undefined {
  const id = readText(body, "environmentId");
  if (id === undefined || id === "") return undefined;
  const environment = findReachable(call, world, environments, id);
  return environment.ownerId === ownerId ? environment.id : failNotFound(id);
}
