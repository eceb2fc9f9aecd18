import { afterEach, expect, test } from "vitest";
import type { SimulatorOptions } from "../../../src/simulator/start.ts";
import { stopAll } from "../client.ts";
import { noon, startRendercad, textOf, type Answer, type Rendercad } from "./client.ts";

afterEach(stopAll);

const minute = 60_000;
const hour = 60 * minute;

/** Each documented limit: how many calls, in how long, and the calls that count together. */
const limits: readonly (readonly [string, number, number, readonly string[]])[] = [
  ["video generation", 10, 5 * minute, ["POST video.php?action=create_job"]],
  ["video conversion", 20, 5 * minute, ["POST video.php?action=convert"]],
  [
    "status polling",
    120,
    minute,
    ["GET render.php?action=status&job_id=a", "GET video.php?action=status&job_id=a"],
  ],
  ["device code requests", 10, hour, ["POST auth.php?action=request_device_code"]],
  ["device code polls", 60, 10 * minute, ["GET auth.php?action=poll_device_code&code=A"]],
  ["device code authorization", 5, hour, ["GET auth_device.html?code=A"]],
  ["token lists", 120, hour, ["GET auth.php?action=get_api_tokens"]],
  [
    "token writes",
    10,
    hour,
    [
      "POST auth.php?action=create_api_token",
      "POST auth.php?action=revoke_api_token",
      "POST auth.php?action=rename_api_token",
    ],
  ],
  [
    "discovery",
    60,
    hour,
    ["models", "conditions", "video_options"].map((list) => `GET api_discovery.php?action=${list}`),
  ],
  ["webhook lists", 60, hour, ["GET webhooks.php?action=list"]],
  ["webhook writes", 10, hour, ["POST webhooks.php?action=register", "POST webhooks.php?action=delete"]],
];

function start(options: SimulatorOptions = {}): Promise<Rendercad> {
  return startRendercad({ limits: "documented", ...options });
}

function send(rendercad: Rendercad, call: string | undefined): Promise<Answer> {
  const [method, path = ""] = (call ?? "").split(" ");
  return method === "GET" ? rendercad.get(path) : rendercad.post(path);
}

function headersOf({ headers }: Answer): (string | null)[] {
  const names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"];
  return names.map((name) => headers.get(name));
}

test.each(limits)(
  "%s: %i in %i ms, then 429 until the first slides out",
  async (_, size, windowMs, calls) => {
    const rendercad = await start();
    for (let made = 0; made < size; made += 1) {
      const counted = await send(rendercad, calls[made % calls.length]);
      expect([counted.status === 429, ...headersOf(counted)]).toEqual([
        false,
        String(size),
        String(size - made - 1),
        String((noon + windowMs) / 1000),
        null,
      ]);
      rendercad.clock.advance(made === 0 ? 1000 : 0);
    }
    const refused = await send(rendercad, calls[0]);
    expect([refused.status, Object.keys(refused.body)]).toEqual([429, ["error"]]);
    expect(headersOf(refused)).toEqual([
      String(size),
      "0",
      String((noon + windowMs) / 1000),
      String(windowMs / 1000 - 1),
    ]);
    expect(refused.headers.get("x-ratelimit-endpoint")).toMatch(/^[a-z-]+$/);
    rendercad.clock.advance(windowMs - 1000);
    expect((await send(rendercad, calls[0])).status).not.toBe(429);
    expect((await send(rendercad, calls[0])).status).toBe(429);
  },
);

test("windows aligned to the clock are a switch", async () => {
  const rendercad = await start({ switches: { rendercadWindows: "fixed" } });
  rendercad.clock.advance(50 * minute);
  for (let made = 0; made < 10; made += 1) await send(rendercad, "POST webhooks.php?action=delete");
  const refused = await send(rendercad, "POST webhooks.php?action=delete");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "600"]);
  rendercad.clock.advance(10 * minute);
  expect((await send(rendercad, "POST webhooks.php?action=delete")).status).toBe(400);
});

test("reset as seconds left, and headers on a 429 alone, are switches", async () => {
  const rendercad = await start({
    switches: { rendercadReset: "seconds", rendercadLimitHeaders: "when refused" },
  });
  const calls = Array.from({ length: 10 }, () => "POST webhooks.php?action=delete");
  for (const call of calls) expect(headersOf(await send(rendercad, call))).toEqual([null, null, null, null]);
  rendercad.clock.advance(1000);
  const refused = await send(rendercad, calls[0]);
  expect(headersOf(refused)).toEqual(["10", "0", "3599", "3599"]);
});

test("ten writes for each action instead of all together are a switch", async () => {
  const rendercad = await start({ switches: { rendercadWriteBudget: "separate" } });
  const remaining = async (action: string) =>
    (await send(rendercad, `POST auth.php?action=${action}_api_token`)).headers.get("x-ratelimit-remaining");
  expect([await remaining("create"), await remaining("create"), await remaining("rename")]).toEqual([
    "9",
    "8",
    "9",
  ]);
});

test("submitting, presigning, history, delete, cancel, check, usage and plan have no request-rate limit", async () => {
  const rendercad = await start();
  for (const call of [
    "POST render.php?action=create_job",
    "POST render.php?action=presign_upload",
    "POST render.php?action=finalize_job",
    "POST render.php?action=cancel",
    "POST render.php?action=delete",
    "GET render.php?action=history",
    "POST video.php?action=finalize_job",
    "POST video.php?action=cancel",
    "GET auth.php?action=check",
    "GET auth.php?action=usage",
    "GET auth.php?action=plan_info",
  ])
    expect([call, ...headersOf(await send(rendercad, call))]).toEqual([call, null, null, null, null]);
});

test("limits count per user, over all her tokens, and only calls that are authenticated", async () => {
  const rendercad = await start();
  const made = await rendercad.post("auth.php?action=create_api_token", { token_name: "other" });
  await rendercad.get("webhooks.php?action=list", "rendercad_wrong");
  await rendercad.get("webhooks.php?action=list");
  const counted = await rendercad.get("webhooks.php?action=list", textOf(made, "token"));
  expect(counted.headers.get("x-ratelimit-remaining")).toBe("58");
});
