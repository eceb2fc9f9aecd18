import { fail, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { scopes, tokens, type Scope } from "./token-row.ts";

/**
 * A handler that only tokens of this scope or a wider one may call; others get 403 (documented). Each scope includes
 * those before it. A user in the dashboard has no token and may do everything.
 */
export function scoped(least: Scope, handle: Route["handle"]): Route["handle"] {
  return (call, world) => {
    const token = findCallersToken(call, world);
    if (token && scopes.indexOf(token.scope) < scopes.indexOf(least))
      fail(403, `This action requires ${least} scope`);
    return handle(call, world);
  };
}

function findCallersToken(call: Call, world: World): { readonly scope: Scope } | undefined {
  return world.account.find(tokens, call.actor.id);
}
