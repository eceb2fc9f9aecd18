import type { JsonObject } from "../../../core/base/json.ts";
import { assetUrl, storeAsset } from "../library/asset.ts";
import { giveBackCredits } from "../account/credit.ts";
import { announce } from "../webhook/delivery-row.ts";
import { inputName, isActive, jobs, outputName, type JobRow } from "./job-row.ts";
import { formatSeconds } from "../account/time.ts";
import { fail } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

/** A queue: images and videos have one each. */
type Lane = "image" | "video";

type Change = { readonly at: number; readonly job: JobRow };

/**
 * Brings every job to where it is by the clock. Each change has its own time, and they are made in the order of their
 * times.
 */
export function advanceJobs(world: World): void {
  const now = world.clock.now();
  for (let change = nextChange(world); change && change.at <= now; change = nextChange(world)) {
    if (change.job.status === "pending") {
      change.job.status = "processing";
      change.job.startedAt = change.at;
    } else {
      endJob(world, change.job, change.at);
    }
  }
}

/** When the next job starts or ends; infinity when none is under way. */
export function nextJobChangeAt(world: World): number {
  return nextChange(world)?.at ?? Infinity;
}

function nextChange(world: World): Change | undefined {
  const changes = (["image", "video"] as const).flatMap((lane) => changesOf(world, lane));
  return changes.sort((a, b) => a.at - b.at)[0];
}

/** The next end in a queue, and the next start where a worker is free: that of the oldest job. */
function changesOf(world: World, lane: Lane): Change[] {
  const rows = world.account.list(jobs).filter((job) => laneOf(job) === lane && job.status !== "canceled");
  const running = rows.filter((job) => job.status === "processing");
  const ends = running.map((job) => ({ at: (job.startedAt ?? 0) + durationOf(world, job), job }));
  const [first] = waitingIn(world, lane);
  if (!first || running.length >= world.switches.rendercadWorkers) return ends;
  // Changes are made in the order of their times. So a job that was ready before this time found every worker busy.
  const freeSince = Math.max(0, ...rows.flatMap((job) => job.endedAt ?? []));
  const ready = (first.finalizedAt ?? 0) + world.switches.rendercadQueueMs;
  return [...ends, { at: Math.max(ready, freeSince), job: first }];
}

/** The jobs of a queue that have not started, the oldest first. */
export function waitingIn(world: World, lane: Lane): JobRow[] {
  const waiting = world.account.list(jobs).filter((job) => laneOf(job) === lane && job.status === "pending");
  return waiting.sort((a, b) => (a.finalizedAt ?? 0) - (b.finalizedAt ?? 0));
}

/** The queue that a job waits in. */
export function laneOf(job: JobRow): Lane {
  return job.type === "image" ? "image" : "video";
}

function durationOf(world: World, job: JobRow): number {
  switch (job.type) {
    case "image":
      return world.switches.rendercadImageMs;
    case "video":
      return world.switches.rendercadVideoMs;
    case "conversion":
      return world.switches.rendercadConversionMs;
    default:
      return job satisfies never;
  }
}

function endJob(world: World, job: JobRow, at: number): void {
  job.endedAt = at;
  if (job.failsWith === undefined) return completeJob(world, job, at);
  job.status = "failed";
  job.error = job.failsWith;
  // Failures that are the fault of RENDERCAD say so in their documented texts. Any other failure keeps its credits.
  if (job.charge && job.error.includes("You were not charged"))
    giveBackCredits(world, job.userId, job.charge);
  const input = inputName(job);
  announceEnd(world, job, {
    error: job.error,
    ...(input !== undefined && { input_url: assetUrl(input.replace(/^(.+)_input$/, "input_$1.jpg")) }),
  });
}

function completeJob(world: World, job: JobRow, at: number): void {
  job.status = "completed";
  const format = { image: "jpeg", video: "mp4", conversion: "gif" } as const;
  storeAsset(world, {
    id: outputName(job),
    jobId: job.id,
    contentType: job.type === "video" ? "video/mp4" : `image/${format[job.type]}`,
    size: 0,
    format: format[job.type],
    createdAt: at,
  });
  announceEnd(world, job, {
    ...(job.type === "image"
      ? { output_url: assetUrl(`output_${job.key}.jpg`) }
      : { video_url: assetUrl(outputName(job)) }),
    ...(job.type === "conversion" && { format: job.format }),
    processing_time_ms: at - (job.startedAt ?? at),
  });
}

function announceEnd(world: World, job: JobRow, fields: JsonObject): void {
  const at = job.endedAt ?? 0;
  const outcome = job.status === "failed" ? "failed" : "completed";
  announce(world, {
    userId: job.userId,
    event: `${laneOf(job) === "image" ? "render" : "video"}.${outcome}`,
    at,
    fields: { job_id: job.id, status: job.status, ...fields, completed_at: formatSeconds(at) },
  });
}

/** Makes a job that has not ended fail when its time comes. */
export function failLater(world: World, jobId: string, message: string): void {
  const job = world.account.find(jobs, jobId) ?? fail(404, "Job not found");
  if (!isActive(job)) fail(409, "Job has ended");
  job.failsWith = message;
}
