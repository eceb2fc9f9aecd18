import { defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { OwnedRow } from "../../base/owned.ts";
import { fail, failNotFound } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { Json } from "../../../core/base/json.ts";

/** A workflow. */
export type Workflow = OwnedRow & {
  name: string;
  readonly slug: string;
  buildConfig: {
    readonly branch?: string;
    readonly buildCommand: string;
    readonly repo: string;
    readonly rootDir?: string;
    readonly runtime: string;
  };
  runCommand: string;
  readonly region: string;
  autoDeployTrigger: "commit" | "off" | "checksPass";
  readonly createdAt: Microseconds;
  updatedAt: Microseconds;
};
/** The table of workflows. */
export const workflows = defineTable<Workflow>("workflows");

/** A version of a workflow. It has one task, whose id is made with it; the task is known once the version is ready. */
export type WorkflowVersion = OwnedRow & {
  readonly workflowId: string;
  readonly name: string;
  readonly taskId: string;
  readonly createdAt: Microseconds;
};
/** The table of versions. */
export const workflowVersions = defineTable<WorkflowVersion>("workflow versions");

/** A run of a task. */
export type TaskRun = OwnedRow & {
  readonly taskId: string;
  readonly workflowVersionId: string;
  readonly workflowId: string;
  readonly input: Json;
  readonly createdAt: Microseconds;
  canceledAt?: Microseconds;
};
/** The table of task runs. */
export const taskRuns = defineTable<TaskRun>("task runs");

/** Where a version is by the clock: it is built, then asked for its tasks, in the times that stages of a deploy take. */
export function versionStatus(world: World, version: WorkflowVersion): "building" | "registering" | "ready" {
  const age = world.now() - version.createdAt;
  const built = world.switches.buildMs * 1000;
  if (age < built) return "building";
  return age < built + world.switches.updateMs * 1000 ? "registering" : "ready";
}

/** Makes the next version of a workflow. */
export function insertVersion(world: World, { id, ownerId, name }: Workflow): WorkflowVersion {
  const count = world.account.filter(workflowVersions, (row) => row.workflowId === id).length;
  return world.account.insert(workflowVersions, {
    id: world.makeId("wfv"),
    ownerId,
    workflowId: id,
    name: `${name}-${count + 1}`,
    taskId: world.makeId("tsk"),
    createdAt: world.stamp(),
  });
}

/** The version whose task a run names (`namesTask`): the newest one that is ready. */
export function findTask(world: World, task: string, reach: readonly string[]): WorkflowVersion {
  const fitting = world.account.filter(
    workflowVersions,
    (version) => reach.includes(version.ownerId) && namesTask(world, version, [task]),
  );
  if (fitting.length === 0) failNotFound(task);
  return (
    fitting.findLast((version) => versionStatus(world, version) === "ready") ??
    fail(400, `task ${task} is not registered yet`)
  );
}

/**
 * Whether one of these names is that of a version's task: `<workflow>/<task>`, with or without `:<version>` behind it
 * (described), or its id, which Render's CLI sends in the same place.
 */
export function namesTask(world: World, version: WorkflowVersion, asked: readonly string[]): boolean {
  const workflow = world.account.find(workflows, version.workflowId);
  if (!workflow) return false;
  const slug = `${workflow.slug}/${workflow.name}`;
  const names = [version.taskId, slug, `${slug}:${version.name}`, `${slug}:${version.id}`];
  return asked.some((name) => names.includes(name));
}
