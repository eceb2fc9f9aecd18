import { users } from "../base/account.ts";
import { headerText, type ApiDefinition } from "../server/api.ts";
import type { Standing } from "../base/budgets.ts";
import type { Switches } from "../base/switches.ts";
import { renderRoutes } from "./routes.ts";

/** Render's REST API, version 1. One key is one user (documented); every answer has these headers (recorded). */
export const renderApi: ApiDefinition = {
  name: "render",
  base: "/v1",
  routes: renderRoutes,
  headers: (sequence) => ({
    "Render-Request-Id": `api-simulator/simulated-${String(sequence).padStart(6, "0")}`,
    Vary: "Origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Xss-Protection": "1; mode=block",
  }),
  limitHeaders,
  refuse(raw, { produces = "application/json" }) {
    const accept = headerText(raw.headers, "accept")?.trim();
    if (produces === null || !accept || accepts(accept, produces)) return undefined;
    return { status: 406, message: `not acceptable: this is ${produces}` };
  },
  authenticate(headers, world) {
    const authorization = headerText(headers, "authorization");
    if (authorization === undefined) return "anonymous";
    const key = /^Bearer (.+)$/i.exec(authorization)?.[1];
    const user = world.account.list(users).find((row) => row.key === key);
    return user && { user, actor: { type: "rest_api", email: user.email, id: user.id } };
  },
  failure({ status, message, code }, world) {
    if (status === 429 && world.switches.rateLimitBody === "error") return { error: message };
    return code === undefined ? { message } : { message, code };
  },
};

/** Whether one of the media ranges of an `Accept` header fits, and is not ruled out by `q=0`. */
function accepts(accept: string, type: string): boolean {
  const fitting = ["*/*", type.replace(/\/.*$/, "/*"), type];
  return accept.split(",").some((range) => {
    const [media = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return fitting.includes(media) && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/**
 * The limit headers of an answer. The reset is the rest of the window in seconds (recorded), or its end in seconds
 * since 1970 (documented); a switch decides.
 */
function limitHeaders(standing: Standing, _budget: string, switches: Switches): { [name: string]: string } {
  const seconds = switches.rateLimitReset === "epoch" ? standing.resetAt / 1000 : standing.resetMs / 1000;
  return {
    "Ratelimit-Limit": String(standing.limit),
    "Ratelimit-Remaining": String(standing.remaining),
    "Ratelimit-Reset": String(Math.floor(seconds)),
    ...(!standing.allowed &&
      switches.retryAfter && { "Retry-After": String(Math.ceil(standing.resetMs / 1000)) }),
  };
}
