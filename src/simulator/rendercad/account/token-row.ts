import { defineTable, type Row, type User } from "../../base/account.ts";
import { randomText } from "../../base/random.ts";
import { fail } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { nextNumber } from "./number.ts";

/** The scopes of tokens, from the narrowest to the widest. */
export const scopes = ["read-only", "render-only", "full-access"] as const;
/** One of `scopes`. */
export type Scope = (typeof scopes)[number];

/** A token. Its id is a text here and a number at the API. Times are milliseconds since 1970. */
export type TokenRow = Row & {
  readonly userId: string;
  tokenName: string;
  readonly scope: Scope;
  readonly token: string;
  readonly createdAt: number;
  lastUsedAt?: number;
  usageCount: number;
  isActive: boolean;
};

/** The table of tokens. */
export const tokens = defineTable<TokenRow>("rendercad tokens");

/** How many active tokens a user can have (documented). */
export const mostTokens = 10;

/** Makes a token. */
export function insertToken(world: World, user: User, fields: { tokenName: string; scope: Scope }): TokenRow {
  return world.account.insert(tokens, {
    id: nextNumber(world, tokens),
    userId: user.id,
    ...fields,
    token: `rendercad_${randomText(world.random, 40)}`,
    createdAt: world.clock.now(),
    usageCount: 0,
    isActive: true,
  });
}

/** The tokens of a user. */
export function listTokens(world: World, user: User): TokenRow[] {
  return world.account.list(tokens).filter((row) => row.userId === user.id);
}

/**
 * Refuses one more token than a user can have. The cap is documented as `max_tokens`; how one more is refused is not.
 * Sign-ins make tokens too.
 */
export function requireRoomForToken(world: World, user: User): void {
  const active = listTokens(world, user).filter((row) => row.isActive);
  if (active.length >= mostTokens)
    fail(world.switches.rendercadCapStatus, `Maximum of ${mostTokens} API tokens reached`);
}
