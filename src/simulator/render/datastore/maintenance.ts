import type { Json } from "../../../core/base/json.ts";
import { defineTable } from "../../base/account.ts";
import { readBody, requireText, withoutAbsent } from "../../base/body.ts";
import { formatTime, parseTime, type Microseconds } from "../../base/clock.ts";
import { answerList, filterByValues } from "../../base/list.ts";
import { findReachable, listReachable, type OwnedRow } from "../../base/owned.ts";
import { accepted, answer, fail, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { recordEvent, userOf } from "../event/event-row.ts";

/** A maintenance that Render has planned. The API cannot make one; tests put them into the table. */
export type MaintenanceRun = OwnedRow & {
  readonly resourceId: string;
  readonly type: string;
  scheduledAt: Microseconds;
  readonly pendingMaintenanceBy?: Microseconds;
  state: "scheduled" | "in_progress" | "user_fix_required" | "cancelled" | "succeeded" | "failed";
};

/** The table of maintenances. */
export const maintenanceRuns = defineTable<MaintenanceRun>("maintenanceRuns");

/** The routes of maintenances. */
export const maintenanceRoutes: readonly Route[] = [
  { method: "GET", path: "/maintenance", budget: "render/read", handle: listRuns },
  { method: "GET", path: "/maintenance/{runId}", budget: "render/read", handle: showRun },
  { method: "PATCH", path: "/maintenance/{runId}", budget: "render/write", handle: rescheduleRun },
  { method: "POST", path: "/maintenance/{runId}/trigger", budget: "render/write", handle: triggerRun },
];

function listRuns(call: Call, world: World): Answer {
  const rows = filterByValues(call, listReachable(call, world, maintenanceRuns), {
    resourceId: (row) => row.resourceId,
    state: (row) => row.state,
  });
  return answerList(call, world, { rows, view: viewRun });
}

function showRun(call: Call, world: World): Answer {
  return answer(200, viewRun(findRun(call, world)));
}

function rescheduleRun(call: Call, world: World): Answer {
  const run = findRun(call, world);
  const text = requireText(readBody(call), "scheduledAt");
  run.scheduledAt = parseTime(text) ?? fail(400, "scheduledAt is not a time");
  return accepted;
}

function triggerRun(call: Call, world: World): Answer {
  const run = findRun(call, world);
  if (run.state !== "scheduled") fail(400, `the maintenance run is ${run.state}`);
  run.state = "in_progress";
  const trigger = { manual: true, startedByRender: false, ...userOf(call) };
  recordEvent(
    world,
    { id: run.resourceId, ownerId: run.ownerId },
    { type: "maintenance_started", details: { trigger } },
  );
  return accepted;
}

function findRun(call: Call, world: World): MaintenanceRun {
  return findReachable(call, world, maintenanceRuns, parameter(call, "runId"));
}

function viewRun(run: MaintenanceRun): { [field: string]: Json } {
  const by = run.pendingMaintenanceBy;
  return withoutAbsent({
    id: run.id,
    type: run.type,
    scheduledAt: formatTime(run.scheduledAt),
    pendingMaintenanceBy: by === undefined ? undefined : formatTime(by),
    state: run.state,
    resourceId: run.resourceId,
  });
}

/** The next maintenance, as a datastore shows it that is shown alone (described); `undefined` when none is planned. */
export function viewInlineMaintenance(
  world: World,
  resourceId: string,
): { [field: string]: Json } | undefined {
  const next = world.account
    .list(maintenanceRuns)
    .find(
      (run) => run.resourceId === resourceId && (run.state === "scheduled" || run.state === "in_progress"),
    );
  if (!next) return undefined;
  const { resourceId: _, ...shown } = viewRun(next);
  return shown;
}
