import { headerText } from "../../server/api.ts";
import { defineTable, type Row } from "../../base/account.ts";
import { readBody, readInteger, requireText } from "../../base/body.ts";
import { randomText } from "../../base/random.ts";
import { answer, fail, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { assetUrl, detectImage, storeAsset } from "../library/asset.ts";
import { findJob, jobs } from "./job-row.ts";
import { originOf } from "../account/origin.ts";
import { scoped } from "../account/scope.ts";

/** A permission to upload one file to one place. It is an address that needs no other credentials. */
type PresignedRow = Row & {
  readonly jobId: string;
  readonly asset: string;
  readonly contentType: string;
  readonly expiresAt: number;
};
const presigned = defineTable<PresignedRow>("rendercad presigned uploads");

const expiresInSeconds = 300;

/** The routes of uploads. */
export const uploadRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/render.php/presign_upload",
    budget: null,
    handle: scoped("render-only", presignUpload),
  },
  {
    method: "PUT",
    path: "/uploads/{upload}",
    budget: null,
    anonymous: true,
    takesFile: true,
    handle: receiveUpload,
  },
];

/**
 * Makes the address of an upload, for jobs of both types (documented). The size is not asked for; it is checked when
 * the job is finalized.
 */
function presignUpload(call: Call, world: World): Answer {
  const body = readBody(call);
  const job = findJob(call, world, requireText(body, "job_id"));
  const name = requireText(body, "slot");
  const index = readInteger(body, "index") ?? null;
  const contentType = requireText(body, "content_type");
  if (!contentType.startsWith("image/")) fail(400, "content_type must be an image type");
  if (job.status !== "uploading") fail(409, "Job is already finalized");
  const slot = job.slots.find((known) => known.upload && known.slot === name && known.index === index);
  if (!slot) fail(400, "slot must be one of the job's required uploads");
  const row = world.account.insert(presigned, {
    id: randomText(world.random, 40),
    jobId: job.id,
    asset: slot.asset,
    contentType,
    expiresAt: world.clock.now() + expiresInSeconds * 1000,
  });
  return answer(200, {
    success: true,
    presigned_url: `${originOf(call)}/backend/uploads/${row.id}`,
    asset_url: assetUrl(slot.asset),
    slot: slot.slot,
    index: slot.index,
    expires_in: expiresInSeconds,
    cache_control: "public, max-age=31536000, immutable",
  });
}

/**
 * Takes an upload. The storage behind the address knows no tokens. Its answer to a wrong upload is not documented;
 * here it is 403, as of other storages.
 */
function receiveUpload(call: Call, world: World): Answer {
  const row = world.account.find(presigned, parameter(call, "upload"));
  const job = row && world.account.find(jobs, row.jobId);
  if (!row || job?.status !== "uploading") return fail(403, "Access denied");
  if (world.clock.now() >= row.expiresAt) fail(403, "Request has expired");
  const contentType = headerText(call.headers, "content-type");
  if (contentType !== row.contentType) fail(403, `Content-Type must be ${row.contentType}`);
  const format = detectImage(call.bytes);
  storeAsset(world, {
    id: row.asset,
    jobId: row.jobId,
    contentType,
    size: call.bytes.byteLength,
    ...(format && { format }),
    createdAt: world.clock.now(),
  });
  return answer(200);
}
