import type { JsonObject } from "../../../core/base/json.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { World } from "../../base/world.ts";
import { dropEventsToCome, recordEvent } from "../event/event-row.ts";
import type { ServiceRow } from "../service/service-row.ts";
import type { DeployRow, DeployStage } from "./deploy-row.ts";

type End = "succeeded" | "failed" | "canceled";

/** Numbers that the description asks for beside the words, without a word of what they mean. */
const numbers: { readonly [end in End]: number } = { succeeded: 2, failed: 3, canceled: 4 };

/** What happens while a deploy goes through its stages, each at its time: a cancel takes back what has not come. */
export function recordDeployEvents(world: World, service: ServiceRow, deploy: DeployRow): void {
  const { id: cause } = deploy;
  const note = (type: string, at: Microseconds, details: JsonObject, status?: End): void =>
    recordEvent(world, service, { type, at, details, cause, ...(status !== undefined && { status }) });
  const trigger = triggerOf(service, deploy);
  let at = deploy.startedAt ?? world.now();
  note("deploy_started", at, { deployId: cause, trigger });
  for (const stage of deploy.stages) {
    const end: End = stage.fails ? "failed" : "succeeded";
    const from = at;
    at += stage.milliseconds * 1000;
    noteStage(stage, { cause, trigger, from, until: at, end, note });
    if (stage.fails) return note("deploy_ended", at, detailsOfEnd(cause, "failed"), "failed");
  }
  note("deploy_ended", at, detailsOfEnd(cause, "succeeded"), "succeeded");
}

type Noted = {
  readonly cause: string;
  readonly trigger: JsonObject;
  readonly from: Microseconds;
  readonly until: Microseconds;
  readonly end: End;
  readonly note: (type: string, at: Microseconds, details: JsonObject, status?: End) => void;
};

function noteStage({ status }: DeployStage, { cause, trigger, from, until, end, note }: Noted): void {
  const ended = { reason: reasonOf(end), status: numbers[end] };
  const buildId = cause.replace("dep-", "bld-");
  const command = { deployCommandExecutionId: cause.replace("dep-", "dce-"), deployId: cause };
  switch (status) {
    case "build_in_progress":
      note("build_started", from, { buildId, trigger });
      return note("build_ended", until, { buildId, buildStatus: end, ...ended }, end);
    case "pre_deploy_in_progress":
      note("pre_deploy_started", from, command);
      return note("pre_deploy_ended", until, { ...command, preDeployStatus: end, ...ended }, end);
    case "update_in_progress":
      return end === "failed"
        ? note("server_failed", until, { reason: reasonOf(end)["failure"] ?? {} })
        : note("server_available", until, {});
    default:
      return status satisfies never;
  }
}

/** A deploy that is canceled ends now, and nothing that was to come of it does. */
export function recordCancel(world: World, service: ServiceRow, deploy: DeployRow): void {
  dropEventsToCome(world, deploy.id);
  if (deploy.startedAt === undefined) return;
  const details = detailsOfEnd(deploy.id, "canceled");
  recordEvent(world, service, { type: "deploy_ended", details, status: "canceled", cause: deploy.id });
}

function detailsOfEnd(deployId: string, end: End): JsonObject {
  return { deployId, deployStatus: end, reason: reasonOf(end), status: numbers[end] };
}

function reasonOf(end: End): JsonObject {
  return end === "failed" ? { failure: { evicted: false, nonZeroExit: 1 } } : {};
}

function triggerOf({ deploys }: ServiceRow, { id, trigger }: DeployRow): JsonObject {
  return {
    firstBuild: deploys[0]?.id === id,
    envUpdated: false,
    manual: trigger === "api",
    deployedByRender: false,
    clearCache: false,
    rollback: trigger === "rollback",
  };
}
