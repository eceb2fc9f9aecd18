import {
  readBody,
  readChoice,
  readObject,
  readText,
  requireChoice,
  requireText,
  withoutAbsent,
  type Body,
} from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import { answerList, filterByValues } from "../../base/list.ts";
import { findReachable, findWorkspace, listReachable } from "../../base/owned.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { regions } from "../datastore/datastore.ts";
import { insertVersion, taskRuns, workflows, workflowVersions, type Workflow } from "./workflow-row.ts";

const one = "/workflows/{workflowId}";
const runtimes = ["elixir", "go", "node", "python", "ruby"] as const;
const triggers = ["commit", "off", "checksPass"] as const;

/** The routes of workflows. */
export const workflowRoutes: readonly Route[] = [
  { method: "GET", path: "/workflows", budget: "render/read", handle: listWorkflows },
  { method: "POST", path: "/workflows", budget: "render/create", handle: createWorkflow },
  { method: "GET", path: one, budget: "render/read", handle: showWorkflow },
  { method: "PATCH", path: one, budget: "render/write", handle: changeWorkflow },
  { method: "DELETE", path: one, budget: "render/write", handle: deleteWorkflow },
];

function listWorkflows(call: Call, world: World): Answer {
  const rows = filterByValues(call, listReachable(call, world, workflows), {
    name: (row) => row.name,
    workflowID: (row) => row.id,
    // No workflow is ever in an environment: no call puts it there.
    environmentId: () => undefined,
  });
  return answerList(call, world, { rows, thing: "workflow", view: viewWorkflow });
}

/** Makes a workflow. Its first version is built at once, as the first deploy of a service is. */
function createWorkflow(call: Call, world: World): Answer {
  const body = readBody(call);
  const { id: ownerId } = findWorkspace(call, world, requireText(body, "ownerId"));
  const name = requireText(body, "name");
  const taken = world.account.search(workflows, (row) => row.ownerId === ownerId && row.name === name);
  if (taken) fail(world.switches.duplicateNameStatus, `name ${name} is already in use`);
  const now = world.stamp();
  const row = world.account.insert(workflows, {
    id: world.makeId("wfl"),
    ownerId,
    name,
    slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    buildConfig: readBuild(readObject(body, "buildConfig") ?? fail(400, "buildConfig is required")),
    runCommand: requireText(body, "runCommand"),
    region: requireChoice(body, "region", regions),
    autoDeployTrigger: readChoice(body, "autoDeployTrigger", triggers) ?? "commit",
    createdAt: now,
    updatedAt: now,
  });
  insertVersion(world, row);
  return answer(201, viewWorkflow(row));
}

function readBuild(config: Body): Workflow["buildConfig"] {
  const [branch, rootDir] = [readText(config, "branch"), readText(config, "rootDir")];
  return {
    repo: requireText(config, "repo"),
    buildCommand: readText(config, "buildCommand") ?? fail(400, "buildCommand is required"),
    runtime: requireChoice(config, "runtime", runtimes),
    ...(branch !== undefined && { branch }),
    ...(rootDir !== undefined && { rootDir }),
  };
}

function showWorkflow(call: Call, world: World): Answer {
  return answer(200, viewWorkflow(findWorkflow(call, world)));
}

function changeWorkflow(call: Call, world: World): Answer {
  const row = findWorkflow(call, world);
  const body = readBody(call);
  const config = readObject(body, "buildConfig");
  Object.assign(row, {
    name: readText(body, "name") ?? row.name,
    runCommand: readText(body, "runCommand") ?? row.runCommand,
    buildConfig: config ? readBuild(config) : row.buildConfig,
    autoDeployTrigger: readChoice(body, "autoDeployTrigger", triggers) ?? row.autoDeployTrigger,
    updatedAt: world.stamp(),
  });
  return answer(200, viewWorkflow(row));
}

/** Its versions and their runs go with it. */
function deleteWorkflow(call: Call, world: World): Answer {
  const { account } = world;
  const { id } = findWorkflow(call, world);
  for (const run of account.filter(taskRuns, (row) => row.workflowId === id))
    account.remove(taskRuns, run.id);
  for (const version of account.filter(workflowVersions, (row) => row.workflowId === id))
    account.remove(workflowVersions, version.id);
  account.remove(workflows, id);
  return noContent;
}

function findWorkflow(call: Call, world: World): Workflow {
  return findReachable(call, world, workflows, parameter(call, "workflowId"));
}

function viewWorkflow(row: Workflow) {
  const { id, name, slug, ownerId, runCommand, region, autoDeployTrigger } = row;
  return {
    id,
    name,
    slug,
    ownerId,
    buildConfig: withoutAbsent(row.buildConfig),
    runCommand,
    region,
    autoDeployTrigger,
    createdAt: formatTime(row.createdAt),
    updatedAt: formatTime(row.updatedAt),
  };
}
