import { users } from "../account.ts";
import { headerText, type ApiDefinition, type RawCall } from "../api.ts";
import { discoveryRoutes } from "./discovery.ts";
import { renderJobRoutes } from "./render-job.ts";
import { signInRoutes } from "./sign-in.ts";
import { tokenRoutes } from "./token.ts";
import { tokens } from "./token-row.ts";
import { rendercadWebhookRoutes } from "./webhook.ts";

/** RENDERCAD's API, from its published reference, which is all there is: `/auth.php?action=check` and the like. */
export const rendercadApi: ApiDefinition = {
  name: "rendercad",
  base: "/backend",
  routes: [
    ...signInRoutes,
    ...tokenRoutes,
    ...rendercadWebhookRoutes,
    ...discoveryRoutes,
    ...renderJobRoutes,
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
  limitHeaders: (standing, budget, switches) => ({
    "X-RateLimit-Endpoint": budget.slice("rendercad/".length),
    "X-RateLimit-Limit": String(standing.limit),
    "X-RateLimit-Remaining": String(standing.remaining),
    "X-RateLimit-Reset": String(
      Math.ceil((switches.rendercadReset === "epoch" ? standing.resetAt : standing.resetMs) / 1000),
    ),
    ...(!standing.allowed && { "Retry-After": String(Math.ceil(standing.resetMs / 1000)) }),
  }),
  authenticate(headers, world) {
    const authorization = headerText(headers, "authorization") ?? headerText(headers, "x-auth-token");
    if (authorization === undefined) return "anonymous";
    const token = authorization.replace(/^Bearer /i, "");
    const row = world.account
      .list(tokens)
      .find((candidate) => candidate.isActive && candidate.token === token);
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

function isJson(raw: RawCall): boolean {
  return headerText(raw.headers, "content-type")?.startsWith("application/json") ?? false;
}
