import type { JsonObject } from "../../core/json.ts";
import { defineTable, type Row } from "../account.ts";
import { headerText } from "../api.ts";
import { readBody, readChoice, readText, requireText } from "../body.ts";
import { answer, fail, parameter, type Answer, type Call, type Route } from "../route.ts";
import type { World } from "../world.ts";
import { formatSeconds, nextNumber, requireScope } from "./token-row.ts";

type RenderJobRow = Row & {
  readonly userId: string;
  readonly model: string;
  readonly createdAt: number;
  uploaded: boolean;
  finalizedAt?: number;
  canceled?: true;
};
const renderJobs = defineTable<RenderJobRow>("rendercad jobs");

const queuedMs = 1000;

/** Image renders, enough for the documented quick start and for the check that a new token works. */
export const renderJobRoutes: readonly Route[] = [
  { method: "POST", path: "/render.php/create_job", budget: null, handle: createJob },
  { method: "POST", path: "/render.php/presign_upload", budget: null, handle: presignUpload },
  { method: "PUT", path: "/uploads/{job}", budget: null, anonymous: true, handle: upload },
  { method: "POST", path: "/render.php/finalize_job", budget: null, handle: finalizeJob },
  {
    method: "GET",
    path: "/render.php/status",
    budget: "rendercad/status",
    handle: (call, world) =>
      answer(200, viewJob(findJob(call, world, call.query.get("job_id") ?? ""), world)),
  },
  { method: "POST", path: "/render.php/cancel", budget: null, handle: cancelJob },
  { method: "GET", path: "/render.php/history", budget: null, handle: listHistory },
];

function createJob(call: Call, world: World): Answer {
  requireScope(call, world, "render-only");
  const body = readBody(call);
  const model = readChoice(body, "model", ["classic", "pro"] as const) ?? "classic";
  const quality = readChoice(body, "quality", ["standard", "4k"] as const) ?? "standard";
  if (quality === "4k" && model !== "pro") fail(422, "4k requires the pro model");
  const uploaded = readText(body, "source_url") !== undefined;
  const job = world.account.insert(renderJobs, {
    id: `render_${nextNumber(world, renderJobs)}`,
    userId: call.user.id,
    model,
    createdAt: world.clock.now(),
    uploaded,
  });
  const slots = uploaded ? [] : [{ slot: "input_main" }];
  return answer(200, { success: true, job_id: job.id, status: "uploading", required_uploads: slots });
}

function presignUpload(call: Call, world: World): Answer {
  requireScope(call, world, "render-only");
  const body = readBody(call);
  const job = findJob(call, world, requireText(body, "job_id"));
  requireText(body, "content_type");
  return answer(200, {
    success: true,
    presigned_url: `http://${headerText(call.headers, "host")}/backend/uploads/${job.id}`,
    asset_url: `https://renders.rendercad.ai/${job.id}_input`,
    slot: requireText(body, "slot"),
    index: null,
    expires_in: 300,
  });
}

/** The address is the permission: whoever has it may upload (as with any presigned address). */
function upload(call: Call, world: World): Answer {
  const job = world.account.find(renderJobs, parameter(call, "job")) ?? fail(404, "Job not found");
  job.uploaded = true;
  return answer(200);
}

function finalizeJob(call: Call, world: World): Answer {
  requireScope(call, world, "render-only");
  const job = findJob(call, world, requireText(readBody(call), "job_id"));
  if (job.finalizedAt !== undefined) fail(409, "Job is already finalized");
  if (!job.uploaded) fail(400, "Upload input_main first");
  job.finalizedAt = world.clock.now();
  return answer(200, { success: true, job_id: job.id, status: "pending", queue_depth: 0, queue_position: 0 });
}

function cancelJob(call: Call, world: World): Answer {
  requireScope(call, world, "render-only");
  const job = findJob(call, world, requireText(readBody(call), "job_id"));
  if (statusOf(job, world) !== "pending") fail(409, "Only pending jobs can be canceled");
  job.canceled = true;
  return answer(200, { success: true, job_id: job.id, status: "canceled" });
}

function listHistory(call: Call, world: World): Answer {
  const own = world.account
    .list(renderJobs)
    .filter((job) => job.userId === call.user.id)
    .reverse();
  const [page, limit] = [readCount(call, "page", 1), readCount(call, "limit", 50)];
  const shown = own.slice((page - 1) * limit, page * limit);
  const pages = Math.ceil(own.length / limit);
  return answer(200, {
    success: true,
    renders: shown.map((job) => ({ ...viewJob(job, world), created_at: formatSeconds(job.createdAt) })),
    pagination: { page, limit, total_count: own.length, total_pages: pages, has_next: page < pages },
  });
}

function readCount(call: Call, name: string, otherwise: number): number {
  const count = Number(call.query.get(name) ?? otherwise);
  return Number.isInteger(count) && count > 0 ? count : fail(400, `${name} must be a positive number`);
}

function findJob(call: Call, world: World, id: string): RenderJobRow {
  const job = world.account.find(renderJobs, id);
  return job?.userId === call.user.id ? job : fail(404, "Job not found");
}

function statusOf(job: RenderJobRow, world: World): string {
  if (job.canceled) return "canceled";
  if (job.finalizedAt === undefined) return "uploading";
  const waited = world.clock.now() - job.finalizedAt;
  if (waited < queuedMs) return "pending";
  return waited < world.switches.jobMs ? "processing" : "completed";
}

function viewJob(job: RenderJobRow, world: World): JsonObject {
  const status = statusOf(job, world);
  const output = {
    output_url: `https://rendercad.ai/backend/serve_render.php?id=${job.id}`,
    asset_url: `https://renders.rendercad.ai/${job.id}`,
    completed_at: formatSeconds((job.finalizedAt ?? 0) + world.switches.jobMs),
  };
  return { success: true, job_id: job.id, status, ...(status === "completed" && output) };
}
