import { users } from "../account.ts";
import type { ApiDefinition } from "../api.ts";
import { renderRoutes } from "./routes.ts";

/** Render's REST API, version 1: one key is one user (documented); every answer has these headers (recorded). */
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
  authenticate(authorization, world) {
    const key = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    const user = world.account.list(users).find((row) => row.key === key);
    return user && { user, actor: { type: "rest_api", email: user.email, id: user.id } };
  },
  failure({ status, message, code }, world) {
    if (status === 429 && world.switches.rateLimitBody === "error") return { error: message };
    return code === undefined ? { message } : { message, code };
  },
};
