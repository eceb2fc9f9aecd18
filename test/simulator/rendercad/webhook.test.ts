import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { startRendercad } from "./client.ts";

afterEach(stopAll);

const register = "webhooks.php?action=register";
const hook = { url: "https://acme.test/hook", events: ["render.completed", "render.failed"] };

test("registering shows the secret once, listing never", async () => {
  const { post, get } = await startRendercad();
  const made = await post(register, hook);
  expect([made.status, made.body]).toEqual([
    200,
    {
      success: true,
      id: expect.any(Number),
      ...hook,
      status: "active",
      secret: expect.stringMatching(/^whsec_\w+$/),
      created_at: "2026-02-11T12:00:00Z",
    },
  ]);
  const listed = await get("webhooks.php?action=list");
  expect(listed.body).toEqual({
    success: true,
    webhooks: [
      {
        id: made.body["id"],
        ...hook,
        status: "active",
        created_at: "2026-02-11T12:00:00Z",
        last_triggered_at: null,
        last_success_at: null,
        failure_count: 0,
      },
    ],
  });
});

test.each([
  ["an http url", { url: "http://acme.test/hook" }],
  ["no url", { url: undefined }],
  ["a url that is none", { url: "acme" }],
  ["no events", { events: undefined }],
  ["an empty list of events", { events: [] }],
  ["an unknown event", { events: ["render.started"] }],
  ["events that are no list", { events: "render.completed" }],
])("%s is refused", async (_, fields) => {
  const { post } = await startRendercad();
  expect((await post(register, { ...hook, ...fields })).status).toBe(400);
});

test("every documented event can be asked for", async () => {
  const { post } = await startRendercad();
  const events = [
    "render.completed",
    "render.failed",
    "video.completed",
    "video.failed",
    "credits.exhausted",
  ];
  expect((await post(register, { ...hook, events })).body).toMatchObject({ events });
});

test("deleting takes the webhook away; its number is not used again", async () => {
  const { post, get } = await startRendercad();
  const { id } = (await post(register, hook)).body;
  const deleted = await post("webhooks.php?action=delete", { id });
  expect(deleted.body).toEqual({ success: true, message: "Webhook deleted" });
  expect((await get("webhooks.php?action=list")).body["webhooks"]).toEqual([]);
  expect((await post("webhooks.php?action=delete", { id })).status).toBe(404);
  expect((await post("webhooks.php?action=delete", {})).status).toBe(400);
  expect((await post(register, hook)).body["id"]).not.toBe(id);
});

test("the sixth webhook is refused, by any of the codes that the switch knows", async () => {
  for (const rendercadCapStatus of [400, 409, 429] as const) {
    const { post } = await startRendercad({ switches: { rendercadCapStatus } });
    const statuses: number[] = [];
    for (let made = 1; made <= 6; made += 1) statuses.push((await post(register, hook)).status);
    expect(statuses.slice(4)).toEqual([200, rendercadCapStatus]);
  }
});

test("a url is registered a second time, or refused: a switch", async () => {
  const statuses: number[] = [];
  for (const rendercadWebhookUrls of ["any", "unique"] as const) {
    const { post } = await startRendercad({ switches: { rendercadWebhookUrls } });
    await post(register, hook);
    statuses.push((await post(register, { ...hook, events: ["video.failed"] })).status);
  }
  expect(statuses).toEqual([200, 409]);
});
