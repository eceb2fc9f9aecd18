import { readBody, readChoice, readText, requireText, withoutAbsent, type Body } from "../../base/body.ts";
import { randomInteger, randomText } from "../../base/random.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { findAsset } from "../library/asset.ts";
import { jobs, type VideoJob } from "./job-row.ts";
import { requireRoomInQueue } from "./job-action.ts";
import { scoped } from "../account/scope.ts";
import { fillSlots, viewUploads, type SlotWish } from "./slot.ts";
import { videoOptions } from "./video-option.ts";

/** The routes of video jobs. */
export const videoJobRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/video.php/create_job",
    budget: "rendercad/video-generate",
    handle: scoped("render-only", createVideoJob),
  },
  {
    method: "POST",
    path: "/video.php/convert",
    budget: "rendercad/video-convert",
    handle: scoped("render-only", convertVideo),
  },
];

/**
 * Makes a video job. A frame without a URL gets a slot for an upload: "if the response includes upload slots"
 * (documented).
 */
function createVideoJob(call: Call, world: World): Answer {
  const body = readBody(call);
  const settings = readSettings(body);
  const key = randomText(world.random, 12);
  const id = makeUuid(world);
  const slots = fillSlots(world, id, frameWishes(body, String(settings["video_mode"]), key));
  world.account.insert(jobs, {
    type: "video",
    id,
    userId: call.user.id,
    key,
    slots,
    // As documented: the duration in seconds, and one more for 1080p.
    cost: Number(settings["duration"]) + (settings["resolution"] === "1080p" ? 1 : 0),
    createdAt: world.clock.now(),
    status: "uploading",
    settings,
  });
  return answer(200, {
    success: true,
    job_id: id,
    status: "uploading",
    required_uploads: viewUploads(slots),
  });
}

function frameWishes(body: Body, mode: string, key: string): SlotWish[] {
  const frames =
    mode === "transition"
      ? [
          { field: "first_frame_url", slot: "first_frame", asset: `${key}_first_frame` },
          { field: "last_frame_url", slot: "last_frame", asset: `${key}_last_frame` },
        ]
      : [{ field: "image_url", slot: "input_main", asset: `${key}_input` }];
  return frames.map(({ field, slot, asset }) => {
    const url = readText(body, field);
    return { slot, asset, ...(url !== undefined && { copy: { url, field } }) };
  });
}

function readSettings(body: Body): VideoJob["settings"] {
  const { defaults } = videoOptions;
  const mode = readChoice(body, "video_mode", ["single", "transition", "loop"] as const);
  return withoutAbsent({
    video_mode: mode ?? defaults.video_mode,
    style: readOption(body, "style", videoOptions.styles) ?? defaults.style,
    camera: readOption(body, "camera", videoOptions.camera_presets) ?? defaults.camera,
    motion: readOption(body, "motion", videoOptions.motion_presets) ?? defaults.motion,
    duration: readOption(body, "duration", videoOptions.durations) ?? defaults.duration,
    resolution: readOption(body, "resolution", videoOptions.resolutions) ?? defaults.resolution,
    prompt: readText(body, "prompt"),
    crossfade_duration: mode === "loop" ? readCrossfade(body) : undefined,
  }) as VideoJob["settings"];
}

/**
 * A setting in a body, which must be one of the values that discovery shows. Legacy aliases such as `exact` are
 * refused (documented).
 */
function readOption<Value extends string | number>(
  body: Body,
  field: string,
  options: readonly { readonly value: Value }[],
): Value | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const option = options.find((known) => known.value === value);
  return option
    ? option.value
    : fail(400, `${field} must be one of ${options.map((known) => known.value).join(", ")}`);
}

function readCrossfade(body: Body): number | undefined {
  const value = body["crossfade_duration"];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && value >= 0 && value <= 2) return value;
  return fail(400, "crossfade_duration must be between 0.0 and 2.0");
}

/** Converts a video. The job is pending at once, since nothing has to be uploaded. No cost is documented. */
function convertVideo(call: Call, world: World): Answer {
  const body = readBody(call);
  const url = requireText(body, "video_url");
  const format = readChoice(body, "format", ["gif"] as const) ?? fail(400, "format is required");
  if (findAsset(world, url)?.format !== "mp4")
    fail(400, "video_url must be the RENDERCAD asset URL of a video");
  requireRoomInQueue(call, world, "video");
  const key = randomText(world.random, 12);
  const now = world.clock.now();
  const id = `vc_${key}`;
  world.account.insert(jobs, {
    type: "conversion",
    id,
    userId: call.user.id,
    key,
    slots: [],
    cost: 0,
    createdAt: now,
    finalizedAt: now,
    status: "pending",
    format,
  });
  return answer(200, { success: true, job_id: id, status: "pending", format });
}

/** A new UUID of version 4, the documented form of the ids of video jobs. */
function makeUuid(world: World): string {
  const hex = (length: number): string => randomText(world.random, length, "0123456789abcdef");
  const variant = "89ab"[randomInteger(world.random, 4)];
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
