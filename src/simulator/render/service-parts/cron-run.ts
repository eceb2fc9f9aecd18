import type { JsonObject } from "../../../core/base/json.ts";
import { formatTime } from "../../base/clock.ts";
import { answer, fail, noContent, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
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
  for (const run of service.runs) if (!hasEnded(run, world)) run.canceledAt = world.stamp();
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
