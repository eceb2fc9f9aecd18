import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../../src/core/base/json.ts";
import {
  startReceiver,
  startRendercad,
  submitImage,
  submitVideo,
  textOf,
  type Answer,
  type Rendercad,
} from "../simulator/rendercad/client.ts";
import { stopAll } from "../simulator/client.ts";
import { readExamples, shapeOf } from "./rendercad-examples.ts";

let rendercad: Rendercad;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

const hook = {
  url: "https://acme.test/hook",
  events: ["render.completed", "render.failed", "video.completed", "video.failed", "credits.exhausted"],
};

beforeAll(async () => {
  rendercad = await startRendercad({ switches: { rendercadConcurrency: 1000 } });
  receiver = await startReceiver(rendercad);
  await rendercad.post("webhooks.php?action=register", hook);
});

afterAll(async () => {
  await receiver.close();
  await stopAll();
});

async function finish(): Promise<void> {
  rendercad.clock.advance(10 * 60_000);
  await rendercad.control("settle");
}

async function fail(jobId: string): Promise<string> {
  await rendercad.control("fail-job", { job_id: jobId, message: "Content policy violation" });
  await finish();
  return jobId;
}

async function finished(job: Promise<string>): Promise<string> {
  const jobId = await job;
  await finish();
  return jobId;
}

/** The latest delivery of an event, after something that causes one. */
async function payload(event: string, cause: () => Promise<unknown>): Promise<Answer["body"]> {
  await cause();
  const arrived = receiver.received.findLast(({ headers }) => headers["x-webhook-event"] === event);
  return JSON.parse(arrived?.text ?? "null") as Answer["body"];
}

async function deviceCode(): Promise<string> {
  return textOf(
    await rendercad.post("auth.php?action=request_device_code", { app_name: "App" }, null),
    "code",
  );
}

async function poll(code: string): Promise<Answer["body"]> {
  return (await rendercad.get(`auth.php?action=poll_device_code&code=${code}`, null)).body;
}

async function tokenId(): Promise<Json | undefined> {
  const made = await rendercad.post("auth.php?action=create_api_token", { token_name: "App" });
  return (made.body["token_data"] as { readonly [field: string]: Json })["id"];
}

async function get(path: string): Promise<Answer["body"]> {
  return (await rendercad.get(path)).body;
}

async function post(path: string, body: object): Promise<Answer["body"]> {
  return (await rendercad.post(path, body)).body;
}

async function source(): Promise<string> {
  const jobId = await finished(submitImage(rendercad));
  return textOf(await rendercad.get(`render.php?action=status&job_id=${jobId}`), "asset_url");
}

async function video(): Promise<string> {
  const jobId = await finished(submitVideo(rendercad));
  return textOf(await rendercad.get(`video.php?action=status&job_id=${jobId}`), "video_url");
}

async function videoJob(): Promise<Json | undefined> {
  return (await post("video.php?action=create_job", { image_url: await source() }))["job_id"];
}

/** How each example of the reference comes about. */
const causes: { readonly [example: string]: () => Promise<Answer["body"]> } = {
  "auth.php?action=request_device_code": () =>
    post("auth.php?action=request_device_code", { app_name: "App", app_type: "cli", app_version: "1.0.0" }),
  "auth.php?action=poll_device_code (pending)": async () => poll(await deviceCode()),
  "auth.php?action=poll_device_code (authorized)": async () => {
    const code = await deviceCode();
    await rendercad.control("approve", { code });
    return poll(code);
  },
  "auth.php?action=poll_device_code (expired)": async () => {
    const code = await deviceCode();
    await finish();
    return poll(code);
  },
  "error after auth.php?action=poll_device_code": () => poll(""),
  "api_discovery.php?action=models": () => get("api_discovery.php?action=models"),
  "api_discovery.php?action=conditions": () => get("api_discovery.php?action=conditions"),
  "api_discovery.php?action=backgrounds": () => get("api_discovery.php?action=backgrounds"),
  "api_discovery.php?action=textures": () => get("api_discovery.php?action=textures"),
  "api_discovery.php?action=video_options": () => get("api_discovery.php?action=video_options"),
  "render.php?action=create_job": () => post("render.php?action=create_job", {}),
  "render.php?action=presign_upload": async () => {
    const { job_id } = await post("render.php?action=create_job", {});
    const slot = { job_id, slot: "input_main", content_type: "image/jpeg" };
    return post("render.php?action=presign_upload", slot);
  },
  "render.php?action=finalize_job": async () => {
    const { job_id } = await post("render.php?action=create_job", { source_url: await source() });
    return post("render.php?action=finalize_job", { job_id });
  },
  "render.php?action=status (pending)": async () =>
    get(`render.php?action=status&job_id=${await submitImage(rendercad)}`),
  "render.php?action=status (completed)": async () =>
    get(`render.php?action=status&job_id=${await finished(submitImage(rendercad))}`),
  "render.php?action=status (failed)": async () =>
    get(`render.php?action=status&job_id=${await fail(await submitImage(rendercad))}`),
  "render.php?action=history": async () => {
    await finished(submitImage(rendercad));
    return get("render.php?action=history&page=1&limit=50&filter=image");
  },
  "render.php?action=cancel": async () =>
    post("render.php?action=cancel", { job_id: await submitImage(rendercad) }),
  "render.php?action=delete": async () =>
    post("render.php?action=delete", { job_id: await finished(submitImage(rendercad)) }),
  "video.php?action=create_job": async () =>
    post("video.php?action=create_job", { image_url: await source() }),
  "video.php?action=finalize_job": async () =>
    post("video.php?action=finalize_job", { job_id: await videoJob() }),
  "video.php?action=convert": async () =>
    post("video.php?action=convert", { video_url: await video(), format: "gif" }),
  "video.php?action=status (pending)": async () =>
    get(`video.php?action=status&job_id=${await submitVideo(rendercad)}`),
  "video.php?action=status (completed)": async () =>
    get(`video.php?action=status&job_id=${await finished(submitVideo(rendercad))}`),
  "video.php?action=status (failed)": async () =>
    get(`video.php?action=status&job_id=${await fail(await submitVideo(rendercad))}`),
  "video.php?action=cancel": async () =>
    post("video.php?action=cancel", { job_id: await submitVideo(rendercad) }),
  "auth.php?action=check": () => get("auth.php?action=check"),
  "auth.php?action=usage": () => get("auth.php?action=usage"),
  "auth.php?action=plan_info": () => get("auth.php?action=plan_info"),
  "auth.php?action=get_api_tokens": () => get("auth.php?action=get_api_tokens"),
  "auth.php?action=create_api_token": () =>
    post("auth.php?action=create_api_token", { token_name: "My App", scope: "full-access" }),
  "auth.php?action=revoke_api_token": async () =>
    post("auth.php?action=revoke_api_token", { token_id: await tokenId() }),
  "auth.php?action=rename_api_token": async () =>
    post("auth.php?action=rename_api_token", { token_id: await tokenId(), new_name: "Production CLI" }),
  "webhooks.php?action=register": () => post("webhooks.php?action=register", hook),
  "webhooks.php?action=list": async () => {
    await finished(submitImage(rendercad));
    return get("webhooks.php?action=list");
  },
  "webhooks.php?action=delete": async () =>
    post("webhooks.php?action=delete", { id: (await post("webhooks.php?action=register", hook))["id"] }),
  "payload render.completed": () => payload("render.completed", () => finished(submitImage(rendercad))),
  "payload video.completed": () => payload("video.completed", () => finished(submitVideo(rendercad))),
  "payload render.failed": () => payload("render.failed", async () => fail(await submitImage(rendercad))),
  "payload video.failed": () => payload("video.failed", async () => fail(await submitVideo(rendercad))),
  "payload credits.exhausted": () =>
    payload("credits.exhausted", async () => {
      const settings = { source_url: await source(), model: "pro", quality: "4k" };
      for (let status = 200; status !== 429;) {
        const { job_id } = await post("render.php?action=create_job", settings);
        ({ status } = await rendercad.post("render.php?action=finalize_job", { job_id }));
      }
      await finish();
    }),
  "error after webhooks.php?action=delete": () => get("auth.php?action=unknown"),
};

/** Members that an example lacks and the text beside it names. */
const beyondExamples = new Set(["background_style", "video_settings"]);

function withoutBeyond(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutBeyond);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key]) => !beyondExamples.has(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutBeyond(member)]));
}

test("each answer and payload of RENDERCAD's reference comes in that shape, member for member in its order", async () => {
  const examples = await readExamples();
  expect(examples.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(causes)));
  const shapes: { [name: string]: Json } = {};
  const expected: { [name: string]: Json } = {};
  for (const { name, body } of examples) {
    expected[name] = shapeOf(body);
    const cause = causes[name];
    shapes[name] = cause ? shapeOf(withoutBeyond(await cause())) : "nothing causes it";
  }
  expect(shapes).toEqual(expected);
});
