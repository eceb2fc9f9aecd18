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

/**
 * RENDERCAD's API, made from its published reference alone, as nothing of it is recorded: `/auth.php?action=check`
 * and the like.
 */
export const rendercadApi: ApiDefinition = {
  name: "rendercad",
  base: "/backend",
  pages: ["/auth_device.html"],
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
    const sent = readCredentials(headers);
    if (sent.length === 0) return "anonymous";
    const known = sent.map((token) =>
      world.account.search(tokens, (candidate) => candidate.isActive && candidate.token === token),
    );
    const [row] = known;
    const user = row && world.account.find(users, row.userId);
    if (!row || !user || known.includes(undefined)) return undefined;
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

/**
 * The credentials of a call, from either of two headers. Each text that is sent and is no token is wrong credentials,
 * and never ignored (documented).
 */
function readCredentials(headers: Call["headers"]): readonly string[] {
  const authorization = headerText(headers, "authorization");
  const bearer = authorization === undefined ? undefined : (/^Bearer (.+)$/i.exec(authorization)?.[1] ?? "");
  return [bearer, headerText(headers, "x-auth-token")].filter((token) => token !== undefined);
}

function isJson(raw: RawCall): boolean {
  return /^application\/json\s*(?:;|$)/i.test(headerText(raw.headers, "content-type") ?? "");
}
