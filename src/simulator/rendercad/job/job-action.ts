import { readBody, requireText } from "../../base/body.ts";
import { answer, fail, failBusy, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { removeAssetsOf } from "../library/asset.ts";
import { giveBackCredits, takeCredits } from "../account/credit.ts";
import { findJob, isActive, listJobs, type JobRow } from "./job-row.ts";
import { placeInQueue } from "./job-view.ts";
import { laneOf, waitingIn } from "./queue.ts";
import { scoped } from "../account/scope.ts";
import { checkSlots } from "./slot.ts";

/** The routes that act on jobs. */
export const jobActionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/render.php/finalize_job",
    budget: null,
    handle: scoped("render-only", finalizeJobOf(["image"])),
  },
  {
    method: "POST",
    path: "/video.php/finalize_job",
    budget: null,
    handle: scoped("render-only", finalizeJobOf(["video"])),
  },
  {
    method: "POST",
    path: "/render.php/cancel",
    budget: null,
    handle: scoped("render-only", cancelJobOf(["image"])),
  },
  {
    method: "POST",
    path: "/video.php/cancel",
    budget: null,
    handle: scoped("render-only", cancelJobOf(["video", "conversion"])),
  },
  { method: "POST", path: "/render.php/delete", budget: null, handle: scoped("full-access", deleteJob) },
];

/** Starts a job: checks what was uploaded, takes the credits, and queues it. */
function finalizeJobOf(types: readonly JobRow["type"][]): Route["handle"] {
  return (call, world) => {
    const job = readJob(call, world, types);
    if (job.status !== "uploading") fail(409, "Job is already finalized");
    checkSlots(world, job);
    requireRoomInQueue(call, world, laneOf(job));
    job.charge = takeCredits(world, call.user.id, job.cost);
    job.finalizedAt = world.clock.now();
    job.status = "pending";
    return answer(200, {
      success: true,
      job_id: job.id,
      status: job.status,
      ...(job.type === "video" && { tokens_used: job.cost }),
      ...placeInQueue(world, job),
    });
  };
}

/**
 * Refuses a job where too many are at work or in the queue: 429, also on an endpoint without a limit on requests
 * (documented; the numbers are not). Only a limited endpoint, as that of video conversion, has limit headers to send
 * with it.
 */
export function requireRoomInQueue(call: Call, world: World, lane: "image" | "video"): void {
  const own = listJobs(world, call.user.id).filter((job) => isActive(job) && job.status !== "uploading");
  if (own.length >= world.switches.rendercadConcurrency) failBusy("Too many renders at once");
  if (waitingIn(world, lane).length >= world.switches.rendercadQueueLength) failBusy("The queue is full");
}

/** Cancels a job. Only a pending one can be cancelled, and has its credits back (documented). */
function cancelJobOf(types: readonly JobRow["type"][]): Route["handle"] {
  return (call, world) => {
    const job = readJob(call, world, types);
    if (job.status !== "pending") fail(409, "Only pending jobs can be canceled");
    job.status = "canceled";
    job.endedAt = world.clock.now();
    if (job.charge) giveBackCredits(world, call.user.id, job.charge);
    return answer(200, { success: true, job_id: job.id, status: job.status });
  };
}

/**
 * Removes the files of a job and keeps its record (documented). It takes jobs of every type, since there is no other
 * way to delete a video.
 */
function deleteJob(call: Call, world: World): Answer {
  const job = readJob(call, world);
  if (isActive(job)) fail(409, "Active jobs cannot be deleted: cancel a pending job first, or wait");
  removeAssetsOf(world, job.id);
  job.deletedAt ??= world.clock.now();
  return answer(200, { success: true });
}

function readJob(call: Call, world: World, types?: readonly JobRow["type"][]): JobRow {
  return findJob(call, world, requireText(readBody(call), "job_id"), types);
}
