import { recordChange } from "../../server/audit.ts";
import { readBody, readObjects, readText, readTexts, requireText } from "../../base/body.ts";
import { formatTimeAtCreation } from "../../base/clock.ts";
import { answerList, filterByRowTimes, filterByValues } from "../../base/list.ts";
import { findReachable, findWorkspace, listReachable } from "../../base/owned.ts";
import { answer, fail, noContent, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import {
  environmentGroups,
  findGroup,
  insertGroup,
  readGroupValue,
  refuseForeignLink,
  viewGroup,
  viewGroupInList,
} from "./env-group-row.ts";
import { readEnvironmentId } from "../project/environment-row.ts";
import { services } from "../service/service-row.ts";

const one = "/env-groups/{groupId}";

/** The routes of env groups. */
export const environmentGroupRoutes: readonly Route[] = [
  { method: "GET", path: "/env-groups", budget: "render/read", handle: listGroups },
  { method: "POST", path: "/env-groups", budget: "render/write", handle: createGroup },
  { method: "GET", path: one, budget: "render/read", handle: showGroup },
  { method: "PATCH", path: one, budget: "render/write", handle: renameGroup },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteGroup },
];

/** Lists groups, without values. Whether each item has an envelope is disputed, so a switch decides. */
function listGroups(call: Call, world: World): Answer {
  const named = filterByValues(call, listReachable(call, world, environmentGroups), {
    name: (row) => row.name,
    environmentId: (row) => row.environmentId,
  });
  const rows = filterByRowTimes(call, named);
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
  const environmentId = readEnvironmentId(call, world, body, ownerId);
  requireFreeName(world, { name, ownerId, environmentId });
  const serviceIds = (readTexts(body, "serviceIds") ?? []).map((id) => {
    const service = findReachable(call, world, services, id);
    refuseForeignLink({ environmentId }, service);
    return service.id;
  });
  const group = insertGroup(world, {
    ownerId,
    name,
    envVars: readObjects(body["envVars"], "envVars").map((entry) => ({
      key: requireText(entry, "key"),
      value: readGroupValue(entry, world),
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

/**
 * Refuses a name that another group of the same environment has. Blueprints use one name in every environment of a
 * project (documented).
 */
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
  if (taken) fail(world.switches.duplicateNameStatus, `an env group named ${wanted.name} exists already`);
}

function showGroup(call: Call, world: World): Answer {
  return answer(200, viewGroup(world, findGroup(call, world)));
}

/**
 * Changes the name of a group, and nothing else. It bumps `updatedAt`, which edits of variables and files do not
 * (recorded).
 */
function renameGroup(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  const name = requireText(readBody(call), "name");
  if (name !== group.name) requireFreeName(world, { ...group, name, environmentId: group.environmentId });
  group.name = name;
  group.updatedAt = world.stamp();
  return answer(200, viewGroup(world, group));
}

function deleteGroup(call: Call, world: World): Answer {
  const group = findGroup(call, world);
  world.account.remove(environmentGroups, group.id);
  recordChange(call, world, "DeleteEnvGroupEvent", { kind: "envGroup", ...group });
  return noContent;
}
