import type { JsonObject } from "../../../core/base/json.ts";
import { randomText } from "../../base/random.ts";
import { answer, nobody, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { billingCycle, findAccount, plan } from "./account-row.ts";
import { tokenCosts } from "./credit.ts";
import { isActive, listJobs, type JobRow } from "../job/job-row.ts";

/** The routes of the account of a user. */
export const accountRoutes: readonly Route[] = [
  { method: "GET", path: "/auth.php/check", budget: null, anonymous: true, handle: checkToken },
  { method: "GET", path: "/auth.php/usage", budget: null, handle: showUsage },
  { method: "GET", path: "/auth.php/plan_info", budget: null, handle: showPlan },
];

/**
 * Checks a token. Without credentials it answers 200 and that nobody is signed in; wrong credentials are refused
 * before (documented).
 */
function checkToken(call: Call, world: World): Answer {
  if (call.user === nobody) return answer(200, { success: false, authenticated: false, token_valid: false });
  const account = findAccount(world, call.user.id);
  return answer(200, {
    success: true,
    authenticated: true,
    token_valid: true,
    csrf_token: `csrf_${randomText(world.random, 32)}`,
    token_costs: tokenCosts,
    user: {
      id: account.number,
      email: call.user.email,
      subscription_plan: plan.code,
      monthly_render_limit: plan.monthlyCredits,
      monthly_renders_used: account.used,
      ...viewExtraCredits(call, world),
    },
  });
}

function showUsage(call: Call, world: World): Answer {
  const account = findAccount(world, call.user.id);
  const jobs = listJobs(world, call.user.id);
  return answer(200, {
    success: true,
    monthly_limit: plan.monthlyCredits,
    monthly_used: account.used,
    monthly_remaining: plan.monthlyCredits - account.used,
    ...viewExtraCredits(call, world),
    pending_renders: jobs.filter((job) => isActive(job) && job.status !== "uploading").length,
    ...viewCycle(world),
    avg_render_times: {
      avg_image_seconds: averageSeconds(jobs, "image", world.switches.rendercadImageMs),
      avg_video_seconds: averageSeconds(jobs, "video", world.switches.rendercadVideoMs),
    },
  });
}

function showPlan(call: Call, world: World): Answer {
  const account = findAccount(world, call.user.id);
  return answer(200, {
    success: true,
    plan_name: plan.name,
    plan_code: plan.code,
    plan_id: plan.code,
    monthly_credit_limit: plan.monthlyCredits,
    credits_used_this_month: account.used,
    credits_remaining: plan.monthlyCredits - account.used,
    ...viewExtraCredits(call, world),
    ...viewCycle(world),
    next_reset_date: billingCycle(world.clock.now()).next,
    subscription_status: "active",
    price_cents: plan.priceCents,
    cancel_at_period_end: false,
    cancel_at: null,
  });
}

function viewExtraCredits(call: Call, world: World): JsonObject {
  const { grants, pooled } = findAccount(world, call.user.id);
  return { grant_tokens_remaining: grants, pooled_tokens_remaining: pooled };
}

function viewCycle(world: World): JsonObject {
  const { start, end } = billingCycle(world.clock.now());
  return { billing_cycle_start: start, billing_cycle_end: end };
}

/** The average time of completed jobs, in seconds; before there is one, the time that a job takes. */
function averageSeconds(jobs: readonly JobRow[], type: JobRow["type"], otherwiseMs: number): number {
  const durations = jobs.flatMap(({ type: other, status, startedAt, endedAt }) =>
    other === type && status === "completed" && startedAt !== undefined && endedAt !== undefined
      ? [endedAt - startedAt]
      : [],
  );
  const sum = durations.reduce((total, duration) => total + duration, 0);
  return Math.round((durations.length === 0 ? otherwiseMs : sum / durations.length) / 1000);
}
