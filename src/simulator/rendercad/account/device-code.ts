import { defineTable, users, type Row, type User } from "../../base/account.ts";
import { readBody, readText } from "../../base/body.ts";
import { randomText } from "../../base/random.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { originOf } from "./origin.ts";
import { insertToken, requireRoomForToken } from "./token-row.ts";

type DeviceCodeRow = Row & {
  readonly appName: string;
  readonly expiresAt: number;
  state: "pending" | "authorized" | "denied";
  /**
   * The token of the sign-in. It is kept until the code expires, so that a poll whose answer was lost can be repeated
   * (documented).
   */
  token?: string;
};
const deviceCodes = defineTable<DeviceCodeRow>("rendercad device codes");

const expiresInSeconds = 600;
const pollSeconds = 3;

/** The routes of the sign-in of programs without a browser. All are anonymous, since the caller has no credentials yet. */
export const deviceCodeRoutes: readonly Route[] = [
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
  {
    method: "GET",
    path: "/auth_device.html",
    budget: "rendercad/device-code-authorize",
    anonymous: true,
    handle: showPage,
  },
];

function requestCode(call: Call, world: World): Answer {
  const body = readBody(call);
  const app = ["app_name", "app_type", "app_version"].flatMap((field) => {
    const text = readText(body, field);
    return text === undefined ? [] : [`&${field}=${encodeURIComponent(text)}`];
  });
  const row = world.account.insert(deviceCodes, {
    id: drawCode(world),
    appName: readText(body, "app_name") ?? "Unnamed app",
    expiresAt: world.clock.now() + expiresInSeconds * 1000,
    state: "pending",
  });
  return answer(200, {
    success: true,
    code: row.id,
    verification_url: `${originOf(call)}/auth_device.html?code=${row.id}${app.join("")}`,
    expires_in: expiresInSeconds,
    poll_interval: pollSeconds,
  });
}

/** A new code: six capital letters, as in the documented example. */
function drawCode(world: World): string {
  for (;;) {
    const code = randomText(world.random, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (!world.account.find(deviceCodes, code)) return code;
  }
}

/** Answers a poll. A user can say no, since there is a page for it; what a poll answers then is not documented. */
function pollCode(call: Call, world: World): Answer {
  const code = call.query.get("code") ?? "";
  if (code === "") fail(400, "Code parameter required");
  const row = world.account.find(deviceCodes, code) ?? fail(404, "Code not found");
  if (isExpired(row, world)) return answer(200, { status: "expired", message: "Code has expired" });
  switch (row.state) {
    case "pending":
      return answer(200, { status: "pending", message: "Waiting for user authorization" });
    case "denied":
      return answer(200, { status: "denied", message: "Authorization denied" });
    case "authorized":
      return answer(200, {
        status: "authorized",
        api_token: row.token ?? "",
        message: "Authorization successful",
      });
    default:
      return row.state satisfies never;
  }
}

/**
 * Shows the page. Whoever opens it is taken for the first user, signed in, so the page approves the code by itself
 * (documented).
 */
function showPage(call: Call, world: World): Answer {
  const row = decideCode(world, { code: call.query.get("code") ?? "", state: "authorized" });
  const app = row.appName.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    status: 200,
    content: {
      type: "text/html; charset=utf-8",
      data: `<!doctype html><title>RENDERCAD</title><p>${app} is signed in. You can close this page.</p>\n`,
    },
  };
}

/** Approves or denies a code, as a user does in a browser. A second approval changes nothing. */
export function decideCode(
  world: World,
  decision: { readonly code: string; readonly state: "authorized" | "denied"; readonly user?: User },
): DeviceCodeRow {
  const row = world.account.find(deviceCodes, decision.code) ?? fail(404, "Code not found");
  if (isExpired(row, world)) fail(400, "Code has expired");
  if (row.state !== "pending") return row;
  if (decision.state === "authorized") {
    const user = decision.user ?? world.account.list(users)[0] ?? fail(404, "User not found");
    requireRoomForToken(world, user);
    row.token = insertToken(world, user, { tokenName: row.appName, scope: "full-access" }).token;
  }
  row.state = decision.state;
  return row;
}

function isExpired(row: DeviceCodeRow, world: World): boolean {
  return row.expiresAt <= world.clock.now();
}
