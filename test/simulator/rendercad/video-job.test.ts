import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { renderImage, startRendercad, submitVideo, textOf, uploadSlot, type Rendercad } from "./client.ts";

afterEach(stopAll);

const create = "video.php?action=create_job";
const finalize = "video.php?action=finalize_job";

function status({ get }: Rendercad, jobId: string) {
  return get(`video.php?action=status&job_id=${jobId}`);
}

test("create, finalize, poll: each answer in the documented shape", async () => {
  const rendercad = await startRendercad();
  const { post, clock } = rendercad;
  const created = await post(create, {
    image_url: await renderImage(rendercad),
    camera: "orbit",
    motion: "hero-spin",
    style: "preserve",
    prompt: "Slow dramatic product reveal",
    duration: 8,
    resolution: "1080p",
  });
  expect([created.status, created.body]).toEqual([
    200,
    {
      success: true,
      job_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      status: "uploading",
      required_uploads: [],
    },
  ]);
  const jobId = textOf(created, "job_id");
  expect((await post(finalize, { job_id: jobId })).body).toEqual({
    success: true,
    job_id: jobId,
    status: "pending",
    tokens_used: 9,
    queue_depth: 0,
    queue_position: 0,
    estimated_wait_seconds: 0,
  });
  expect((await status(rendercad, jobId)).body).toEqual({
    success: true,
    job_id: jobId,
    status: "pending",
    status_detail: "Queued...",
    queue_depth: 0,
    estimated_wait_seconds: 0,
  });
  clock.advance(121_000);
  expect((await status(rendercad, jobId)).body).toEqual({
    success: true,
    job_id: jobId,
    status: "completed",
    status_detail: null,
    video_url: expect.stringMatching(/^https:\/\/renders\.rendercad\.ai\/video_\w+\.mp4$/),
    completed_at: "2026-02-11T12:03:01Z",
  });
  expect((await post(finalize, { job_id: jobId })).status).toBe(409);
});

test("frames without an address become slots, uploaded by the image endpoint", async () => {
  const rendercad = await startRendercad();
  const { post } = rendercad;
  const single = await post(create, {});
  expect(single.body["required_uploads"]).toEqual([{ slot: "input_main" }]);
  const last_frame_url = await renderImage(rendercad);
  const transition = await post(create, { video_mode: "transition", last_frame_url });
  expect(transition.body["required_uploads"]).toEqual([{ slot: "first_frame" }]);
  const jobId = textOf(transition, "job_id");
  expect((await post(finalize, { job_id: jobId })).status).toBe(400);
  await uploadSlot(rendercad, jobId, { slot: "first_frame" });
  expect((await post(finalize, { job_id: jobId })).status).toBe(200);
});

test.each([
  ["image_url", "https://elsewhere.test/a.jpg", 400],
  ["video_mode", "spin", 400],
  ["style", "exact", 400],
  ["style", "enhance", 400],
  ["camera", "drone", 400],
  ["motion", "explode", 400],
  ["duration", 5, 400],
  ["duration", "8", 400],
  ["resolution", "4k", 400],
  ["prompt", 7, 400],
  ["video_mode", "loop", 200],
  ["style", "creative", 200],
  ["duration", 4, 200],
  ["resolution", "1080p", 200],
] as const)("create with %s %s answers %i", async (field, value, expected) => {
  const { post } = await startRendercad();
  expect((await post(create, { [field]: value })).status).toBe(expected);
});

test("a loop crosses over for at most two seconds", async () => {
  const { post } = await startRendercad();
  const statusOf = async (crossfade_duration: unknown) =>
    (await post(create, { video_mode: "loop", crossfade_duration })).status;
  expect([await statusOf(0), await statusOf(2), await statusOf(0.5)]).toEqual([200, 200, 200]);
  expect([await statusOf(2.1), await statusOf(-1), await statusOf("1")]).toEqual([400, 400, 400]);
});

test("a finished video is converted, without credits", async () => {
  const rendercad = await startRendercad();
  const { post, get, clock } = rendercad;
  const jobId = await submitVideo(rendercad);
  clock.advance(200_000);
  const video_url = textOf(await status(rendercad, jobId), "video_url");
  const before = (await get("auth.php?action=usage")).body["monthly_used"];
  const converted = await post("video.php?action=convert", { video_url, format: "gif" });
  expect(converted.body).toEqual({
    success: true,
    job_id: expect.stringMatching(/^vc_\w+$/),
    status: "pending",
    format: "gif",
  });
  clock.advance(11_000);
  expect((await status(rendercad, textOf(converted, "job_id"))).body).toMatchObject({
    status: "completed",
    video_url: expect.stringMatching(/\.gif$/),
  });
  expect((await get("auth.php?action=usage")).body["monthly_used"]).toBe(before);
  const statusOf = async (fields: object) =>
    (await post("video.php?action=convert", { video_url, format: "gif", ...fields })).status;
  expect(await statusOf({ format: "avi" })).toBe(400);
  expect(await statusOf({ format: undefined })).toBe(400);
  expect(await statusOf({ video_url: undefined })).toBe(400);
  expect(await statusOf({ video_url: await renderImage(rendercad) })).toBe(400);
});

test("only a pending video can be canceled, and has its credits back", async () => {
  const rendercad = await startRendercad();
  const { post, get, clock } = rendercad;
  const used = async () => (await get("auth.php?action=usage")).body["monthly_used"];
  const jobId = await submitVideo(rendercad);
  expect(await used()).toBe(9);
  const canceled = await post("video.php?action=cancel", { job_id: jobId });
  expect(canceled.body).toEqual({ success: true, job_id: jobId, status: "canceled" });
  expect(await used()).toBe(1);
  const started = await submitVideo(rendercad);
  clock.advance(1000);
  expect((await post("video.php?action=cancel", { job_id: started })).status).toBe(409);
});

test("a failed video shows its text as error", async () => {
  const rendercad = await startRendercad();
  const jobId = await submitVideo(rendercad);
  await rendercad.control("fail-job", { job_id: jobId, message: "Generation failed" });
  rendercad.clock.advance(200_000);
  expect((await status(rendercad, jobId)).body).toEqual({
    success: true,
    job_id: jobId,
    status: "failed",
    status_detail: "Failed",
    error: "Generation failed",
    completed_at: "2026-02-11T12:03:01Z",
  });
});

test("images and videos are found each at its own endpoint only", async () => {
  const rendercad = await startRendercad();
  const video = await submitVideo(rendercad);
  expect((await rendercad.get(`render.php?action=status&job_id=${video}`)).status).toBe(404);
  expect((await rendercad.post("render.php?action=cancel", { job_id: video })).status).toBe(404);
  const image = textOf(await rendercad.post("render.php?action=create_job"), "job_id");
  expect((await rendercad.post(finalize, { job_id: image })).status).toBe(404);
  expect((await status(rendercad, "")).status).toBe(400);
});
