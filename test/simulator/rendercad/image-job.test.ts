import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { renderImage, startRendercad, submitImage, textOf, uploadSlot, type Rendercad } from "./client.ts";

afterEach(stopAll);

const create = "render.php?action=create_job";
const finalize = "render.php?action=finalize_job";

function status({ get }: Rendercad, jobId: string) {
  return get(`render.php?action=status&job_id=${jobId}`);
}

test("create, presign, upload, finalize, poll: each answer in the documented shape", async () => {
  const rendercad = await startRendercad();
  const { post, simulator, clock } = rendercad;
  const created = await post(create, { model: "pro", quality: "standard", render_mode: "preserve" });
  const jobId = textOf(created, "job_id");
  expect([created.status, created.body]).toEqual([
    200,
    {
      success: true,
      job_id: expect.stringMatching(/^render_\w+$/),
      status: "uploading",
      required_uploads: [{ slot: "input_main" }],
    },
  ]);
  const key = jobId.replace("render_", "");
  const presigned = await post("render.php?action=presign_upload", {
    job_id: jobId,
    slot: "input_main",
    content_type: "image/jpeg",
  });
  expect(presigned.body).toEqual({
    success: true,
    presigned_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//),
    asset_url: `https://renders.rendercad.ai/${key}_input`,
    slot: "input_main",
    index: null,
    expires_in: 300,
    cache_control: "public, max-age=31536000, immutable",
  });
  await uploadSlot(rendercad, jobId, { slot: "input_main" });
  expect((await post(finalize, { job_id: jobId })).body).toEqual({
    success: true,
    job_id: jobId,
    status: "pending",
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
  clock.advance(1000);
  expect((await status(rendercad, jobId)).body).toMatchObject({ status: "processing" });
  clock.advance(18_000);
  expect((await status(rendercad, jobId)).body).toEqual({
    success: true,
    job_id: jobId,
    status: "completed",
    status_detail: null,
    output_url: `${simulator.rendercad}/serve_render.php?id=${jobId}`,
    asset_url: `https://renders.rendercad.ai/${key}`,
    input_url: `https://renders.rendercad.ai/${key}_input`,
    completed_at: "2026-02-11T12:00:19Z",
  });
});

test("the output needs a token and is a picture of the size that was asked for", async () => {
  const rendercad = await startRendercad();
  for (const [quality, side] of [
    ["standard", 1024],
    ["4k", 4096],
  ] as const) {
    const jobId = await submitImage(rendercad, { model: "pro", quality });
    const url = `${rendercad.simulator.rendercad}/serve_render.php?id=${jobId}`;
    const headers = { authorization: `Bearer ${rendercad.token}` };
    expect((await fetch(url, { headers })).status).toBe(404);
    rendercad.clock.advance(60_000);
    expect((await fetch(url)).status).toBe(401);
    const picture = await fetch(url, { headers });
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([side, side]);
  }
});

test("a source that RENDERCAD has is copied: nothing to upload, and it outlives its origin", async () => {
  const rendercad = await startRendercad();
  const { post } = rendercad;
  const source = await renderImage(rendercad);
  const created = await post(create, { source_url: source });
  expect(created.body["required_uploads"]).toEqual([]);
  await post("render.php?action=delete", { job_id: `render_${source.split("/").at(-1)}` });
  expect((await post(finalize, { job_id: created.body["job_id"] })).status).toBe(200);
  expect((await post(create, { source_url: source })).status).toBe(400);
});

test("a source that is elsewhere, unknown, no image or past its time is refused", async () => {
  const rendercad = await startRendercad();
  const { post, clock } = rendercad;
  const statusOf = async (source_url: string) => (await post(create, { source_url })).status;
  const source = await renderImage(rendercad);
  const name = source.split("/").at(-1);
  expect(await statusOf(`https://renders.rendercad.ai/output_${name}.jpg`)).toBe(200);
  expect(await statusOf(`https://renders.rendercad.ai/input_${name}.jpg`)).toBe(200);
  expect(await statusOf(`https://elsewhere.test/${name}`)).toBe(400);
  expect(await statusOf("https://renders.rendercad.ai/unknown")).toBe(400);
  expect(await statusOf("nonsense")).toBe(400);
  clock.advance(91 * 86_400_000);
  expect(await statusOf(source)).toBe(400);
});

test.each([
  ["model", "ultra", 400],
  ["quality", "8k", 400],
  ["render_mode", "exact", 400],
  ["condition", "haunted", 400],
  ["background_style", "purple", 400],
  ["background_style", "custom:#12345", 400],
  ["custom_instructions", "x".repeat(1501), 400],
  ["references", "none", 400],
  ["model", "classic", 200],
  ["render_mode", "freeform", 200],
  ["condition", "snow-covered", 200],
  ["background_style", "gradient", 200],
  ["background_style", "custom:#12aBcd", 200],
  ["custom_instructions", "x".repeat(1500), 200],
] as const)("create with %s %s answers %i", async (field, value, expected) => {
  const { post } = await startRendercad();
  expect((await post(create, { [field]: value })).status).toBe(expected);
});

test("4K needs the Pro model: 422, because each field alone is right", async () => {
  const { post } = await startRendercad();
  expect((await post(create, { quality: "4k" })).status).toBe(422);
  expect((await post(create, { quality: "4k", model: "pro" })).status).toBe(200);
});

test("references: library items by id, assets by url, anything else to be uploaded, six at most and on Pro", async () => {
  const rendercad = await startRendercad();
  const { get, post } = rendercad;
  const idOf = async (library: string): Promise<string> => {
    const items = (await get(`api_discovery.php?action=${library}`)).body[library] as { id: string }[];
    return items.at(-1)?.id ?? "";
  };
  const url = await renderImage(rendercad);
  const texture = { type: "material", asset_kind: "texture", id: await idOf("textures") };
  const created = await post(create, {
    model: "pro",
    references: [
      { type: "background", id: await idOf("backgrounds") },
      texture,
      { type: "background", url },
      { type: "material" },
    ],
  });
  expect(created.body["required_uploads"]).toEqual([{ slot: "input_main" }, { slot: "reference", index: 3 }]);
  const jobId = textOf(created, "job_id");
  await uploadSlot(rendercad, jobId, { slot: "input_main" });
  expect((await post(finalize, { job_id: jobId })).body).toEqual({
    error: "Upload of reference 3 is missing",
  });
  await uploadSlot(rendercad, jobId, { slot: "reference", index: 3 });
  expect((await post(finalize, { job_id: jobId })).status).toBe(200);

  const statusOf = async (model: string, references: object[]) =>
    (await post(create, { model, references })).status;
  expect(
    await statusOf(
      "pro",
      Array.from({ length: 6 }, () => texture),
    ),
  ).toBe(200);
  expect(
    await statusOf(
      "pro",
      Array.from({ length: 7 }, () => texture),
    ),
  ).toBe(400);
  expect(await statusOf("classic", [texture])).toBe(400);
  expect(await statusOf("pro", [{ ...texture, type: "background" }])).toBe(400);
  expect(await statusOf("pro", [{ type: "material", asset_kind: "paint" }])).toBe(400);
  expect(await statusOf("pro", [{ type: "sky" }])).toBe(400);
});

test("only a pending job can be canceled, and has its credits back", async () => {
  const rendercad = await startRendercad();
  const { post, get, clock } = rendercad;
  const cancel = async (job_id: string) => {
    const { status: code, body } = await post("render.php?action=cancel", { job_id });
    return [code, body];
  };
  const used = async () => (await get("auth.php?action=usage")).body["monthly_used"];
  const jobId = await submitImage(rendercad, { model: "pro" });
  expect(await used()).toBe(2);
  expect(await cancel(jobId)).toEqual([200, { success: true, job_id: jobId, status: "canceled" }]);
  expect((await status(rendercad, jobId)).body).toMatchObject({ status: "canceled" });
  expect(await used()).toBe(0);
  const started = await submitImage(rendercad);
  clock.advance(1000);
  expect((await cancel(started))[0]).toBe(409);
  expect(await used()).toBe(1);
  expect((await cancel(textOf(await post(create), "job_id")))[0]).toBe(409);
  clock.advance(60_000);
  expect((await status(rendercad, jobId)).body).toMatchObject({ status: "canceled" });
});

test("delete removes the files and keeps the record; an active job is refused", async () => {
  const rendercad = await startRendercad();
  const { post, get, clock } = rendercad;
  const remove = async (job_id: string) => {
    const { status: code, body } = await post("render.php?action=delete", { job_id });
    return [code, body];
  };
  const jobId = textOf(await post(create), "job_id");
  expect((await remove(jobId))[0]).toBe(409);
  await uploadSlot(rendercad, jobId, { slot: "input_main" });
  await post(finalize, { job_id: jobId });
  expect((await remove(jobId))[0]).toBe(409);
  clock.advance(1000);
  expect((await remove(jobId))[0]).toBe(409);
  clock.advance(60_000);
  expect(await remove(jobId)).toEqual([200, { success: true }]);
  expect((await get("render.php?action=history")).body["renders"]).toMatchObject([
    { job_id: jobId, status: "completed", input_url: null, output_url: null },
  ]);
  expect((await get(`serve_render.php?id=${jobId}`)).status).toBe(404);
});

test("a failure is shown as its text; one that was not ours gives the credits back", async () => {
  const rendercad = await startRendercad();
  const { get, clock, control } = rendercad;
  const used = async () => (await get("auth.php?action=usage")).body["monthly_used"];
  const failWith = async (message: string) => {
    const jobId = await submitImage(rendercad);
    await control("fail-job", { job_id: jobId, message });
    clock.advance(60_000);
    return (await status(rendercad, jobId)).body;
  };
  expect(await failWith("Content policy violation")).toEqual({
    success: true,
    job_id: expect.any(String),
    status: "failed",
    status_detail: "Failed",
    error_message: "Content policy violation",
    completed_at: "2026-02-11T12:00:19Z",
  });
  expect(await used()).toBe(1);
  const overloaded = "Rendering is overloaded. You were not charged. Please try again later.";
  expect(await failWith(overloaded)).toMatchObject({ error_message: overloaded });
  expect(await used()).toBe(1);
});
