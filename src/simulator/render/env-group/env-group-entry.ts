import { recordChange } from "../../server/audit.ts";
import { readBody, readText } from "../../base/body.ts";
import { findReachable } from "../../base/owned.ts";
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
import { changeLinks, findGroup, readGroupValue, refuseForeignLink, viewGroup } from "./env-group-row.ts";
import { services } from "../service/service-row.ts";

const one = "/env-groups/{groupId}";

/**
 * The routes of the contents and the links of a group. Each has a call of its own; no call replaces all of them
 * (described, recorded).
 */
export const environmentGroupEntryRoutes: readonly Route[] = [
  { method: "POST", path: `${one}/services/{serviceId}`, budget: "render/write", handle: addLink },
  { method: "DELETE", path: `${one}/services/{serviceId}`, budget: "render/write", handle: removeLink },
  { method: "GET", path: `${one}/env-vars/{key}`, budget: "render/read", handle: showVariable },
  { method: "PUT", path: `${one}/env-vars/{key}`, budget: "render/write", handle: putVariable },
  { method: "DELETE", path: `${one}/env-vars/{key}`, budget: "render/write", handle: deleteVariable },
  { method: "GET", path: `${one}/secret-files/{name}`, budget: "render/read", handle: showFile },
  { method: "PUT", path: `${one}/secret-files/{name}`, budget: "render/write", handle: putFile },
  { method: "DELETE", path: `${one}/secret-files/{name}`, budget: "render/write", handle: deleteFile },
];

function addLink(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const service = findReachable(call, world, services, parameter(call, "serviceId"));
  if (service.ownerId !== group.ownerId) fail(400, "service and group must be in the same workspace");
  refuseForeignLink(group, service);
  if (!group.serviceIds.includes(service.id)) changeLinks(world, group, [...group.serviceIds, service.id]);
  return answer(200, viewGroup(world, group));
}

function removeLink(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const id = parameter(call, "serviceId");
  if (!group.serviceIds.includes(id)) failNotFound(id);
  changeLinks(
    world,
    group,
    group.serviceIds.filter((linked) => linked !== id),
  );
  return noContent;
}

function showVariable(call: Call, world: World): Answer {
  const key = parameter(call, "key");
  const entry = findGroup(call, world).envVars.find((candidate) => candidate.key === key);
  return answer(200, entry ? { ...entry } : failNotFound(key));
}

/** Writes a variable of a group and answers with the whole group (recorded). A key that is there keeps its place. */
function putVariable(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const key = parameter(call, "key");
  const body = readBody(call);
  const entry = group.envVars.find((candidate) => candidate.key === key);
  const keep = entry && body["generateValue"] === true && world.switches.generateAgain === "keep";
  const value = keep ? entry.value : readGroupValue(body, world);
  if (entry) entry.value = value;
  else group.envVars.push({ key, value });
  recordChange(call, world, entry ? "UpdateEnvVarsEvent" : "CreateEnvVarsEvent", {
    kind: "envGroup",
    ...group,
  });
  return answer(200, viewGroup(world, group));
}

function deleteVariable(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const key = parameter(call, "key");
  if (!group.envVars.some((entry) => entry.key === key)) failNotFound(key);
  group.envVars = group.envVars.filter((entry) => entry.key !== key);
  recordChange(call, world, "DeleteEnvVarsEvent", { kind: "envGroup", ...group });
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
