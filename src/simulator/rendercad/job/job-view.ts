import type { JsonObject } from "../../../core/base/json.ts";
import { answer, fail, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { assetUrl } from "../library/asset.ts";
import { findJob, outputName, type JobRow } from "./job-row.ts";
import { originOf } from "../account/origin.ts";
import { pictureOf } from "./picture.ts";
import { laneOf, waitingIn } from "./queue.ts";
import { viewSlot } from "./slot.ts";
import { formatSeconds } from "../account/time.ts";

/** The seconds that each job ahead is estimated to take: three jobs are documented as 90 seconds, two as 60. */
const secondsEach = 30;

/** The routes that show jobs. */
export const jobViewRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/render.php/status",
    budget: "rendercad/status",
    handle: showStatusOf(["image"]),
  },
  {
    method: "GET",
    path: "/video.php/status",
    budget: "rendercad/status",
    handle: showStatusOf(["video", "conversion"]),
  },
  { method: "GET", path: "/serve_render.php", budget: null, handle: serveRender },
];

function showStatusOf(types: readonly JobRow["type"][]): Route["handle"] {
  return (call, world) => {
    const job = findJob(call, world, requireQuery(call, "job_id"), types);
    return answer(200, { success: true, job_id: job.id, status: job.status, ...viewState(call, world, job) });
  };
}

/**
 * The members that a job has in its present state. Those of pending, completed and failed jobs are documented; the
 * texts of the others are made alike.
 */
function viewState(call: Call, world: World, job: JobRow): JsonObject {
  const completedAt = { completed_at: formatSeconds(job.endedAt ?? 0) };
  switch (job.status) {
    case "uploading":
      return { status_detail: "Waiting for uploads..." };
    case "pending": {
      const { queue_depth, estimated_wait_seconds } = placeInQueue(world, job);
      return { status_detail: "Queued...", queue_depth, estimated_wait_seconds };
    }
    case "processing":
      return { status_detail: "Rendering..." };
    case "completed":
      return { status_detail: null, ...viewOutput(call, world, job), ...completedAt };
    case "failed":
      return {
        status_detail: "Failed",
        [job.type === "image" ? "error_message" : "error"]: job.error ?? "",
        ...completedAt,
      };
    case "canceled":
      return { status_detail: "Canceled" };
    default:
      return job.status satisfies never;
  }
}

/**
 * The addresses of what a job made. `output_url` of an image asks for the token; the addresses of assets are public
 * (documented).
 */
function viewOutput(call: Call, world: World, job: JobRow): JsonObject {
  const asset = job.deletedAt === undefined ? assetUrl(outputName(job)) : null;
  if (job.type !== "image") return { video_url: asset };
  const proxy = asset && `${originOf(call)}/backend/serve_render.php?id=${job.id}`;
  return { output_url: proxy, asset_url: asset, input_url: viewSlot(world, job.slots[0]) };
}

/** How many jobs are ahead in the queue, and how many seconds they will take. */
export function placeInQueue(
  world: World,
  job: JobRow,
): {
  readonly queue_depth: number;
  readonly queue_position: number;
  readonly estimated_wait_seconds: number;
} {
  const waiting = waitingIn(world, laneOf(job));
  const ahead = Math.max(0, waiting.indexOf(job));
  return {
    queue_depth: ahead,
    queue_position: ahead,
    estimated_wait_seconds: ahead * secondsEach,
  };
}

/** Serves the image at the `output_url` of a job: here a plain picture of the documented size. */
function serveRender(call: Call, world: World): ReturnType<Route["handle"]> {
  const job = findJob(call, world, requireQuery(call, "id"), ["image"]);
  if (job.type !== "image" || job.status !== "completed" || job.deletedAt !== undefined)
    return fail(404, "Render not found");
  const side = job.quality === "4k" ? 4096 : 1024;
  return { status: 200, content: { type: "image/png", data: pictureOf(side) } };
}

function requireQuery(call: Call, name: string): string {
  const value = call.query.get(name) ?? "";
  return value === "" ? fail(400, `${name} is required`) : value;
}
