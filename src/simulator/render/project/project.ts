import { recordChange } from "../../server/audit.ts";
import { readBody, readObjects, readText, requireText } from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import { answerList, filterByRowTimes, filterByValues } from "../../base/list.ts";
import { findReachable, findWorkspace, listReachable, viewOwner } from "../../base/owned.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { environments, insertEnvironment } from "./environment-row.ts";
import { isEmptyEnvironment, readEnvironmentSettings } from "./environment.ts";
import { projects, type Project } from "./project-row.ts";

/** The routes of projects. */
export const projectRoutes: readonly Route[] = [
  { method: "GET", path: "/projects", budget: "render/read", handle: listProjects },
  { method: "POST", path: "/projects", budget: "render/write", handle: createProject },
  { method: "GET", path: "/projects/{projectId}", budget: "render/read", handle: showProject },
  { method: "PATCH", path: "/projects/{projectId}", budget: "render/write", handle: changeProject },
  { method: "DELETE", path: "/projects/{projectId}", budget: "render/write", handle: deleteProject },
];

function listProjects(call: Call, world: World): Answer {
  const named = filterByValues(call, listReachable(call, world, projects), { name: (row) => row.name });
  const rows = filterByRowTimes(call, named);
  return answerList(call, world, {
    rows,
    thing: "project",
    view: (row) => viewProject(world, row),
    createdAt: (row) => row.createdAt,
  });
}

function createProject(call: Call, world: World): Answer {
  const body = readBody(call);
  const name = requireText(body, "name");
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const blocks = readObjects(body["environments"], "environments");
  if (blocks.length === 0) fail(400, "environments is required: a project has at least one");
  const settings = blocks.map((block) => ({
    name: requireText(block, "name"),
    ...readEnvironmentSettings(block),
  }));
  const project = insertProject(world, ownerId, name);
  for (const fields of settings) insertEnvironment(world, { ...fields, ownerId, projectId: project.id });
  recordChange(call, world, "CreateProjectEvent", { kind: "project", ...project });
  return answer(201, viewProject(world, project));
}

/** Makes a project, without environments. */
export function insertProject(world: World, ownerId: string, name: string): Project {
  const now = world.stamp();
  return world.account.insert(projects, {
    id: world.makeId("prj"),
    ownerId,
    name,
    createdAt: now,
    updatedAt: now,
  });
}

function showProject(call: Call, world: World): Answer {
  return answer(200, viewProject(world, findProject(call, world)));
}

/** Changes the name of a project. It bumps `updatedAt`, also when the name is the same (recorded). */
function changeProject(call: Call, world: World): Answer {
  const project = findProject(call, world);
  project.name = readText(readBody(call), "name") ?? project.name;
  project.updatedAt = world.stamp();
  return answer(200, viewProject(world, project));
}

/** Deletes a project with its environments where all of them are empty (recorded); else it answers 409 (described). */
function deleteProject(call: Call, world: World): Answer {
  const project = findProject(call, world);
  const inside = environmentsOf(world, project);
  const full = inside.find((environment) => !isEmptyEnvironment(world, environment));
  if (full) fail(409, `cannot delete project ${project.name}: environment ${full.name} is not empty`);
  for (const environment of inside) world.account.remove(environments, environment.id);
  world.account.remove(projects, project.id);
  recordChange(call, world, "DeleteProjectEvent", { kind: "project", ...project });
  return noContent;
}

function findProject(call: Call, world: World): Project {
  return findReachable(call, world, projects, parameter(call, "projectId"));
}

function environmentsOf(world: World, project: Project) {
  return world.account.list(environments).filter((row) => row.projectId === project.id);
}

function viewProject(world: World, project: Project) {
  return {
    id: project.id,
    name: project.name,
    environmentIds: environmentsOf(world, project).map((row) => row.id),
    owner: viewOwner(world, project.ownerId),
    createdAt: formatTime(project.createdAt),
    updatedAt: formatTime(project.updatedAt),
  };
}
