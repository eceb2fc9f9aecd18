import type { JsonObject } from "../../core/json.ts";
import { readBody, readChoice, readInteger, requireText } from "../body.ts";
import { answer, fail, type Answer, type Call, type Route } from "../route.ts";
import type { World } from "../world.ts";
import {
  formatSeconds,
  insertToken,
  mostTokens,
  requireScope,
  scopes,
  tokens,
  type TokenRow,
} from "./token-row.ts";

export const tokenRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/auth.php/get_api_tokens",
    budget: "rendercad/token-list",
    handle: (call, world) =>
      answer(200, {
        success: true,
        tokens: listTokens(call, world).map((row) => ({ ...viewToken(row), is_active: row.isActive })),
        max_tokens: mostTokens,
      }),
  },
  {
    method: "POST",
    path: "/auth.php/create_api_token",
    budget: "rendercad/token-write",
    handle: createToken,
  },
  {
    method: "POST",
    path: "/auth.php/revoke_api_token",
    budget: "rendercad/token-write",
    handle(call, world): Answer {
      const row = findToken(call, world);
      if (world.switches.revokedTokens === "gone") world.account.remove(tokens, row.id);
      row.isActive = false;
      return answer(200, { success: true, message: "API token revoked successfully" });
    },
  },
  {
    method: "POST",
    path: "/auth.php/rename_api_token",
    budget: "rendercad/token-write",
    handle(call, world): Answer {
      const row = findToken(call, world);
      row.tokenName = readName(call, "new_name");
      return answer(200, { success: true, message: "API token renamed successfully" });
    },
  },
];

/** The only answer that ever shows the token. Names may repeat: nothing documented forbids it. */
function createToken(call: Call, world: World): Answer {
  requireScope(call, world, "full-access");
  const tokenName = readName(call, "token_name");
  const scope = readChoice(readBody(call), "scope", scopes) ?? "full-access";
  const active = listTokens(call, world).filter((row) => row.isActive);
  if (active.length >= mostTokens) fail(409, `Maximum of ${mostTokens} API tokens reached`);
  const row = insertToken(world, call.user, { tokenName, scope });
  return answer(200, {
    success: true,
    message: "API token created successfully",
    token: row.token,
    token_data: viewToken(row),
    warning: "Save this token now. You will not be able to see it again.",
  });
}

function listTokens(call: Call, world: World): TokenRow[] {
  return world.account.list(tokens).filter((row) => row.userId === call.user.id);
}

function findToken(call: Call, world: World): TokenRow {
  requireScope(call, world, "full-access");
  const id = readInteger(readBody(call), "token_id") ?? fail(400, "token_id is required");
  const row = listTokens(call, world).find((token) => token.id === String(id) && token.isActive);
  return row ?? fail(404, "Token not found");
}

function readName(call: Call, field: string): string {
  const name = requireText(readBody(call), field);
  return name.length > 100 ? fail(400, `${field} must have at most 100 characters`) : name;
}

function viewToken(row: TokenRow): JsonObject {
  return {
    id: Number(row.id),
    token_name: row.tokenName,
    scope: row.scope,
    created_at: formatSeconds(row.createdAt),
    last_used_at: formatSeconds(row.lastUsedAt),
    usage_count: row.usageCount,
  };
}
