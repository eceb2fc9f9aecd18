import type { Microseconds } from "../../base/clock.ts";
import type { World } from "../../base/world.ts";
import { settleDeploys } from "./deploy.ts";
import type { DeployRow, DeployStage } from "./deploy-row.ts";
import { progressOf } from "./job.ts";
import type { JobRow, ServiceRow } from "../service/service-row.ts";

/** One line of a log. */
export type LogLine = {
  readonly id: string;
  /** Id of the service, or of the job: a job is a resource of its own (Render's description). */
  readonly resource: string;
  readonly at: Microseconds;
  readonly type: "build" | "app";
  readonly level: "info" | "error";
  readonly message: string;
};

/**
 * The lines that deploys and one-off jobs of a service wrote, as far as these resources were asked for. There are no
 * others, since no program runs here.
 */
export function linesOf(world: World, service: ServiceRow, resources: readonly string[]): LogLine[] {
  const jobs = service.jobs.filter((job) => resources.includes(job.id));
  const ofJobs = jobs.flatMap((job) => linesOfJob(world, job));
  if (!resources.includes(service.id)) return ofJobs;
  settleDeploys(world, service);
  return [...ofJobs, ...service.deploys.flatMap((deploy) => linesOfDeploy(world, service, deploy))];
}

/** One line when it begins and one when it ends. */
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

/** Two lines a stage, one when it begins and one when it ends; a deploy that was cancelled says no more. */
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
    // A microsecond before the next stage begins, so that the order of lines is the order of times.
    write(at - 1, stage.fails ? "error" : "info", stage.fails ? failed : done);
    if (stage.fails) break;
  }
  return lines.filter((line) => line.at <= until);
}

/** When a stage begins, when it went well, when it did not. */
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
