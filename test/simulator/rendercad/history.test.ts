import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { startRendercad, submitImage, submitVideo, textOf } from "./client.ts";

afterEach(stopAll);

test("a render is shown with its settings and the addresses of its files", async () => {
  const rendercad = await startRendercad();
  const jobId = await submitImage(rendercad, { model: "pro", quality: "4k", render_mode: "creative" });
  rendercad.clock.advance(3 * 86_400_000 + 1000);
  const key = jobId.replace("render_", "");
  expect((await rendercad.get("render.php?action=history")).body).toEqual({
    success: true,
    renders: [
      {
        job_id: jobId,
        status: "completed",
        render_mode: "creative",
        model: "pro",
        quality_tier: "4k",
        background_style: "auto",
        video_settings: null,
        input_url: `https://renders.rendercad.ai/${key}_input`,
        output_url: `https://renders.rendercad.ai/${key}`,
        created_at: "2026-02-11T12:00:00Z",
        completed_at: "2026-02-11T12:00:19Z",
        days_to_deletion: 87,
      },
    ],
    pagination: { page: 1, limit: 50, total_count: 1, total_pages: 1, has_next: false },
  });
});

test("a video has its settings in video_settings, and no background style", async () => {
  const rendercad = await startRendercad();
  await submitVideo(rendercad, { video_mode: "loop", crossfade_duration: 0.5, prompt: "slow" });
  const { body } = await rendercad.get("render.php?action=history&filter=video");
  expect(body["renders"]).toMatchObject([
    {
      background_style: null,
      output_url: null,
      completed_at: null,
      video_settings: {
        video_mode: "loop",
        style: "preserve",
        camera: "auto",
        motion: "auto",
        duration: 8,
        resolution: "720p",
        prompt: "slow",
        crossfade_duration: 0.5,
      },
    },
  ]);
});

test("pages are of the newest first, filtered by type", async () => {
  const rendercad = await startRendercad();
  const images: string[] = [];
  for (let made = 0; made < 5; made += 1)
    images.unshift(textOf(await rendercad.post("render.php?action=create_job"), "job_id"));
  const video = textOf(await rendercad.post("video.php?action=create_job"), "job_id");
  const page = async (query: string) => {
    const { body } = await rendercad.get(`render.php?action=history&${query}`);
    const renders = body["renders"] as { job_id: string }[];
    return { ids: renders.map(({ job_id }) => job_id), pagination: body["pagination"] };
  };
  expect(await page("page=1&limit=4")).toEqual({
    ids: [video, ...images.slice(0, 3)],
    pagination: { page: 1, limit: 4, total_count: 6, total_pages: 2, has_next: true },
  });
  expect(await page("page=2&limit=4&filter=all")).toEqual({
    ids: images.slice(3),
    pagination: { page: 2, limit: 4, total_count: 6, total_pages: 2, has_next: false },
  });
  expect((await page("filter=image")).ids).toEqual(images);
  expect((await page("filter=video")).ids).toEqual([video]);
  for (const wrong of ["page=0", "limit=x", "filter=audio"])
    expect((await rendercad.get(`render.php?action=history&${wrong}`)).status).toBe(400);
});
