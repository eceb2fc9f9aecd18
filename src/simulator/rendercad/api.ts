import { users } from "../base/account.ts";
import { headerText, type ApiDefinition, type RawCall } from "../server/api.ts";
import type { Call } from "../base/route.ts";
import { accountRoutes } from "./account/account.ts";
import { deviceCodeRoutes } from "./account/device-code.ts";
import { discoveryRoutes } from "./discovery.ts";
import { historyRoutes } from "./library/history.ts";
import { imageJobRoutes } from "./job/image-job.ts";
import { jobActionRoutes } from "./job/job-action.ts";
import { jobViewRoutes } from "./job/job-view.ts";
import { tokenRoutes } from "./account/token.ts";
import { tokens } from "./account/token-row.ts";
import { uploadRoutes } from "./job/upload.ts";
import { videoJobRoutes } from "./job/video-job.ts";
import { rendercadWebhookRoutes } from "./webhook/webhook.ts";

/** RENDERCAD's API, from its published reference, which is all there is: `/auth.php?action=check` and the like. */
export const rendercadApi: ApiDefinition = {
  name: "rendercad",
  base: "/backend",
  routes: [
    ...deviceCodeRoutes,
    ...accountRoutes,
    ...tokenRoutes,
    ...rendercadWebhookRoutes,
    ...discoveryRoutes,
    ...imageJobRoutes,
    ...videoJobRoutes,
    ...uploadRoutes,
    ...jobActionRoutes,
    ...jobViewRoutes,
    ...historyRoutes,
  ],
  locate(path, query) {
    const action = query.get("action");
    return path.endsWith(".php") && action !== null ? `${path}/${encodeURIComponent(action)}` : path;
  },
  refuse(raw) {
    return raw.method === "POST" && !isJson(raw)
      ? { status: 415, message: "Content-Type must be application/json" }
      : undefined;
  },
  headers: () => ({ "Cache-Control": "no-store" }),
  limitHeaders(standing, budget, switches) {
    if (standing.allowed && switches.rendercadLimitHeaders === "when refused") return {};
    const reset = switches.rendercadReset === "epoch" ? standing.resetAt : standing.resetMs;
    return {
      "X-RateLimit-Endpoint": budget.slice("rendercad/".length),
      "X-RateLimit-Limit": String(standing.limit),
      "X-RateLimit-Remaining": String(standing.remaining),
      "X-RateLimit-Reset": String(Math.ceil(reset / 1000)),
      ...(!standing.allowed && { "Retry-After": String(Math.ceil(standing.resetMs / 1000)) }),
    };
  },
  authenticate(headers, world) {
    const credentials = readCredentials(headers);
    if (credentials === undefined) return "anonymous";
    const row = world.account
      .list(tokens)
      .find((candidate) => candidate.isActive && candidate.token === credentials);
    const user = row && world.account.find(users, row.userId);
    if (!row || !user) return undefined;
    row.lastUsedAt = world.clock.now();
    row.usageCount += 1;
    return { user, actor: { type: "rest_api", email: user.email, id: row.id } };
  },
  failure({ status, message, path }) {
    const flags = status === 401 && path === "/auth.php/check";
    return flags
      ? { success: false, authenticated: false, token_valid: false, error: message }
      : { error: message };
  },
};

/** Either header; what is sent and is no token is wrong, never ignored (documented). */
function readCredentials(headers: Call["headers"]): string | undefined {
  const authorization = headerText(headers, "authorization");
  if (authorization === undefined) return headerText(headers, "x-auth-token");
  return /^Bearer (.+)$/i.exec(authorization)?.[1] ?? "";
}

function isJson(raw: RawCall): boolean {
  return /^application\/json\s*(?:;|$)/i.test(headerText(raw.headers, "content-type") ?? "");
}
