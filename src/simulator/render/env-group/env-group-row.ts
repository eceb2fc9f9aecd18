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

/** An env group. Variables and files stand in the order in which they were made, and are shown newest first (recorded). */
export type EnvironmentGroup = Member & {
  name: string;
  envVars: { readonly key: string; value: string }[];
  secretFiles: { readonly name: string; content: string }[];
  serviceIds: readonly string[];
  readonly createdAt: Microseconds;
};

/** The table of env groups. */
export const environmentGroups = defineTable<EnvironmentGroup>("environmentGroups");
const groupsByService = defineIndex(environmentGroups, "service", (group) => group.serviceIds);

type NewGroup = Pick<
  EnvironmentGroup,
  "ownerId" | "name" | "envVars" | "secretFiles" | "serviceIds" | "environmentId"
>;

/** Makes an env group. */
export function insertGroup(world: World, fields: NewGroup): EnvironmentGroup {
  const now = world.stamp();
  return world.account.insert(environmentGroups, {
    id: world.makeId("evg"),
    createdAt: now,
    updatedAt: now,
    ...fields,
  });
}

/** The group that the path names, or 404. */
export function findGroup(call: Call, world: World): EnvironmentGroup {
  return findReachable(call, world, environmentGroups, parameter(call, "groupId"));
}

/**
 * A group of an environment is for the services in it (Render's tutorial). `moving`: ids of what goes to the environment together.
 * The sentence about a service was reported by users of the Terraform provider; the others are inferred from it.
 */
export function refuseOutside(
  world: World,
  member: { readonly id: string },
  environmentId: string | undefined,
  moving: readonly string[],
): void {
  const isLeft = (group: EnvironmentGroup): boolean =>
    group.environmentId !== undefined && group.environmentId !== environmentId && !moving.includes(group.id);
  if (linkedGroups(world, member.id).some(isLeft))
    fail(400, "cannot move service out of environment with linked env groups");
  const group = environmentId === undefined ? undefined : world.account.find(environmentGroups, member.id);
  const isOutside = (id: string): boolean =>
    !moving.includes(id) && world.account.find(services, id)?.environmentId !== environmentId;
  if (group?.serviceIds.some(isOutside)) fail(400, "cannot move env group away from linked services");
}

/** A service outside the group's environment cannot be linked to it (inferred likewise). */
export function refuseForeignLink(
  group: { readonly environmentId?: string | undefined },
  service: { readonly environmentId?: string },
): void {
  if (group.environmentId !== undefined && group.environmentId !== service.environmentId)
    fail(400, "cannot link an env group to a service of another environment");
}

/** Takes a service that is deleted out of all groups. */
export function unlinkService(world: World, serviceId: string): void {
  for (const group of linkedGroups(world, serviceId))
    changeLinks(
      world,
      group,
      group.serviceIds.filter((id) => id !== serviceId),
    );
}

/** Sets the services that a group is linked to. */
export function changeLinks(world: World, group: EnvironmentGroup, serviceIds: readonly string[]): void {
  group.serviceIds = serviceIds;
  world.account.reindex(environmentGroups, group);
}

/** The groups that a service is linked to. */
export function linkedGroups(world: World, serviceId: string): readonly EnvironmentGroup[] {
  return world.account.lookup(groupsByService, serviceId);
}

/** The keys of the variables that a service gets from groups. Its own variables of the same keys win. */
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

/** A group as lists show it, without values. */
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

/** A group as it is shown alone, with values. */
export function viewGroup(world: World, group: EnvironmentGroup): { [field: string]: Json } {
  return {
    ...viewGroupInList(world, group),
    envVars: group.envVars.map((entry) => ({ ...entry })).reverse(),
    secretFiles: group.secretFiles.map((file) => ({ ...file })).reverse(),
  };
}

/** The value of a variable in a body: a text, or 32 random bytes in base64 (recorded). */
export function readGroupValue(entry: Body, world: World): string {
  if (entry["generateValue"] === true) return generateSecretText(world.random);
  return readText(entry, "value") ?? fail(400, "value or generateValue is required");
}
