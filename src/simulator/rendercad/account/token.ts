import type { JsonObject } from "../../../core/base/json.ts";
import { readBody, readChoice, readInteger, requireText } from "../../base/body.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { scoped } from "./scope.ts";
import { formatSeconds, formatSecondsOrNull } from "./time.ts";
import {
  insertToken,
  listTokens,
  mostTokens,
  requireRoomForToken,
  scopes,
  tokens,
  type TokenRow,
} from "./token-row.ts";

const longestName = 100;

/** The routes of tokens. */
export const tokenRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/auth.php/get_api_tokens",
    budget: "rendercad/token-list",
    handle: showTokens,
  },
  {
    method: "POST",
    path: "/auth.php/create_api_token",
    budget: "rendercad/token-write",
    handle: scoped("full-access", createToken),
  },
  {
    method: "POST",
    path: "/auth.php/revoke_api_token",
    budget: "rendercad/token-write",
    handle: scoped("full-access", revokeToken),
  },
  {
    method: "POST",
    path: "/auth.php/rename_api_token",
    budget: "rendercad/token-write",
    handle: scoped("full-access", renameToken),
  },
];

function showTokens(call: Call, world: World): Answer {
  const rows = listTokens(world, call.user);
  return answer(200, {
    success: true,
    tokens: rows.map((row) => ({ ...viewToken(row), is_active: row.isActive })),
    max_tokens: mostTokens,
  });
}

/** Makes a token. No other answer ever shows its text (documented). */
function createToken(call: Call, world: World): Answer {
  const tokenName = readNewName(call, world, "token_name");
  const scope = readChoice(readBody(call), "scope", scopes) ?? "full-access";
  requireRoomForToken(world, call.user);
  const row = insertToken(world, call.user, { tokenName, scope });
  return answer(200, {
    success: true,
    message: "API token created successfully",
    token: row.token,
    token_data: viewToken(row),
    warning: "Save this token now. You will not be able to see it again.",
  });
}

/** Revokes a token. It may stay in the list, which has `is_active`; that is not documented, so a switch decides. */
function revokeToken(call: Call, world: World): Answer {
  const row = findToken(call, world);
  row.isActive = false;
  if (world.switches.revokedTokens === "gone") world.account.remove(tokens, row.id);
  return answer(200, { success: true, message: "API token revoked successfully" });
}

function renameToken(call: Call, world: World): Answer {
  const row = findToken(call, world);
  row.tokenName = readNewName(call, world, "new_name", row);
  return answer(200, { success: true, message: "API token renamed successfully" });
}

function findToken(call: Call, world: World): TokenRow {
  const id = readInteger(readBody(call), "token_id") ?? fail(400, "token_id is required");
  const row = listTokens(world, call.user).find((token) => token.id === String(id) && token.isActive);
  return row ?? fail(404, "Token not found");
}

/**
 * The name of a token in a body: at most 100 characters (documented). Whether two tokens may have one name is not
 * documented, so a switch decides.
 */
function readNewName(call: Call, world: World, field: string, own?: TokenRow): string {
  const name = requireText(readBody(call), field);
  if (name.length > longestName) fail(400, `${field} must have at most ${longestName} characters`);
  const others = listTokens(world, call.user).filter((row) => row.isActive && row !== own);
  if (world.switches.rendercadTokenNames === "unique" && others.some((row) => row.tokenName === name))
    fail(409, `A token named ${name} exists already`);
  return name;
}

function viewToken(row: TokenRow): JsonObject {
  return {
    id: Number(row.id),
    token_name: row.tokenName,
    scope: row.scope,
    created_at: formatSeconds(row.createdAt),
    last_used_at: formatSecondsOrNull(row.lastUsedAt),
    usage_count: row.usageCount,
  };
}
