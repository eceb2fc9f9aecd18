import type { Json } from "../../core/json.ts";
import { defineTable } from "../account.ts";
import { recordAudit } from "../audit.ts";
import {
  readBody,
  readObjects,
  readText,
  readTexts,
  requireText,
  withoutAbsent,
  type Body,
} from "../body.ts";
import { formatTime, formatTimeAtCreation, type Microseconds } from "../clock.ts";
import { answerList, filterByTimes, filterByValues } from "../list.ts";
import { findReachable, findWorkspace, listReachable } from "../owned.ts";
import { generateSecretText } from "../random.ts";
import {
  answer,
  fail,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../route.ts";
import type { World } from "../world.ts";
import { readEnvironmentId, type Member } from "./environment-row.ts";
import { services, type ServiceType } from "./service-row.ts";

/** Variables and files in the order they were made; shown newest first (recorded). */
export type EnvironmentGroup = Member & {
  name: string;
  envVars: { readonly key: string; value: string }[];
  secretFiles: { readonly name: string; content: string }[];
  serviceIds: string[];
  readonly createdAt: Microseconds;
};

export const environmentGroups = defineTable<EnvironmentGroup>("environmentGroups");

const one = "/env-groups/{groupId}";

export const environmentGroupRoutes: readonly Route[] = [
  { method: "GET", path: "/env-groups", budget: "render/read", handle: listGroups },
  { method: "POST", path: "/env-groups", budget: "render/write", handle: createGroup },
  { method: "GET", path: one, budget: "render/read", handle: showGroup },
  { method: "PATCH", path: one, budget: "render/write", handle: renameGroup },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteGroup },
  { method: "POST", path: `${one}/services/{serviceId}`, budget: "render/write", handle: addLink },
  { method: "DELETE", path: `${one}/services/{serviceId}`, budget: "render/write", handle: removeLink },
  { method: "GET", path: `${one}/env-vars/{key}`, budget: "render/read", handle: showVariable },
  { method: "PUT", path: `${one}/env-vars/{key}`, budget: "render/write", handle: putVariable },
  { method: "DELETE", path: `${one}/env-vars/{key}`, budget: "render/write", handle: deleteVariable },
  { method: "GET", path: `${one}/secret-files/{name}`, budget: "render/read", handle: showFile },
  { method: "PUT", path: `${one}/secret-files/{name}`, budget: "render/write", handle: putFile },
  { method: "DELETE", path: `${one}/secret-files/{name}`, budget: "render/write", handle: deleteFile },
];

/** Without values; whether each item has an envelope is disputed, hence a switch. */
function listGroups(call: Call, world: World): Answer {
  const named = filterByValues(call, listReachable(call, world, environmentGroups), {
    name: (row) => row.name,
    environmentId: (row) => row.environmentId,
  });
  const rows = filterByTimes(call, named, {
    created: (row) => row.createdAt,
    updated: (row) => row.updatedAt,
  });
  return answerList(call, world, {
    rows,
    ...(world.switches.environmentGroupList === "enveloped" && { thing: "envGroup" }),
    view: (row) => viewGroupInList(world, row),
    createdAt: (row) => row.createdAt,
  });
}

function createGroup(call: Call, world: World): Answer {
  const body = readBody(call);
  const name = requireText(body, "name");
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const environmentId = readEnvironmentId(call, world, body);
  requireFreeName(world, { name, ownerId, environmentId });
  const serviceIds = (readTexts(body, "serviceIds") ?? []).map(
    (id) => findReachable(call, world, services, id).id,
  );
  const group = insertGroup(world, {
    ownerId,
    name,
    envVars: readObjects(body["envVars"], "envVars").map((entry) => ({
      key: requireText(entry, "key"),
      value: readValue(entry, world),
    })),
    secretFiles: readObjects(body["secretFiles"], "secretFiles").map((entry) => ({
      name: requireText(entry, "name"),
      content: readText(entry, "content") ?? "",
    })),
    serviceIds,
    ...(environmentId !== undefined && { environmentId }),
  });
  const time = formatTimeAtCreation(group.createdAt);
  return answer(201, { ...viewGroup(world, group), createdAt: time, updatedAt: time });
}

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

/** Names are taken per environment: Blueprints reuse them in every environment of a project (documented). */
function requireFreeName(
  world: World,
  wanted: { name: string; ownerId: string; environmentId: string | undefined },
): void {
  const taken = world.account
    .list(environmentGroups)
    .some(
      (row) =>
        row.name === wanted.name &&
        row.ownerId === wanted.ownerId &&
        row.environmentId === wanted.environmentId,
    );
  if (taken)
    fail(world.switches.duplicateNameStatus, `an environment group named ${wanted.name} exists already`);
}

function readValue(entry: Body, world: World): string {
  if (entry["generateValue"] === true) return generateSecretText(world.random);
  return readText(entry, "value") ?? fail(400, "value or generateValue is required");
}

function showGroup(call: Call, world: World): Answer {
  return answer(200, viewGroup(world, findGroup(call, world)));
}

/** Only the name; bumps `updatedAt`, which edits of variables and files do not (recorded). */
function renameGroup(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const name = requireText(readBody(call), "name");
  if (name !== group.name) requireFreeName(world, { ...group, name, environmentId: group.environmentId });
  group.name = name;
  group.updatedAt = world.stamp();
  return answer(200, viewGroup(world, group));
}

function deleteGroup(call: Call, world: World): Answer {
  const { id, ownerId } = findGroup(call, world);
  world.account.remove(environmentGroups, id);
  recordAudit(world, {
    ownerId,
    event: "DeleteEnvGroupEvent",
    actor: call.actor,
    metadata: { envGroup: id },
  });
  return noContent;
}

function addLink(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const service = findReachable(call, world, services, parameter(call, "serviceId"));
  if (service.ownerId !== group.ownerId) fail(400, "service and group must be in the same workspace");
  if (!group.serviceIds.includes(service.id)) group.serviceIds.push(service.id);
  return answer(200, viewGroup(world, group));
}

function removeLink(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const id = parameter(call, "serviceId");
  if (!group.serviceIds.includes(id)) failNotFound(id);
  group.serviceIds = group.serviceIds.filter((linked) => linked !== id);
  return noContent;
}

function showVariable(call: Call, world: World): Answer {
  const key = parameter(call, "key");
  const entry = findGroup(call, world).envVars.find((candidate) => candidate.key === key);
  return answer(200, entry ? { ...entry } : failNotFound(key));
}

/** Answers the whole group (recorded). A key that is there keeps its place. */
function putVariable(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const key = parameter(call, "key");
  const body = readBody(call);
  const entry = group.envVars.find((candidate) => candidate.key === key);
  const keep = entry && body["generateValue"] === true && world.switches.generateAgain === "keep";
  const value = keep ? entry.value : readValue(body, world);
  if (entry) entry.value = value;
  else group.envVars.push({ key, value });
  return answer(200, viewGroup(world, group));
}

function deleteVariable(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const key = parameter(call, "key");
  if (!group.envVars.some((entry) => entry.key === key)) failNotFound(key);
  group.envVars = group.envVars.filter((entry) => entry.key !== key);
  return noContent;
}

function showFile(call: Call, world: World): Answer {
  const name = parameter(call, "name");
  const file = findGroup(call, world).secretFiles.find((candidate) => candidate.name === name);
  return answer(200, file ? { ...file } : failNotFound(name));
}

function putFile(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const name = parameter(call, "name");
  const content = readText(readBody(call), "content") ?? "";
  const file = group.secretFiles.find((candidate) => candidate.name === name);
  if (file) file.content = content;
  else group.secretFiles.push({ name, content });
  return answer(200, viewGroup(world, group));
}

function deleteFile(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const name = parameter(call, "name");
  if (!group.secretFiles.some((file) => file.name === name)) failNotFound(name);
  group.secretFiles = group.secretFiles.filter((file) => file.name !== name);
  return noContent;
}

function findGroup(call: Call, world: World): EnvironmentGroup {
  return findReachable(call, world, environmentGroups, parameter(call, "groupId"));
}

/** What deleting a service takes along. */
export function unlinkService(world: World, serviceId: string): void {
  for (const group of world.account.list(environmentGroups)) {
    group.serviceIds = group.serviceIds.filter((id) => id !== serviceId);
  }
}

/** The variables that a service gets from groups. Its own of the same key win. */
export function linkedGroupKeys(world: World, serviceId: string): readonly string[] {
  const linked = world.account
    .list(environmentGroups)
    .filter((group) => group.serviceIds.includes(serviceId));
  return linked.flatMap((group) => group.envVars.map((entry) => entry.key));
}

const linkTypes: { readonly [type in ServiceType]: string } = {
  static_site: "static",
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  cron_job: "cron",
};

function viewGroupInList(world: World, group: EnvironmentGroup): { [field: string]: Json } {
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

function viewGroup(world: World, group: EnvironmentGroup): { [field: string]: Json } {
  return {
    ...viewGroupInList(world, group),
    envVars: group.envVars.map((entry) => ({ ...entry })).reverse(),
    secretFiles: group.secretFiles.map((file) => ({ ...file })).reverse(),
  };
}
