import { afterEach, expect, test } from "vitest";
import { stopAll } from "../client.ts";
import { renderImage, startRendercad, submitImage, submitVideo } from "./client.ts";

afterEach(stopAll);

test("the check tells who the token is, in the documented shape", async () => {
  const { get } = await startRendercad();
  const checked = await get("auth.php?action=check");
  expect([checked.status, checked.body]).toEqual([
    200,
    {
      success: true,
      authenticated: true,
      token_valid: true,
      csrf_token: expect.stringMatching(/^csrf_\w+$/),
      token_costs: { classic: 1, pro: 2, "4k_upgrade": 2 },
      user: {
        id: 1,
        email: "ada@acme.test",
        subscription_plan: "professional",
        monthly_render_limit: 120,
        monthly_renders_used: 0,
        grant_tokens_remaining: 12,
        pooled_tokens_remaining: 87,
      },
    },
  ]);
});

test("the check without credentials is 200 and a no, with wrong ones 401 and the same flags", async () => {
  const { get } = await startRendercad();
  const flags = { success: false, authenticated: false, token_valid: false };
  const none = await get("auth.php?action=check", null);
  expect([none.status, none.body]).toEqual([200, flags]);
  const wrong = await get("auth.php?action=check", "rendercad_wrong");
  expect([wrong.status, wrong.body]).toEqual([401, { ...flags, error: expect.any(String) }]);
});

test("usage and plan count what jobs take, of the month that the clock is in", async () => {
  const rendercad = await startRendercad();
  await submitImage(rendercad, { model: "pro", quality: "4k" });
  const usage = await rendercad.get("auth.php?action=usage");
  expect(usage.body).toEqual({
    success: true,
    monthly_limit: 120,
    monthly_used: 4,
    monthly_remaining: 116,
    grant_tokens_remaining: 12,
    pooled_tokens_remaining: 87,
    pending_renders: 1,
    billing_cycle_start: "2026-02-01",
    billing_cycle_end: "2026-02-28",
    avg_render_times: { avg_image_seconds: 18, avg_video_seconds: 120 },
  });
  const plan = await rendercad.get("auth.php?action=plan_info");
  expect(plan.body).toEqual({
    success: true,
    plan_name: "Professional",
    plan_code: "professional",
    plan_id: "professional",
    monthly_credit_limit: 120,
    credits_used_this_month: 4,
    credits_remaining: 116,
    grant_tokens_remaining: 12,
    pooled_tokens_remaining: 87,
    billing_cycle_start: "2026-02-01",
    billing_cycle_end: "2026-02-28",
    next_reset_date: "2026-03-01",
    subscription_status: "active",
    price_cents: 4999,
    cancel_at_period_end: false,
    cancel_at: null,
  });
  rendercad.clock.advance(30 * 86_400_000);
  expect((await rendercad.get("auth.php?action=usage")).body).toMatchObject({
    monthly_used: 0,
    pending_renders: 0,
    billing_cycle_start: "2026-03-01",
    billing_cycle_end: "2026-03-31",
  });
});

test("every kind of job costs what is documented", async () => {
  const rendercad = await startRendercad();
  const used = async (): Promise<number> =>
    Number((await rendercad.get("auth.php?action=usage")).body["monthly_used"]);
  const costOf = async (submit: () => Promise<unknown>): Promise<number> => {
    const before = await used();
    await submit();
    return (await used()) - before;
  };
  const image = async (model: string, quality: string) =>
    costOf(() => submitImage(rendercad, { model, quality }));
  expect(await image("classic", "standard")).toBe(1);
  expect(await image("pro", "standard")).toBe(2);
  expect(await image("pro", "4k")).toBe(4);
  const costs: number[] = [];
  for (const resolution of ["720p", "1080p"])
    for (const duration of [4, 6, 8])
      // One of it is the image that the video starts from.
      costs.push((await costOf(() => submitVideo(rendercad, { resolution, duration }))) - 1);
  expect(costs).toEqual([4, 6, 8, 5, 7, 9]);
});

test("average times are those of the jobs that were completed", async () => {
  const rendercad = await startRendercad();
  await renderImage(rendercad);
  const told = { rendercadImageMs: 40_000 };
  await fetch(`${rendercad.simulator.control}/switches`, { method: "POST", body: JSON.stringify(told) });
  await renderImage(rendercad);
  expect((await rendercad.get("auth.php?action=usage")).body["avg_render_times"]).toMatchObject({
    avg_image_seconds: (18 + 40) / 2,
  });
});
