import { isObject, type Json, type JsonObject } from "../../../core/base/json.ts";
import { readBody, requireText, withoutAbsent } from "../../base/body.ts";
import { formatTime } from "../../base/clock.ts";
import { answerList, filterByValues, queryValues } from "../../base/list.ts";
import { findReachable, listReachable } from "../../base/owned.ts";
import { answer, fail, noContent, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { readTimes } from "../metrics/metric.ts";
import { findTask, namesTask, taskRuns, workflows, workflowVersions, type TaskRun } from "./workflow-row.ts";

/** The routes of task runs. */
export const taskRunRoutes: readonly Route[] = [
  { method: "GET", path: "/task-runs", budget: "render/read", handle: listRuns },
  { method: "POST", path: "/task-runs", budget: "render/job", handle: startRun },
  {
    method: "GET",
    path: "/task-runs/events",
    budget: "render/read",
    produces: "text/event-stream",
    handle: streamEvents,
  },
  {
    method: "GET",
    path: "/task-runs/{runId}",
    budget: "render/read",
    handle: (call, world) => answer(200, viewRunInFull(world, findRun(call, world))),
  },
  { method: "DELETE", path: "/task-runs/{runId}", budget: "render/write", handle: cancelRun },
  { method: "GET", path: "/metrics/task-runs-queued", budget: "render/read", handle: showQueued },
  { method: "GET", path: "/metrics/task-runs-completed", budget: "render/read", handle: showCompleted },
];

type Progress = {
  readonly status: "pending" | "running" | "completed" | "canceled";
  readonly startedAt?: number;
  readonly completedAt?: number;
};

/** How far a run has come by the clock: as for a one-off job, it waits for a tenth of the time and runs for the rest. */
function progressOf(world: World, run: TaskRun): Progress {
  const now = run.canceledAt ?? world.now();
  const startedAt = run.createdAt + world.switches.jobMs * 100;
  const completedAt = run.createdAt + world.switches.jobMs * 1000;
  const started = now >= startedAt ? { startedAt } : {};
  if (run.canceledAt !== undefined) return { status: "canceled", ...started, completedAt: run.canceledAt };
  if (now < startedAt) return { status: "pending" };
  return now < completedAt
    ? { status: "running", startedAt }
    : { status: "completed", startedAt, completedAt };
}

function listRuns(call: Call, world: World): Answer {
  const rows = filterByValues(call, listReachable(call, world, taskRuns), {
    rootTaskRunId: (row) => row.id,
    workflowVersionId: (row) => row.workflowVersionId,
    workflowId: (row) => row.workflowId,
  });
  const slugs = queryValues(call, "taskSlug");
  const isAsked = (row: TaskRun): boolean => {
    const version = world.account.find(workflowVersions, row.workflowVersionId);
    return slugs === undefined || (version !== undefined && namesTask(world, version, slugs));
  };
  return answerList(call, world, {
    rows: rows.filter(isAsked).toReversed(),
    thing: "taskRun",
    view: (row) => viewRun(world, row),
  });
}

function startRun(call: Call, world: World): Answer {
  const body = readBody(call);
  const version = findTask(world, requireText(body, "task"), call.user.workspaceIds);
  const { input } = body;
  if (!Array.isArray(input) && !isObject(input)) fail(400, "input must be a list or an object");
  const run = world.account.insert(taskRuns, {
    id: world.makeId("trn"),
    ownerId: version.ownerId,
    taskId: version.taskId,
    workflowVersionId: version.id,
    workflowId: version.workflowId,
    // It came as the JSON of a request.
    input: input as Json,
    createdAt: world.stamp(),
  });
  return answer(202, viewRun(world, run));
}

function cancelRun(call: Call, world: World): Answer {
  const run = findRun(call, world);
  const { status } = progressOf(world, run);
  if (status === "completed" || status === "canceled") fail(409, `task run ${run.id} has ended`);
  run.canceledAt = world.stamp();
  return noContent;
}

/** An event for each run when it has ended; with the last one the stream ends. The names of events are not described. */
function streamEvents(call: Call, world: World): Answer {
  const ids = queryValues(call, "taskRunIds") ?? fail(400, "taskRunIds is required");
  let left = ids.map((id) => findReachable(call, world, taskRuns, id));
  return {
    status: 200,
    feed: {
      protocol: "events",
      next() {
        const ended = left.filter((run) => progressOf(world, run).completedAt !== undefined);
        left = left.filter((run) => !ended.includes(run));
        const texts = ended.map((run) => {
          const event = `task.${progressOf(world, run).status}`;
          return `id: ${run.id}\nevent: ${event}\ndata: ${JSON.stringify(viewRunInFull(world, run))}`;
        });
        return { texts, isLast: left.length === 0 };
      },
    },
  };
}

function findRun(call: Call, world: World): TaskRun {
  return findReachable(call, world, taskRuns, parameter(call, "runId"));
}

/** A run that no other one started: it has no parent, and is its own root. */
function viewRun(world: World, run: TaskRun): JsonObject {
  const { status } = progressOf(world, run);
  return {
    id: run.id,
    taskId: run.taskId,
    status,
    ...viewTimes(world, run),
    parentTaskRunId: "",
    rootTaskRunId: run.id,
    retries: 0,
    attempts: viewAttempts(world, run),
  };
}

function viewRunInFull(world: World, run: TaskRun): JsonObject {
  return { ...viewRun(world, run), input: run.input, results: resultsOf(world, run) };
}

/** No program runs here: what comes out is what went in. */
function resultsOf(world: World, run: TaskRun): Json[] {
  if (progressOf(world, run).status !== "completed") return [];
  return Array.isArray(run.input) ? [...(run.input as readonly Json[])] : [run.input];
}

function viewTimes(world: World, run: TaskRun): JsonObject {
  const { startedAt, completedAt } = progressOf(world, run);
  return withoutAbsent({
    startedAt: startedAt === undefined ? undefined : formatTime(startedAt),
    completedAt: completedAt === undefined ? undefined : formatTime(completedAt),
  });
}

function viewAttempts(world: World, run: TaskRun): JsonObject[] {
  const { status, startedAt } = progressOf(world, run);
  return startedAt === undefined
    ? []
    : [{ status, enqueuedAt: formatTime(run.createdAt), ...viewTimes(world, run) }];
}

/** How many waited at each time. `resource` is a workflow. */
function showQueued(call: Call, world: World): Answer {
  const wait = world.switches.jobMs * 100;
  return countRuns(call, world, (run, at) => run.createdAt <= at && at < run.createdAt + wait);
}

/** How many had ended well by each time; none fails here. */
function showCompleted(call: Call, world: World): Answer {
  if (call.query.get("state") === "failed") return countRuns(call, world, () => false);
  return countRuns(call, world, (run, at) => {
    const { status, completedAt } = progressOf(world, run);
    return status === "completed" && completedAt !== undefined && completedAt <= at;
  });
}

function countRuns(call: Call, world: World, counts: (run: TaskRun, at: number) => boolean): Answer {
  const times = readTimes(call, world);
  const ids = queryValues(call, "resource") ?? fail(400, "resource is required");
  const series = ids.map((id) => {
    const { id: workflowId } = findReachable(call, world, workflows, id);
    const runs = world.account.filter(taskRuns, (run) => run.workflowId === workflowId);
    return {
      labels: [{ field: "resource", value: id }],
      unit: "unitless",
      values: times.map((at) => ({
        timestamp: formatTime(at),
        value: runs.filter((run) => counts(run, at)).length,
      })),
    };
  });
  return answer(200, series);
}
