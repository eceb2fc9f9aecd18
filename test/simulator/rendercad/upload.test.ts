import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { pictures, startRendercad, submitImage, textOf, uploadSlot } from "./client.ts";

afterEach(stopAll);

const create = "render.php?action=create_job";
const finalize = "render.php?action=finalize_job";

test("presign is for a slot of a job that still uploads, and for images", async () => {
  const rendercad = await startRendercad();
  const jobId = textOf(await rendercad.post(create), "job_id");
  const presign = async (fields: object) => {
    const wish = { job_id: jobId, slot: "input_main", content_type: "image/png", ...fields };
    return (await rendercad.post("render.php?action=presign_upload", wish)).status;
  };
  expect(await presign({})).toBe(200);
  expect(await presign({ slot: "input_other" })).toBe(400);
  expect(await presign({ index: 1 })).toBe(400);
  expect(await presign({ content_type: "text/plain" })).toBe(400);
  expect(await presign({ content_type: undefined })).toBe(400);
  expect(await presign({ job_id: "render_unknown" })).toBe(404);
  expect(await presign({ job_id: await submitImage(rendercad) })).toBe(409);
});

test("an upload needs its address, the presigned type and less than five minutes", async () => {
  const { post, clock, simulator } = await startRendercad();
  const job_id = textOf(await post(create), "job_id");
  const wish = { job_id, slot: "input_main", content_type: "image/png" };
  const url = textOf(await post("render.php?action=presign_upload", wish), "presigned_url");
  const put = async (type: string, to = url) =>
    (await fetch(to, { method: "PUT", headers: { "content-type": type }, body: pictures.png })).status;
  expect(await put("image/jpeg")).toBe(403);
  expect(await put("image/png", `${simulator.rendercad}/uploads/guessed`)).toBe(403);
  expect(await put("image/png")).toBe(200);
  clock.advance(299_999);
  expect(await put("image/png")).toBe(200);
  clock.advance(1);
  expect(await put("image/png")).toBe(403);
});

test("finalize checks the upload: there, an image, 80MB or smaller; then only once", async () => {
  const rendercad = await startRendercad();
  const { post } = rendercad;
  const jobId = textOf(await post(create, { model: "pro" }), "job_id");
  const finalizeStatus = async () => (await post(finalize, { job_id: jobId })).status;
  expect(await finalizeStatus()).toBe(400);
  await uploadSlot(rendercad, jobId, { slot: "input_main" }, new TextEncoder().encode("not an image"));
  expect(await finalizeStatus()).toBe(422);
  const oversized = new Uint8Array(80 * 2 ** 20 + 1);
  oversized.set(pictures.jpeg);
  await uploadSlot(rendercad, jobId, { slot: "input_main" }, oversized);
  expect(await finalizeStatus()).toBe(422);
  await uploadSlot(rendercad, jobId, { slot: "input_main" }, oversized.slice(0, -1));
  expect(await finalizeStatus()).toBe(200);
  expect(await finalizeStatus()).toBe(409);
});

test.each(Object.entries(pictures))("an image in %s can be rendered", async (_, bytes) => {
  const rendercad = await startRendercad();
  const jobId = textOf(await rendercad.post(create), "job_id");
  await uploadSlot(rendercad, jobId, { slot: "input_main" }, bytes);
  expect((await rendercad.post(finalize, { job_id: jobId })).status).toBe(200);
});
