import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { startRendercad, submitImage, submitVideo, textOf, uploadSlot, type Rendercad } from "./client.ts";

afterEach(stopAll);

function status({ get }: Rendercad, jobId: string) {
  return get(`render.php?action=status&job_id=${jobId}`);
}

test("jobs wait for a worker, the oldest first, and a canceled one lets the next move up", async () => {
  const rendercad = await startRendercad({ switches: { rendercadWorkers: 1 } });
  const { clock, post } = rendercad;
  const jobs: string[] = [];
  for (let made = 0; made < 5; made += 1) jobs.push(await submitImage(rendercad));
  const [first = "", second = "", third = "", , fifth = ""] = jobs;
  clock.advance(1000);
  expect((await status(rendercad, first)).body).toMatchObject({ status: "processing" });
  expect((await status(rendercad, fifth)).body).toMatchObject({
    status: "pending",
    queue_depth: 3,
    estimated_wait_seconds: 90,
  });
  await post("render.php?action=cancel", { job_id: second });
  expect((await status(rendercad, fifth)).body).toMatchObject({ queue_depth: 2, estimated_wait_seconds: 60 });
  clock.advance(18_000);
  expect((await status(rendercad, first)).body).toMatchObject({ status: "completed" });
  expect((await status(rendercad, third)).body).toMatchObject({ status: "processing" });
});

test("times are those at which things happened, however late somebody looks", async () => {
  const rendercad = await startRendercad({ switches: { rendercadWorkers: 1 } });
  const jobs = [await submitImage(rendercad), await submitImage(rendercad)];
  rendercad.clock.advance(3_600_000);
  const late = await submitImage(rendercad);
  const times: string[] = [];
  for (const job of jobs) times.push(textOf(await status(rendercad, job), "completed_at"));
  rendercad.clock.advance(3_600_000);
  times.push(textOf(await status(rendercad, late), "completed_at"));
  expect(times).toEqual(["2026-02-11T12:00:19Z", "2026-02-11T12:00:37Z", "2026-02-11T13:00:19Z"]);
});

test("429 for concurrency and for a full queue, without the headers of a request-rate limit", async () => {
  for (const switches of [{ rendercadConcurrency: 2 }, { rendercadQueueLength: 2 }]) {
    const rendercad = await startRendercad({ limits: "documented", switches });
    await submitImage(rendercad);
    await submitImage(rendercad);
    const jobId = textOf(await rendercad.post("render.php?action=create_job"), "job_id");
    await uploadSlot(rendercad, jobId, { slot: "input_main" });
    const refused = await rendercad.post("render.php?action=finalize_job", { job_id: jobId });
    expect([
      refused.status,
      refused.headers.has("x-ratelimit-limit"),
      refused.headers.has("retry-after"),
    ]).toEqual([429, false, false]);
    rendercad.clock.advance(60_000);
    expect((await rendercad.post("render.php?action=finalize_job", { job_id: jobId })).status).toBe(200);
  }
});

test("a limited endpoint says on each 429 what it says on one of its own, whatever the switch", async () => {
  for (const rendercadLimitHeaders of ["always", "when refused"] as const) {
    const switches = { rendercadConcurrency: 1, rendercadLimitHeaders };
    const rendercad = await startRendercad({ limits: "documented", switches });
    const jobId = await submitVideo(rendercad);
    rendercad.clock.advance(10 * 60_000);
    const { body } = await rendercad.get(`video.php?action=status&job_id=${jobId}`);
    const convert = { video_url: body["video_url"], format: "gif" };
    expect((await rendercad.post("video.php?action=convert", convert)).status).toBe(200);
    const { headers, ...refused } = await rendercad.post("video.php?action=convert", convert);
    expect([refused.status, refused.body]).toEqual([429, { error: "Too many renders at once" }]);
    const names = ["endpoint", "limit", "remaining", "reset"].map((name) => `x-ratelimit-${name}`);
    const told = [...names, "retry-after"].map((name) => headers.get(name));
    expect(told).toEqual(["video-convert", "20", "18", expect.any(String), "300"]);
  }
});

test("429 when credits are used up: the month's, then granted, then pooled ones", async () => {
  const rendercad = await startRendercad({ switches: { rendercadConcurrency: 1000 } });
  const { get, post, clock } = rendercad;
  const credits = async () => {
    const { body } = await get("auth.php?action=usage");
    return [body["monthly_remaining"], body["grant_tokens_remaining"], body["pooled_tokens_remaining"]];
  };
  const spend = async (times: number) => {
    for (let made = 0; made < times; made += 1) await submitImage(rendercad, { model: "pro", quality: "4k" });
  };
  await spend(30);
  expect(await credits()).toEqual([0, 12, 87]);
  await spend(4);
  expect(await credits()).toEqual([0, 0, 83]);
  await spend(20);
  expect(await credits()).toEqual([0, 0, 3]);
  const jobId = textOf(await post("render.php?action=create_job", { model: "pro", quality: "4k" }), "job_id");
  await uploadSlot(rendercad, jobId, { slot: "input_main" });
  expect((await post("render.php?action=finalize_job", { job_id: jobId })).status).toBe(429);
  expect(await credits()).toEqual([0, 0, 3]);
  clock.advance(30 * 86_400_000);
  expect(await credits()).toEqual([120, 0, 3]);
  expect((await post("render.php?action=finalize_job", { job_id: jobId })).status).toBe(200);
});
