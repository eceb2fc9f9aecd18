import type { JsonObject } from "../../../core/base/json.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { assetUrl, daysLeft } from "./asset.ts";
import { listJobs, outputName, type JobRow } from "../job/job-row.ts";
import { laneOf } from "../job/queue.ts";
import { viewSlot } from "../job/slot.ts";
import { formatSeconds, formatSecondsOrNull } from "../account/time.ts";

/** The routes of the history of jobs. */
export const historyRoutes: readonly Route[] = [
  { method: "GET", path: "/render.php/history", budget: null, handle: showHistory },
];

const filters = ["all", "image", "video"];

/**
 * Lists finished jobs, the newest first. The documented example has pages of 50; no larger limit is documented, so
 * any is taken.
 */
function showHistory(call: Call, world: World): Answer {
  const filter = call.query.get("filter") ?? "all";
  if (!filters.includes(filter)) fail(400, `filter must be one of ${filters.join(", ")}`);
  const [page, limit] = [readCount(call, "page", 1), readCount(call, "limit", 50)];
  const rows = listJobs(world, call.user.id)
    .filter((job) => filter === "all" || laneOf(job) === filter)
    .reverse();
  const pages = Math.ceil(rows.length / limit);
  return answer(200, {
    success: true,
    renders: rows.slice((page - 1) * limit, page * limit).map((job) => viewRender(world, job)),
    pagination: {
      page,
      limit,
      total_count: rows.length,
      total_pages: pages,
      has_next: page < pages,
    },
  });
}

/**
 * A job in the history. Its addresses are those of the assets and not those of the proxy (documented); a deleted job
 * keeps its record without them.
 */
function viewRender(world: World, job: JobRow): JsonObject {
  const isThere = job.status === "completed" && job.deletedAt === undefined;
  return {
    job_id: job.id,
    status: job.status,
    ...viewSettings(job),
    input_url: viewSlot(world, job.slots[0]),
    output_url: isThere ? assetUrl(outputName(job)) : null,
    created_at: formatSeconds(job.createdAt),
    completed_at: formatSecondsOrNull(job.endedAt),
    days_to_deletion: job.deletedAt === undefined ? daysLeft(job.createdAt, world.clock.now()) : 0,
  };
}

/** The settings of a job: `video_settings` for videos; `background_style` for images, and null for videos (documented). */
function viewSettings(job: JobRow): JsonObject {
  switch (job.type) {
    case "image":
      return {
        render_mode: job.renderMode,
        model: job.model,
        quality_tier: job.quality,
        background_style: job.backgroundStyle,
        video_settings: null,
      };
    case "video":
      return { ...noImage, video_settings: job.settings };
    case "conversion":
      return { ...noImage, video_settings: { format: job.format } };
    default:
      return job satisfies never;
  }
}

const noImage = { render_mode: null, model: null, quality_tier: null, background_style: null };

function readCount(call: Call, name: string, otherwise: number): number {
  const count = Number(call.query.get(name) ?? otherwise);
  return Number.isInteger(count) && count > 0 ? count : fail(400, `${name} must be a positive number`);
}
