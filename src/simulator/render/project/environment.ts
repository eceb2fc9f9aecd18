import type { Json } from "../../../core/base/json.ts";
import type { Table } from "../../base/account.ts";
import { recordChange } from "../../server/audit.ts";
import {
  readBoolean,
  readBody,
  readChoice,
  readText,
  readTexts,
  requireText,
  withoutAbsent,
  type Body,
} from "../../base/body.ts";
import { answerList, filterByRowTimes, filterByValues, queryValues } from "../../base/list.ts";
import { findReachable, listReachable } from "../../base/owned.ts";
import {
  answer,
  fail,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { environmentGroups, refuseOutside } from "../env-group/env-group-row.ts";
import { environments, insertEnvironment, type Environment, type Member } from "./environment-row.ts";
import { readIpAllowList, replacesIpAllowList, type IpRange } from "../datastore/ip-allow-list.ts";
import { keyValues } from "../datastore/key-value-row.ts";
import { postgresInstances, primaryIdOf } from "../datastore/postgres-row.ts";
import { projects } from "./project-row.ts";
import { refuseTakenName } from "../service/service-create.ts";
import { services } from "../service/service-row.ts";

const one = "/environments/{environmentId}";

/** The routes of environments. */
export const environmentRoutes: readonly Route[] = [
  { method: "GET", path: "/environments", budget: "render/read", handle: listEnvironments },
  { method: "POST", path: "/environments", budget: "render/write", handle: createEnvironment },
  { method: "GET", path: one, budget: "render/read", handle: showEnvironment },
  { method: "PATCH", path: one, budget: "render/write", handle: changeEnvironment },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteEnvironment },
  { method: "POST", path: `${one}/resources`, budget: "render/write", handle: addMembers },
  { method: "DELETE", path: `${one}/resources`, budget: "render/write", handle: removeMembers },
];

/** Lists the environments of projects. `projectId` is required and may name several (described). */
function listEnvironments(call: Call, world: World): Answer {
  if (!queryValues(call, "projectId")) fail(400, "projectId is required");
  const named = filterByValues(call, listReachable(call, world, environments), {
    projectId: (row) => row.projectId,
    name: (row) => row.name,
    environmentId: (row) => row.id,
  });
  const rows = filterByRowTimes(call, named);
  return answerList(call, world, {
    rows,
    thing: "environment",
    view: (row) => viewEnvironment(world, row),
    createdAt: (row) => row.createdAt,
  });
}

function createEnvironment(call: Call, world: World): Answer {
  const body = readBody(call);
  const name = requireText(body, "name");
  const project = findReachable(call, world, projects, requireText(body, "projectId"));
  const fields = { name, projectId: project.id, ownerId: project.ownerId, ...readEnvironmentSettings(body) };
  const environment = insertEnvironment(world, fields);
  recordChange(call, world, "CreateEnvironmentEvent", { kind: "environment", ...environment });
  return answer(201, viewEnvironment(world, environment));
}

function showEnvironment(call: Call, world: World): Answer {
  return answer(200, viewEnvironment(world, findEnvironment(call, world)));
}

function changeEnvironment(call: Call, world: World): Answer {
  const environment = findEnvironment(call, world);
  const body = readBody(call);
  const name = readText(body, "name");
  const settings = readEnvironmentSettings(body);
  const changed = { kind: "environment", ...environment };
  if ((settings.protectedStatus ?? environment.protectedStatus) !== environment.protectedStatus) {
    recordChange(call, world, "ChangeEnvironmentProtectionEvent", changed);
  }
  if (replacesIpAllowList(settings, environment))
    recordChange(call, world, "UpdateIPAllowListEvent", changed);
  Object.assign(environment, settings, { name: name ?? environment.name, updatedAt: world.stamp() });
  return answer(200, viewEnvironment(world, environment));
}

function deleteEnvironment(call: Call, world: World): Answer {
  const environment = findEnvironment(call, world);
  if (!isEmptyEnvironment(world, environment)) {
    fail(409, `cannot delete environment ${environment.name}: it is not empty`);
  }
  world.account.remove(environments, environment.id);
  recordChange(call, world, "DeleteEnvironmentEvent", { kind: "environment", ...environment });
  return noContent;
}

/**
 * Puts resources into an environment: answers 201 with it (recorded; described as 200). A member of another
 * environment moves (recorded).
 */
function addMembers(call: Call, world: World): Answer {
  const environment = findEnvironment(call, world);
  const ids = readTexts(readBody(call), "resourceIds") ?? fail(400, "resourceIds is required");
  const members = ids.map((id) => findMember(call, world, id));
  if (members.some((member) => member.ownerId !== environment.ownerId)) {
    fail(400, "resources and environment must be in the same workspace");
  }
  for (const member of members) {
    refuseOutside(world, member, environment.id, ids);
    const service = world.account.find(services, member.id);
    if (service) refuseTakenName(world, { ...service, environmentId: environment.id }, service);
  }
  for (const member of members) moveMember(call, world, member, environment.id);
  return answer(201, viewEnvironment(world, environment));
}

/**
 * Takes resources out of an environment. Where the id in the path is no environment at all, it answers 204 too and
 * changes nothing (recorded).
 */
function removeMembers(call: Call, world: World): Answer {
  const id = parameter(call, "environmentId");
  for (const memberId of queryValues(call, "resourceIds") ?? []) {
    const member = findMember(call, world, memberId);
    if (member.environmentId !== id) continue;
    refuseOutside(world, member, undefined, []);
    moveMember(call, world, member, undefined);
  }
  return noContent;
}

/** Sets or clears the environment of a resource, at once, and bumps the resource (recorded). */
function moveMember(call: Call, world: World, member: Member, environmentId: string | undefined): void {
  if (member.environmentId === environmentId) return;
  if (environmentId === undefined) delete member.environmentId;
  else member.environmentId = environmentId;
  member.updatedAt = world.stamp();
  recordChange(call, world, "MoveEnvironmentResourceEvent", { kind: "resource", ...member });
}

function findEnvironment(call: Call, world: World): Environment {
  return findReachable(call, world, environments, parameter(call, "environmentId"));
}

function findMember(call: Call, world: World, id: string): Member {
  const member = findAnyMember(world, id);
  return member && call.user.workspaceIds.includes(member.ownerId) ? member : failNotFound(id);
}

/** The resource of an id. A replica stands for its primary, with which it moves (recorded). */
function findAnyMember(world: World, id: string): Member | undefined {
  const { account } = world;
  return (
    account.find(services, id) ??
    account.find(postgresInstances, primaryIdOf(id)) ??
    account.find(keyValues, id) ??
    account.find(environmentGroups, id)
  );
}

/** Whether an environment has no members. */
export function isEmptyEnvironment(world: World, environment: Environment): boolean {
  return [services, postgresInstances, keyValues, environmentGroups].every(
    (table) => !world.account.search<Member>(table, (row) => row.environmentId === environment.id),
  );
}

type Settings = {
  protectedStatus?: Environment["protectedStatus"];
  networkIsolationEnabled?: boolean;
  ipAllowList?: IpRange[];
};

/** The settings in a body: protection, isolation and allow list. What it does not say is absent. */
export function readEnvironmentSettings(body: Body): Settings {
  const protectedStatus = readChoice(body, "protectedStatus", ["protected", "unprotected"]);
  const networkIsolationEnabled = readBoolean(body, "networkIsolationEnabled");
  const ipAllowList = readIpAllowList(body);
  return {
    ...(protectedStatus !== undefined && { protectedStatus }),
    ...(networkIsolationEnabled !== undefined && { networkIsolationEnabled }),
    ...(ipAllowList !== undefined && { ipAllowList }),
  };
}

/** An environment. Its lists of members are `null` when they are empty (recorded). */
function viewEnvironment(world: World, environment: Environment): Json {
  const inside = (row: Member): boolean => row.environmentId === environment.id;
  const idsOf = (table: Table<Member>): Json =>
    nullWhenEmpty(world.account.filter(table, inside).map((row) => row.id));
  const databases = world.account.filter(postgresInstances, inside);
  return withoutAbsent({
    id: environment.id,
    name: environment.name,
    projectId: environment.projectId,
    protectedStatus: environment.protectedStatus,
    networkIsolationEnabled: environment.networkIsolationEnabled,
    ipAllowList: environment.ipAllowList?.map((range) => ({ ...range })),
    serviceIds: idsOf(services),
    // Replicas stand before their primary (recorded).
    databasesIds: nullWhenEmpty(
      databases.flatMap((row) => [...row.readReplicas.map((replica) => replica.id), row.id]),
    ),
    redisIds: idsOf(keyValues),
    envGroupIds: idsOf(environmentGroups),
  });
}

function nullWhenEmpty(ids: readonly string[]): Json {
  return ids.length === 0 ? null : ids;
}
