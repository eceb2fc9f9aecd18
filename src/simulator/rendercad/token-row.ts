import { defineTable, type Row, type User } from "../account.ts";
import { randomText } from "../random.ts";
import { fail, type Call } from "../route.ts";
import type { World } from "../world.ts";

export const scopes = ["read-only", "render-only", "full-access"] as const;
export type Scope = (typeof scopes)[number];

/** Row ids are texts; at the API they are numbers. Times are milliseconds since 1970. */
export type TokenRow = Row & {
  readonly userId: string;
  tokenName: string;
  readonly scope: Scope;
  readonly token: string;
  readonly createdAt: number;
  lastUsedAt: number | null;
  usageCount: number;
  isActive: boolean;
};

export const tokens = defineTable<TokenRow>("rendercad tokens");

export const mostTokens = 10;

export function insertToken(world: World, user: User, fields: { tokenName: string; scope: Scope }): TokenRow {
  return world.account.insert(tokens, {
    id: nextNumber(world, tokens),
    userId: user.id,
    ...fields,
    token: `rendercad_${randomText(world.random, 40)}`,
    createdAt: world.clock.now(),
    lastUsedAt: null,
    usageCount: 0,
    isActive: true,
  });
}

/** Numbers as a database gives them: never the same twice, not even after a delete. */
export function nextNumber(world: World, table: { readonly name: string }): string {
  const counters = world.account.find(numberCounters, table.name);
  const counter = counters ?? world.account.insert(numberCounters, { id: table.name, latest: 100 });
  counter.latest += 1;
  return String(counter.latest);
}

const numberCounters = defineTable<Row & { latest: number }>("rendercad numbers");

/** 403 when the token's scope is too narrow. Somebody in the dashboard has no token and may do everything. */
export function requireScope(call: Call, world: World, least: Scope): void {
  const token = world.account.find(tokens, call.actor.id);
  if (token && scopes.indexOf(token.scope) < scopes.indexOf(least)) {
    fail(403, `This action requires ${least} scope`);
  }
}

/** Whole seconds in UTC, as every documented answer has them. */
export function formatSeconds(milliseconds: number | null): string | null {
  return milliseconds === null ? null : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
