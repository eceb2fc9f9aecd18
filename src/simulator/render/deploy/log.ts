import type { JsonObject } from "../../../core/base/json.ts";
import { formatTime, parseTime, type Microseconds } from "../../base/clock.ts";
import { queryValues } from "../../base/list.ts";
import { findWorkspace } from "../../base/owned.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { settleDeploys } from "./deploy.ts";
import type { DeployRow, DeployStage } from "./deploy-row.ts";
import { progressOf } from "./job.ts";
import { services, type JobRow, type ServiceRow } from "../service/service-row.ts";

/**
 * The routes of logs. They have the lines of deploys and one-off jobs and no others, since no program runs here. Logs
 * are described and were never recorded.
 */
export const logRoutes: readonly Route[] = [
  { method: "GET", path: "/logs", budget: "render/log", handle: listLogs },
];

type LogLine = {
  readonly id: string;
  /** The id of the service or of the job: a job is a resource of its own (Render's description). */
  readonly resource: string;
  readonly at: Microseconds;
  readonly type: "build" | "app";
  readonly level: "info" | "error";
  readonly message: string;
};

const hour = 3_600_000_000;

function listLogs(call: Call, world: World): Answer {
  const { id: ownerId } = findWorkspace(call, world, call.query.get("ownerId") ?? "");
  const resources = queryValues(call, "resource") ?? fail(400, "resource is required");
  const start = readBound(call, "startTime") ?? world.now() - hour;
  const end = readBound(call, "endTime") ?? world.now();
  const backward = readDirection(call) === "backward";
  const limit = readLimit(call);
  const lines = world.account
    .list(services)
    .filter((service) => service.ownerId === ownerId)
    .flatMap((service) => linesOf(world, service, resources))
    .filter((line) => line.at >= start && line.at <= end && isWanted(call, line))
    .sort((a, b) => (backward ? b.at - a.at : a.at - b.at));
  const page = lines.slice(0, limit);
  const last = page.at(-1)?.at;
  // The next page begins beside the last line, since both bounds of a page are included.
  return answer(200, {
    hasMore: lines.length > limit,
    nextStartTime: formatTime(backward || last === undefined ? start : last + 1),
    nextEndTime: formatTime(backward && last !== undefined ? last - 1 : end),
    logs: page.map(viewLine),
  });
}

function readBound(call: Call, name: string): Microseconds | undefined {
  const text = call.query.get(name) ?? "";
  return text === "" ? undefined : (parseTime(text) ?? fail(400, `${name} is not a time`));
}

function readDirection(call: Call): "backward" | "forward" {
  const text = call.query.get("direction") ?? "backward";
  return text === "backward" || text === "forward"
    ? text
    : fail(400, "direction must be backward or forward");
}

function readLimit(call: Call): number {
  const limit = Number(call.query.get("limit") ?? 20);
  return Number.isInteger(limit) && limit >= 1 && limit <= 100
    ? limit
    : fail(400, "limit must be between 1 and 100");
}

function isWanted(call: Call, line: LogLine): boolean {
  const fits = (name: string, text: string): boolean => queryValues(call, name)?.includes(text) ?? true;
  // A text may stand anywhere in a line. The real API also takes wildcards and expressions, which are not done here.
  const texts = queryValues(call, "text");
  return (
    fits("type", line.type) &&
    fits("level", line.level) &&
    (texts?.some((text) => line.message.includes(text)) ?? true)
  );
}

function linesOf(world: World, service: ServiceRow, resources: readonly string[]): LogLine[] {
  const jobs = service.jobs.filter((job) => resources.includes(job.id));
  const ofJobs = jobs.flatMap((job) => linesOfJob(world, job));
  if (!resources.includes(service.id)) return ofJobs;
  settleDeploys(world, service);
  return [...ofJobs, ...service.deploys.flatMap((deploy) => linesOfDeploy(world, service, deploy))];
}

/** The lines of a one-off job: one when it begins and one when it ends. */
function linesOfJob(world: World, job: JobRow): LogLine[] {
  const { status, startedAt, finishedAt } = progressOf(job, world);
  const own = { resource: job.id, type: "app" } as const;
  const lines: LogLine[] = [];
  if (startedAt !== undefined) {
    const message = `==> Running '${job.startCommand}'`;
    lines.push({ ...own, id: `${job.id}-0`, at: startedAt, level: "info", message });
  }
  if (finishedAt !== undefined && status !== "canceled") {
    const [level, message] =
      status === "failed"
        ? (["error", "==> Exited with status 1"] as const)
        : (["info", "==> Done"] as const);
    lines.push({ ...own, id: `${job.id}-1`, at: finishedAt, level, message });
  }
  return lines;
}

/**
 * The lines of a deploy: two for each stage, when it begins and when it ends. A deploy that was cancelled has no
 * later line.
 */
function linesOfDeploy(world: World, service: ServiceRow, deploy: DeployRow): LogLine[] {
  let at = deploy.startedAt;
  if (at === undefined) return [];
  const until = deploy.status === "canceled" ? (deploy.finishedAt ?? at) : world.now();
  const lines: LogLine[] = [];
  for (const stage of deploy.stages) {
    const type = stage.status === "build_in_progress" ? "build" : "app";
    const [first, done, failed] = wordsOf(stage, service);
    const write = (time: Microseconds, level: LogLine["level"], message: string): void =>
      void lines.push({
        id: `${deploy.id}-${lines.length}`,
        resource: service.id,
        at: time,
        type,
        level,
        message,
      });
    write(at, "info", first);
    at += stage.milliseconds * 1000;
    // One microsecond before the next stage begins, so that the order of lines is that of their times.
    write(at - 1, stage.fails ? "error" : "info", stage.fails ? failed : done);
    if (stage.fails) break;
  }
  return lines.filter((line) => line.at <= until);
}

/** The words for the beginning, the success and the failure of a stage. */
function wordsOf({ status }: DeployStage, service: ServiceRow): readonly [string, string, string] {
  switch (status) {
    case "build_in_progress":
      return [`==> Building ${service.repo ?? ""}`, "==> Build successful", "==> Build failed"];
    case "pre_deploy_in_progress":
      return [
        `==> Running pre-deploy command: ${service.preDeployCommand ?? ""}`,
        "==> Pre-deploy complete",
        "==> Pre-deploy has failed",
      ];
    case "update_in_progress":
      return ["==> Deploying", "==> Your service is live", "==> Exited with status 1"];
    default:
      return status satisfies never;
  }
}

function viewLine({ id, resource, at, type, level, message }: LogLine): JsonObject {
  return {
    id,
    message,
    timestamp: formatTime(at),
    labels: [
      { name: "resource", value: resource },
      { name: "level", value: level },
      { name: "type", value: type },
    ],
  };
}
