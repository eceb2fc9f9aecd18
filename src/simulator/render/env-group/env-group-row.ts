import type { Json } from "../../../core/base/json.ts";
import { defineIndex, defineTable } from "../../base/account.ts";
import { readText, withoutAbsent, type Body } from "../../base/body.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { findReachable } from "../../base/owned.ts";
import { generateSecretText } from "../../base/random.ts";
import { fail, parameter, type Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { Member } from "../project/environment-row.ts";
import { services, type ServiceType } from "../service/service-row.ts";

/** Variables and files in the order they were made; shown newest first (recorded). */
export type EnvironmentGroup = Member & {
  name: string;
  envVars: { readonly key: string; value: string }[];
  secretFiles: { readonly name: string; content: string }[];
  serviceIds: readonly string[];
  readonly createdAt: Microseconds;
};

export const environmentGroups = defineTable<EnvironmentGroup>("environmentGroups");
const groupsByService = defineIndex(environmentGroups, "service", (group) => group.serviceIds);

type NewGroup = Pick<
  EnvironmentGroup,
  "ownerId" | "name" | "envVars" | "secretFiles" | "serviceIds" | "environmentId"
>;

export function insertGroup(world: World, fields: NewGroup): EnvironmentGroup {
  const now = world.stamp();
  return world.account.insert(environmentGroups, {
    id: world.makeId("evg"),
    createdAt: now,
    updatedAt: now,
    ...fields,
  });
}

export function findGroup(call: Call, world: World): EnvironmentGroup {
  return findReachable(call, world, environmentGroups, parameter(call, "groupId"));
}

/** What deleting a service takes along. */
export function unlinkService(world: World, serviceId: string): void {
  for (const group of linkedGroups(world, serviceId))
    changeLinks(
      world,
      group,
      group.serviceIds.filter((id) => id !== serviceId),
    );
}

/** Who uses the group from now on. */
export function changeLinks(world: World, group: EnvironmentGroup, serviceIds: readonly string[]): void {
  group.serviceIds = serviceIds;
  world.account.reindex(environmentGroups, group);
}

export function linkedGroups(world: World, serviceId: string): readonly EnvironmentGroup[] {
  return world.account.lookup(groupsByService, serviceId);
}

/** The variables that a service gets from groups. Its own of the same key win. */
export function linkedGroupKeys(world: World, serviceId: string): readonly string[] {
  return linkedGroups(world, serviceId).flatMap((group) => group.envVars.map((entry) => entry.key));
}

const linkTypes: { readonly [type in ServiceType]: string } = {
  static_site: "static",
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  cron_job: "cron",
};

export function viewGroupInList(world: World, group: EnvironmentGroup): { [field: string]: Json } {
  return withoutAbsent({
    id: group.id,
    name: group.name,
    ownerId: group.ownerId,
    environmentId: group.environmentId,
    serviceLinks: group.serviceIds.flatMap((id) => {
      const service = world.account.find(services, id);
      return service ? [{ id, name: service.name, type: linkTypes[service.type] }] : [];
    }),
    createdAt: formatTime(group.createdAt),
    updatedAt: formatTime(group.updatedAt),
  });
}

export function viewGroup(world: World, group: EnvironmentGroup): { [field: string]: Json } {
  return {
    ...viewGroupInList(world, group),
    envVars: group.envVars.map((entry) => ({ ...entry })).reverse(),
    secretFiles: group.secretFiles.map((file) => ({ ...file })).reverse(),
  };
}

/** What one variable is given: a text, or 32 random bytes in base64 (recorded). */
export function readGroupValue(entry: Body, world: World): string {
  if (entry["generateValue"] === true) return generateSecretText(world.random);
  return readText(entry, "value") ?? fail(400, "value or generateValue is required");
}
