import { createHash } from "node:crypto";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { fail } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import type { DeployRow, DeployStage, DeployStatus, DeployTrigger } from "./deploy-row.ts";
import { linkedGroupKeys } from "../env-group/env-group-row.ts";
import { isCron, services, type ServiceRow } from "../service/service-row.ts";
import { recordCancel, recordDeployEvents } from "./deploy-events.ts";

/** What a deploy deploys: a commit or an image. */
export type DeploySource = Pick<DeployRow, "commit" | "image">;

/** Whether a deploy runs or waits. */
export function isInProgress(deploy: DeployRow): boolean {
  return deploy.finishedAt === undefined;
}

/**
 * Starts a deploy, or queues it behind one that runs. Recorded in 2025 is that it is queued, and earlier that it
 * takes the place of the other; a switch decides. A deploy that waits is replaced by a newer one.
 */
export function startDeploy(
  world: World,
  service: ServiceRow,
  wish: { trigger: DeployTrigger; source?: DeploySource; isPast?: boolean },
): DeployRow {
  if (service.suspenders.length > 0) fail(400, "cannot deploy a suspended service");
  settleDeploys(world, service);
  const running = service.deploys.filter(isInProgress);
  const queues = world.switches.deployOverlap === "queue";
  for (const deploy of running) {
    if (!queues || deploy.status === "queued") cancelDeploy(world, service, deploy);
  }
  const now = world.stamp();
  const deploy: DeployRow = {
    id: world.makeId("dep"),
    status: "queued",
    trigger: wish.trigger,
    ...(wish.source ?? currentSource(service)),
    stages: planStages(world, service),
    envKeys: [],
    createdAt: now,
    updatedAt: now,
  };
  service.deploys.push(deploy);
  if (!service.deploys.some((other) => other !== deploy && isInProgress(other))) {
    beginDeploy(world, service, deploy, now);
    // What was there before anybody looked, as the deploy of a loaded service, is no news.
    if (!wish.isPast) recordDeployEvents(world, service, deploy);
  }
  settleDeploys(world, service);
  world.account.reindex(services, service);
  return deploy;
}

/** Cancels a deploy that runs or waits. */
export function cancelDeploy(world: World, service: ServiceRow, deploy: DeployRow): void {
  endDeploy(deploy, "canceled", world.stamp());
  recordCancel(world, service, deploy);
  world.account.reindex(services, service);
}

/** When the deploy that others wait for ends, in milliseconds. */
export function queueEndsAt({ deploys }: ServiceRow): number {
  const running = deploys.find((deploy) => isInProgress(deploy) && deploy.startedAt !== undefined);
  const milliseconds = (running?.stages ?? []).reduce((sum, stage) => sum + stage.milliseconds, 0);
  return running?.startedAt === undefined ? 0 : Math.ceil(running.startedAt / 1000) + milliseconds;
}

/**
 * Brings the deploys of a service to where they are by the clock. There are no timers: whoever looks at deploys calls
 * this first.
 */
export function settleDeploys(world: World, service: ServiceRow): void {
  const now = world.now();
  let freeSince: Microseconds = 0;
  for (const deploy of service.deploys) {
    if (isInProgress(deploy)) {
      if (deploy.startedAt === undefined) {
        beginDeploy(world, service, deploy, Math.max(freeSince, deploy.createdAt));
        recordDeployEvents(world, service, deploy);
        world.account.reindex(services, service);
      }
      advance(service, deploy, now);
    }
    if (deploy.finishedAt === undefined) return;
    freeSince = Math.max(freeSince, deploy.finishedAt);
  }
}

/** Ends a deploy with a status. */
export function endDeploy(deploy: DeployRow, status: DeployStatus, at: Microseconds): void {
  deploy.status = status;
  deploy.updatedAt = at;
  // Render notes the end half a millisecond before it writes the row (recorded).
  deploy.finishedAt = at - 500;
}

/**
 * A deploy, its members in the order in which Render sends them. `finishedAt` is absent while it runs (recorded since
 * May 2025).
 */
export function viewDeploy(deploy: DeployRow): {
  [field: string]: string | { [field: string]: string } | null;
} {
  return {
    id: deploy.id,
    commit: deploy.commit,
    ...(deploy.image && { image: deploy.image }),
    status: deploy.status,
    trigger: deploy.trigger,
    createdAt: formatTime(deploy.createdAt),
    updatedAt: formatTime(deploy.updatedAt),
    ...(deploy.startedAt !== undefined && { startedAt: formatTime(deploy.startedAt) }),
    ...(deploy.finishedAt !== undefined && { finishedAt: formatTime(deploy.finishedAt) }),
  };
}

function beginDeploy(world: World, service: ServiceRow, deploy: DeployRow, at: Microseconds): void {
  // Render notes the start some milliseconds before it makes the row; an image is resolved after that, which touches
  // the row again (recorded).
  deploy.startedAt = at - 1000;
  if (deploy.image) deploy.updatedAt = world.stamp();
  deploy.status = deploy.stages[0]?.status ?? "live";
  const keys = new Set([...service.envVars.map((row) => row.key), ...linkedGroupKeys(world, service.id)]);
  deploy.envKeys = [...keys].sort();
}

function advance(service: ServiceRow, deploy: DeployRow, now: Microseconds): void {
  let time = deploy.startedAt ?? now;
  for (const stage of deploy.stages) {
    if (now < time + stage.milliseconds * 1000) {
      if (deploy.status !== stage.status) deploy.updatedAt = time;
      deploy.status = stage.status;
      return;
    }
    time += stage.milliseconds * 1000;
    if (stage.fails) return endDeploy(deploy, failureOf(stage), time);
  }
  for (const other of service.deploys) {
    if (other !== deploy && other.status === "live") {
      other.status = "deactivated";
      other.updatedAt = time;
    }
  }
  endDeploy(deploy, "live", Math.max(time, deploy.updatedAt));
}

function failureOf(stage: DeployStage): DeployStatus {
  switch (stage.status) {
    case "build_in_progress":
      return "build_failed";
    case "pre_deploy_in_progress":
      return "pre_deploy_failed";
    case "update_in_progress":
      return "update_failed";
    default:
      return stage.status satisfies never;
  }
}

/**
 * The stages of a deploy. The first status is `build_in_progress` for git; for an image `update_in_progress` or, with
 * a pre-deploy command, `pre_deploy_in_progress`; for the image of a cron job `live` at once (recorded). A stage
 * fails when its command is `false` or `exit 1` and nothing else.
 */
function planStages(world: World, service: ServiceRow): DeployStage[] {
  const { buildMs, preDeployMs, updateMs } = world.switches;
  const stages: DeployStage[] = [];
  if (service.imagePath === undefined) {
    stages.push({
      status: "build_in_progress",
      milliseconds: buildMs,
      fails: cannotSucceed(service.buildCommand),
    });
  }
  const { preDeployCommand } = service;
  if (preDeployCommand !== undefined && preDeployCommand !== "") {
    const fails = cannotSucceed(preDeployCommand);
    stages.push({ status: "pre_deploy_in_progress", milliseconds: preDeployMs, fails });
  }
  if (!isCron(service)) {
    const fails = cannotSucceed(service.startCommand) || cannotSucceed(service.dockerCommand);
    stages.push({ status: "update_in_progress", milliseconds: updateMs, fails });
  }
  return stages;
}

/** Whether a command can only fail. */
export function cannotSucceed(command: string): boolean {
  return command === "false" || command === "exit 1";
}

/** What a deploy would deploy now. The commit is made up, and always the same for one repository and branch. */
function currentSource(service: ServiceRow): DeploySource {
  if (service.imagePath !== undefined) {
    return {
      commit: null,
      image: { ref: service.imagePath, sha: `sha256:${digest("sha256", service.imagePath)}` },
    };
  }
  const id = digest("sha1", `${service.repo ?? ""} ${service.branch ?? ""}`);
  return { commit: { id, message: "Update", createdAt: formatTime(service.createdAt) } };
}

function digest(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}
