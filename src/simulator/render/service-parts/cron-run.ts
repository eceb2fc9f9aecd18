import type { JsonObject } from "../../../core/base/json.ts";
import { formatTime } from "../../base/clock.ts";
import { answer, fail, noContent, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { dropEventsToCome, recordEvent } from "../event/event-row.ts";
import { findService, isCron, type CronRunRow, type ServiceRow } from "../service/service-row.ts";

/** The routes of runs that somebody starts. The schedule of a cron job starts none here, so that two reads give the same. */
export const cronRunRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/cron-jobs/{id}/runs",
    budget: "render/service-change",
    handle(call, world): Answer {
      const service = findCron(call, world);
      cancelActive(world, service);
      const run: CronRunRow = { id: world.makeId("crr"), startedAt: world.stamp(), by: call.actor.email };
      service.runs.push(run);
      const started = { type: "cron_job_run_started", details: { cronJobRunId: run.id }, cause: run.id };
      recordEvent(world, service, { ...started, at: run.startedAt });
      recordRunEnd(world, service, run, "successful");
      return answer(200, viewRun(run, world));
    },
  },
  {
    method: "DELETE",
    path: "/cron-jobs/{id}/runs",
    budget: "render/service-change",
    handle(call, world): Answer {
      cancelActive(world, findCron(call, world));
      return noContent;
    },
  },
];

function findCron(call: Call, world: World): ServiceRow {
  const service = findService(call, world);
  return isCron(service) ? service : fail(400, `${service.id} is not a cron job`);
}

function cancelActive(world: World, service: ServiceRow): void {
  for (const run of service.runs) {
    if (hasEnded(run, world)) continue;
    run.canceledAt = world.stamp();
    dropEventsToCome(world, run.id);
    recordRunEnd(world, service, run, "canceled");
  }
}

function recordRunEnd(
  world: World,
  service: ServiceRow,
  run: CronRunRow,
  status: "successful" | "canceled",
): void {
  recordEvent(world, service, {
    type: "cron_job_run_ended",
    at: run.canceledAt ?? endOf(run, world),
    details: { cronJobRunId: run.id, status },
    status: status === "successful" ? "succeeded" : status,
    cause: run.id,
  });
}

function hasEnded(run: CronRunRow, world: World): boolean {
  return run.canceledAt !== undefined || endOf(run, world) <= world.now();
}

function endOf(run: CronRunRow, world: World): number {
  return run.startedAt + world.switches.cronRunMs * 1000;
}

function viewRun(run: CronRunRow, world: World): JsonObject {
  const ended = hasEnded(run, world);
  return {
    id: run.id,
    status: run.canceledAt !== undefined ? "canceled" : ended ? "successful" : "pending",
    startedAt: formatTime(run.startedAt),
    ...(ended && { finishedAt: formatTime(run.canceledAt ?? endOf(run, world)) }),
    triggeredBy: run.by,
  };
}
