import { defineTable, users, type Row } from "../account.ts";
import { headerText } from "../api.ts";
import { readBody, readText, requireText } from "../body.ts";
import { randomText } from "../random.ts";
import { answer, fail, nobody, type Answer, type Call, type Route } from "../route.ts";
import type { World } from "../world.ts";
import { insertToken } from "./token-row.ts";

type DeviceCodeRow = Row & { readonly appName: string; readonly expiresAt: number; token: string };
const deviceCodes = defineTable<DeviceCodeRow>("rendercad device codes");

const expiresInSeconds = 600;

/** The device-code flow and what a token can ask about itself. */
export const signInRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/auth.php/request_device_code",
    budget: "rendercad/device-code-request",
    anonymous: true,
    handle: requestCode,
  },
  {
    method: "GET",
    path: "/auth.php/poll_device_code",
    budget: "rendercad/device-code-poll",
    anonymous: true,
    handle: pollCode,
  },
  // Whoever opens the page is signed in already: the page authorises by itself (documented).
  { method: "GET", path: "/auth_device.html", budget: null, anonymous: true, handle: authoriseCode },
  { method: "GET", path: "/auth.php/check", budget: null, anonymous: true, handle: checkToken },
  {
    method: "GET",
    path: "/auth.php/usage",
    budget: null,
    handle: () =>
      answer(200, {
        success: true,
        monthly_limit: 120,
        monthly_used: 0,
        monthly_remaining: 120,
        pending_renders: 0,
      }),
  },
  {
    method: "GET",
    path: "/auth.php/plan_info",
    budget: null,
    handle: () =>
      answer(200, {
        success: true,
        plan_name: "Professional",
        plan_code: "professional",
        monthly_credit_limit: 120,
        credits_used_this_month: 0,
        subscription_status: "active",
      }),
  },
];

function requestCode(call: Call, world: World): Answer {
  const body = readBody(call);
  const appName = requireText(body, "app_name");
  const expiresAt = world.clock.now() + expiresInSeconds * 1000;
  const code = randomText(world.random, 6, "ABCDEFGHJKLMNPQRSTUVWXYZ");
  world.account.insert(deviceCodes, { id: code, appName, expiresAt, token: "" });
  const query = new URLSearchParams({
    code,
    app_name: appName,
    app_type: readText(body, "app_type") ?? "",
    app_version: readText(body, "app_version") ?? "",
  });
  return answer(200, {
    success: true,
    code,
    verification_url: `http://${headerText(call.headers, "host")}/backend/auth_device.html?${query.toString()}`,
    expires_in: expiresInSeconds,
    poll_interval: 3,
  });
}

function findCode(call: Call, world: World): DeviceCodeRow | undefined {
  const code = call.query.get("code") ?? "";
  if (code === "") fail(400, "Code parameter required");
  const row = world.account.find(deviceCodes, code);
  return row && row.expiresAt > world.clock.now() ? row : undefined;
}

/** Polling again after success answers the same token, until the code expires (documented). */
function pollCode(call: Call, world: World): Answer {
  const row = findCode(call, world);
  if (!row) return answer(200, { status: "expired", message: "Code has expired" });
  if (row.token === "") return answer(200, { status: "pending", message: "Waiting for user authorization" });
  return answer(200, { status: "authorized", api_token: row.token, message: "Authorization successful" });
}

function authoriseCode(call: Call, world: World): Answer {
  const row = findCode(call, world) ?? fail(404, "Code has expired");
  const user = world.account.list(users)[0] ?? nobody;
  if (row.token === "") {
    row.token = insertToken(world, user, { tokenName: row.appName, scope: "full-access" }).token;
  }
  return answer(200, { success: true, message: "You can close this page" });
}

function checkToken(call: Call, world: World): Answer {
  if (call.user === nobody) return answer(200, { success: false, authenticated: false, token_valid: false });
  const number = world.account.list(users).findIndex((user) => user.id === call.user.id) + 1;
  return answer(200, {
    success: true,
    authenticated: true,
    token_valid: true,
    token_costs: { classic: 1, pro: 2, "4k_upgrade": 2 },
    user: {
      id: number,
      email: call.user.email,
      subscription_plan: "professional",
      monthly_render_limit: 120,
      monthly_renders_used: 0,
    },
  });
}
