import { readBody, requireText } from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import { answerList, filterByValues, queryValues } from "../../base/list.ts";
import { findReachable, listReachable } from "../../base/owned.ts";
import {
  accepted,
  answer,
  failNotFound,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import {
  insertVersion,
  namesTask,
  versionStatus,
  workflows,
  workflowVersions,
  type WorkflowVersion,
} from "./workflow-row.ts";

/** Versions of workflows, and the task that each of them has once it is ready. */
export const workflowVersionRoutes: readonly Route[] = [
  { method: "GET", path: "/workflowversions", budget: "render/read", handle: listVersions },
  { method: "POST", path: "/workflowversions", budget: "render/write", handle: createVersion },
  {
    method: "GET",
    path: "/workflowversions/{versionId}",
    budget: "render/read",
    handle: (call, world) =>
      answer(
        200,
        viewVersion(world, findReachable(call, world, workflowVersions, parameter(call, "versionId"))),
      ),
  },
  { method: "GET", path: "/tasks", budget: "render/read", handle: listTasks },
  { method: "GET", path: "/tasks/{taskId}", budget: "render/read", handle: showTask },
];

function listVersions(call: Call, world: World): Answer {
  const rows = filterByValues(call, listReachable(call, world, workflowVersions), {
    workflowID: (row) => row.workflowId,
    workflowVersionId: (row) => row.id,
  });
  const view = (row: WorkflowVersion) => viewVersion(world, row);
  return answerList(call, world, { rows: rows.toReversed(), thing: "workflowVersion", view });
}

/** 202 without a body (described). */
function createVersion(call: Call, world: World): Answer {
  insertVersion(world, findReachable(call, world, workflows, requireText(readBody(call), "workflowId")));
  return accepted;
}

function viewVersion(world: World, version: WorkflowVersion) {
  const { id, workflowId, name } = version;
  const status = versionStatus(world, version);
  return { id, workflowId, name, status, createdAt: formatTime(version.createdAt) };
}

function readyVersions(call: Call, world: World): WorkflowVersion[] {
  return listReachable(call, world, workflowVersions).filter(
    (version) => versionStatus(world, version) === "ready",
  );
}

function listTasks(call: Call, world: World): Answer {
  const rows = filterByValues(call, readyVersions(call, world), {
    workflowVersionId: (row) => row.id,
    workflowId: (row) => row.workflowId,
  });
  const slugs = queryValues(call, "taskSlug");
  const named = slugs ? rows.filter((row) => namesTask(world, row, slugs)) : rows;
  return answerList(call, world, {
    rows: named.map((version) => ({ id: version.taskId, version })),
    thing: "task",
    view: ({ version }) => viewTask(world, version),
  });
}

function showTask(call: Call, world: World): Answer {
  const id = parameter(call, "taskId");
  const version =
    readyVersions(call, world).find((candidate) => namesTask(world, candidate, [id])) ?? failNotFound(id);
  return answer(200, viewTask(world, version));
}

function viewTask(world: World, version: WorkflowVersion) {
  return {
    id: version.taskId,
    name: world.account.find(workflows, version.workflowId)?.name ?? "",
    createdAt: formatTime(version.createdAt),
    workflowId: version.workflowId,
    workflowVersionId: version.id,
  };
}
