import type { JsonObject } from "../../../core/base/json.ts";
import { readBody, readText, requireText } from "../../base/body.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { answerList, filterByTimes, filterByValues } from "../../base/list.ts";
import {
  answer,
  fail,
  failNotFound,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { dropEventsToCome, recordEvent } from "../event/event-row.ts";
import { cannotSucceed } from "./deploy.ts";
import { findService, type JobRow, type ServiceRow } from "../service/service-row.ts";

type Progress = {
  readonly status: "pending" | "running" | "succeeded" | "failed" | "canceled";
  readonly startedAt?: Microseconds;
  readonly finishedAt?: Microseconds;
};

/**
 * How far a one-off job has come by the clock: it waits for a tenth of its time and runs for the rest; `false` and
 * `exit 1` fail. One-off jobs were never recorded.
 */
export function progressOf(job: JobRow, world: World): Progress {
  const now = job.canceledAt ?? world.now();
  const startedAt = job.createdAt + world.switches.jobMs * 100;
  const finishedAt = job.createdAt + world.switches.jobMs * 1000;
  const started = now >= startedAt ? { startedAt } : {};
  if (job.canceledAt !== undefined) return { status: "canceled", ...started, finishedAt: job.canceledAt };
  if (now < startedAt) return { status: "pending" };
  if (now < finishedAt) return { status: "running", startedAt };
  return { status: cannotSucceed(job.startCommand) ? "failed" : "succeeded", startedAt, finishedAt };
}

function viewJob(job: JobRow, service: ServiceRow, world: World): JsonObject {
  const { status, startedAt, finishedAt } = progressOf(job, world);
  return {
    id: job.id,
    serviceId: service.id,
    startCommand: job.startCommand,
    planId: job.planId,
    status,
    createdAt: formatTime(job.createdAt),
    ...(startedAt !== undefined && { startedAt: formatTime(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: formatTime(finishedAt) }),
  };
}

function findJob(call: Call, service: ServiceRow): JobRow {
  const id = parameter(call, "job");
  return service.jobs.find((job) => job.id === id) ?? failNotFound(id);
}

/** When a job ends, and how: at its time, or now. */
function recordJobEnd(
  world: World,
  service: ServiceRow,
  job: JobRow,
  status: "succeeded" | "failed" | "canceled",
): void {
  const at = job.canceledAt ?? job.createdAt + world.switches.jobMs * 1000;
  const details = { jobId: job.id, status };
  recordEvent(world, service, { type: "job_run_ended", at, details, status, cause: job.id });
}

const collection = "/services/{id}/jobs";

/** The routes of one-off jobs. */
export const jobRoutes: readonly Route[] = [
  {
    method: "GET",
    path: collection,
    budget: "render/read",
    handle(call, world): Answer {
      const service = findService(call, world);
      const fitting = filterByValues(call, service.jobs.toReversed(), {
        status: (job) => progressOf(job, world).status,
      });
      const rows = filterByTimes(call, fitting, {
        created: (job) => job.createdAt,
        started: (job) => progressOf(job, world).startedAt,
        finished: (job) => progressOf(job, world).finishedAt,
      });
      return answerList(call, world, { rows, thing: "job", view: (job) => viewJob(job, service, world) });
    },
  },
  {
    method: "POST",
    path: collection,
    budget: "render/job",
    handle(call, world): Answer {
      const service = findService(call, world);
      if (service.type === "static_site") fail(400, "a static site cannot run jobs");
      if (service.plan === "free") fail(400, "the free plan has no one-off jobs");
      const body = readBody(call);
      const job: JobRow = {
        id: world.makeId("job"),
        startCommand: requireText(body, "startCommand"),
        planId: readText(body, "planId") || "plan-srv-006",
        createdAt: world.stamp(),
      };
      service.jobs.push(job);
      recordJobEnd(world, service, job, cannotSucceed(job.startCommand) ? "failed" : "succeeded");
      return answer(201, viewJob(job, service, world));
    },
  },
  {
    method: "GET",
    path: `${collection}/{job}`,
    budget: "render/read",
    handle(call, world): Answer {
      const service = findService(call, world);
      return answer(200, viewJob(findJob(call, service), service, world));
    },
  },
  {
    method: "POST",
    path: `${collection}/{job}/cancel`,
    budget: "render/job",
    handle(call, world): Answer {
      const service = findService(call, world);
      const job = findJob(call, service);
      const { status } = progressOf(job, world);
      if (status !== "pending" && status !== "running") fail(400, `job ${job.id} is not in progress`);
      job.canceledAt = world.stamp();
      dropEventsToCome(world, job.id);
      recordJobEnd(world, service, job, "canceled");
      return answer(200, viewJob(job, service, world));
    },
  },
];
