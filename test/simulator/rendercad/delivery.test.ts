import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { startSimulator } from "../../../src/simulator/start.ts";
import { joinVirtualClock } from "../../../src/world/virtual-clock.ts";
import { stopAll } from "../client.ts";
import {
  startReceiver,
  startRendercad,
  submitImage,
  submitVideo,
  textOf,
  type Received,
  type Rendercad,
} from "./client.ts";

const receivers: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  await stopAll();
});

const minute = 60_000;
const events = ["render.completed", "render.failed", "video.completed", "video.failed", "credits.exhausted"];

/** A webhook for every event, and what arrives at it. */
async function listen(rendercad: Rendercad, status?: () => number) {
  const receiver = await startReceiver(rendercad, status);
  receivers.push(receiver);
  const url = "https://acme.test/hooks?from=rendercad";
  const made = await rendercad.post("webhooks.php?action=register", { url, events });
  return { received: receiver.received, secret: textOf(made, "secret"), id: made.body["id"] };
}

async function advance(rendercad: Rendercad, milliseconds: number): Promise<void> {
  rendercad.clock.advance(milliseconds);
  await rendercad.control("settle");
}

function payloadOf(received: Received | undefined): unknown {
  return JSON.parse(received?.text ?? "null");
}

async function stats({ get }: Rendercad) {
  const [row] = (await get("webhooks.php?action=list")).body["webhooks"] as [{ [field: string]: unknown }];
  return [row["last_triggered_at"], row["last_success_at"], row["failure_count"]];
}

test("a delivery has the documented headers and a signature over its exact text", async () => {
  const rendercad = await startRendercad();
  const { received, secret } = await listen(rendercad);
  await submitImage(rendercad);
  await advance(rendercad, minute);
  expect(received).toHaveLength(1);
  const [{ headers, path, text }] = received as [Received];
  expect(path).toBe("/hooks?from=rendercad");
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": "RENDERCAD-Webhooks/1.0",
    "x-webhook-signature": `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`,
    "x-webhook-event": "render.completed",
    "x-webhook-delivery": (JSON.parse(text) as { delivery_id: string }).delivery_id,
  });
});

test("each event has its documented payload", async () => {
  const rendercad = await startRendercad();
  const { received } = await listen(rendercad);
  const image = await submitImage(rendercad);
  await advance(rendercad, minute);
  const key = image.replace("render_", "");
  expect(payloadOf(received[0])).toEqual({
    event_type: "render.completed",
    delivery_id: expect.stringMatching(/^\d+$/),
    timestamp: "2026-02-11T12:00:19Z",
    job_id: image,
    status: "completed",
    output_url: `https://renders.rendercad.ai/output_${key}.jpg`,
    processing_time_ms: 18_000,
    completed_at: "2026-02-11T12:00:19Z",
  });

  const refused = await submitImage(rendercad);
  await rendercad.control("fail-job", { job_id: refused, message: "Provider rejected the input image" });
  await advance(rendercad, minute);
  expect(payloadOf(received[1])).toEqual({
    event_type: "render.failed",
    delivery_id: expect.any(String),
    timestamp: "2026-02-11T12:01:19Z",
    job_id: refused,
    status: "failed",
    error: "Provider rejected the input image",
    input_url: `https://renders.rendercad.ai/input_${refused.replace("render_", "")}.jpg`,
    completed_at: "2026-02-11T12:01:19Z",
  });
});

test("videos, their failures and conversions have theirs", async () => {
  const rendercad = await startRendercad();
  const { received } = await listen(rendercad);
  const video = await submitVideo(rendercad);
  await advance(rendercad, 5 * minute);
  expect(payloadOf(received[1])).toEqual({
    event_type: "video.completed",
    delivery_id: expect.any(String),
    timestamp: "2026-02-11T12:03:01Z",
    job_id: video,
    status: "completed",
    video_url: expect.stringMatching(/^https:\/\/renders\.rendercad\.ai\/video_\w+\.mp4$/),
    processing_time_ms: 120_000,
    completed_at: "2026-02-11T12:03:01Z",
  });
  const { video_url } = payloadOf(received[1]) as { video_url: string };
  await rendercad.post("video.php?action=convert", { video_url, format: "gif" });
  await advance(rendercad, minute);
  expect(payloadOf(received[2])).toMatchObject({
    event_type: "video.completed",
    job_id: expect.stringMatching(/^vc_/),
    format: "gif",
  });
  const failing = await submitVideo(rendercad);
  await rendercad.control("fail-job", { job_id: failing, message: "Generation timed out" });
  await advance(rendercad, 5 * minute);
  expect(payloadOf(received.at(-1))).toEqual({
    event_type: "video.failed",
    delivery_id: expect.any(String),
    timestamp: expect.any(String),
    job_id: failing,
    status: "failed",
    error: "Generation timed out",
    input_url: expect.stringMatching(/^https:\/\/renders\.rendercad\.ai\/input_\w+\.jpg$/),
    completed_at: expect.any(String),
  });
});

test("credits that are used up are announced once a month", async () => {
  const rendercad = await startRendercad({ switches: { rendercadConcurrency: 1000 } });
  const { received } = await listen(rendercad);
  const credits = (count: number) =>
    received.filter(({ headers }) => headers["x-webhook-event"] === "credits.exhausted").length === count;
  for (let made = 0; made < 54; made += 1) await submitImage(rendercad, { model: "pro", quality: "4k" });
  await submitImage(rendercad, { model: "pro" });
  await rendercad.control("settle");
  expect(credits(0)).toBe(true);
  await submitImage(rendercad);
  await submitImage(rendercad);
  await rendercad.control("settle");
  expect(credits(1)).toBe(true);
  expect(payloadOf(received[0])).toEqual({
    event_type: "credits.exhausted",
    delivery_id: expect.any(String),
    timestamp: "2026-02-11T12:00:00Z",
    user_id: "user_1",
    credits_used: 120,
    credits_limit: 120,
    billing_cycle_end: "2026-02-28",
  });
});

test("what is not answered 2xx is tried again after 1, 5 and 15 minutes, the same text each time", async () => {
  const rendercad = await startRendercad();
  let status = 500;
  const { received } = await listen(rendercad, () => status);
  await submitImage(rendercad);
  await advance(rendercad, 19_000);
  const counts = [received.length];
  for (const wait of [minute - 1, 1, 5 * minute - 1, 1, 15 * minute - 1]) {
    await advance(rendercad, wait);
    counts.push(received.length);
  }
  expect(counts).toEqual([1, 1, 2, 2, 3, 3]);
  expect(await stats(rendercad)).toEqual(["2026-02-11T12:06:19Z", null, 0]);
  status = 204;
  await advance(rendercad, 1);
  expect(new Set(received.map(({ text }) => text)).size).toBe(1);
  expect(await stats(rendercad)).toEqual(["2026-02-11T12:21:19Z", "2026-02-11T12:21:19Z", 0]);
  await advance(rendercad, 60 * minute);
  expect(received).toHaveLength(4);
});

test("a delivery that is given up counts as a failure, and one that arrives later clears the count", async () => {
  const rendercad = await startRendercad();
  let status = 302;
  const { received } = await listen(rendercad, () => status);
  await submitImage(rendercad);
  for (const wait of [19_000, minute, 5 * minute, 15 * minute]) await advance(rendercad, wait);
  expect(received).toHaveLength(4);
  expect(await stats(rendercad)).toEqual(["2026-02-11T12:21:19Z", null, 1]);
  await advance(rendercad, 60 * minute);
  expect(received).toHaveLength(4);
  status = 200;
  await submitImage(rendercad);
  await advance(rendercad, minute);
  expect((await stats(rendercad))[2]).toBe(0);
});

test("only events that were asked for are sent, and none to a webhook that is gone", async () => {
  const rendercad = await startRendercad();
  const { received, id } = await listen(rendercad);
  const videoOnly = { url: "https://acme.test/videos", events: ["video.completed"] };
  await rendercad.post("webhooks.php?action=register", videoOnly);
  await submitImage(rendercad);
  await advance(rendercad, minute);
  expect(received.map(({ path }) => path)).toEqual(["/hooks?from=rendercad"]);
  await submitImage(rendercad);
  await rendercad.post("webhooks.php?action=delete", { id });
  await advance(rendercad, minute);
  expect(received).toHaveLength(1);
});

test("nothing is sent to a host that no receiver stands for, and a receiver is on this machine", async () => {
  const sent: string[] = [];
  const rendercad = await startRendercad({
    sendWebhook: async (input) => {
      sent.push(input instanceof Request ? input.url : String(input));
      return new Response();
    },
  });
  await rendercad.post("webhooks.php?action=register", { url: "https://elsewhere.test/", events });
  await submitImage(rendercad);
  for (const wait of [19_000, minute, 5 * minute, 15 * minute]) await advance(rendercad, wait);
  expect(sent).toEqual([]);
  expect((await stats(rendercad))[2]).toBe(1);
  const told = { origin: "https://elsewhere.test", to: "http://198.51.100.7" };
  await expect(rendercad.control("receiver", told)).rejects.toThrow("is not on this machine");
  await rendercad.control("receiver", { ...told, to: "http://127.0.0.1:9" });
  await submitImage(rendercad);
  await advance(rendercad, minute);
  expect(sent).toEqual(["http://127.0.0.1:9/"]);
});

test("a delivery that was on its way when the account was saved arrives after it is taken up again", async () => {
  const rendercad = await startRendercad();
  const { id } = await listen(rendercad, () => 503);
  await submitImage(rendercad);
  await advance(rendercad, 20_000);
  const { clock } = rendercad;
  const again = await startRendercad({ saved: rendercad.simulator.save(), clock });
  const receiver = await startReceiver(again);
  receivers.push(receiver);
  clock.advance(minute);
  await again.control("settle");
  expect(receiver.received).toHaveLength(1);
  expect((await again.get("webhooks.php?action=list")).body["webhooks"]).toMatchObject([
    { id, last_success_at: "2026-02-11T12:01:20Z" },
  ]);
});

test("on the virtual clock deliveries happen while everybody sleeps, at their time", async () => {
  const arrivals: number[] = [];
  const simulator = await startSimulator({
    clock: "virtual",
    sendWebhook: async () => {
      arrivals.push(clock.now() - began);
      return new Response(null, { status: 500 });
    },
  });
  const clock = await joinVirtualClock(simulator.env["TRUEUP_SIM_CLOCK"] ?? "");
  let began = clock.now();
  const call = async (path: string, body: object): Promise<{ readonly job_id: string }> => {
    const response = await fetch(`${simulator.rendercad}/${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${simulator.env["RENDERCAD_API_TOKEN"]}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { readonly job_id: string };
  };
  await fetch(`${simulator.control}/rendercad/receiver`, {
    method: "POST",
    body: JSON.stringify({ origin: "https://acme.test", to: "http://127.0.0.1:9" }),
  });
  await call("webhooks.php?action=register", { url: "https://acme.test/", events });
  const { job_id } = await call("render.php?action=create_job", {});
  const slot = { job_id, slot: "input_main", content_type: "image/jpeg" };
  const presigned = (await call("render.php?action=presign_upload", slot)) as unknown as {
    readonly presigned_url: string;
  };
  const headers = { "content-type": "image/jpeg" };
  await fetch(presigned.presigned_url, { method: "PUT", headers, body: new Uint8Array([0xff, 0xd8, 0xff]) });
  began = clock.now();
  await call("render.php?action=finalize_job", { job_id });
  await clock.sleep(60 * minute);
  clock.close();
  await simulator.close();
  const first = 19_000;
  expect(arrivals).toHaveLength(4);
  expect(clock.now() - began).toBe(60 * minute);
  expect(arrivals.map((time) => time - (arrivals[0] ?? 0))).toEqual([0, minute, 6 * minute, 21 * minute]);
  expect(arrivals[0]).toBe(first);
});
