import { defineTable, type Row, type User } from "../../base/account.ts";
import { randomText } from "../../base/random.ts";
import type { World } from "../../base/world.ts";
import { nextNumber } from "../account/number.ts";

/** The events that a webhook can ask for (documented). */
export const webhookEvents = [
  "render.completed",
  "render.failed",
  "video.completed",
  "video.failed",
  "credits.exhausted",
] as const;
/** One of `webhookEvents`. */
export type WebhookEvent = (typeof webhookEvents)[number];

/** A webhook. Its id is a text here and a number at the API. Times are milliseconds since 1970. */
export type RendercadWebhookRow = Row & {
  readonly userId: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly secret: string;
  readonly createdAt: number;
  lastTriggeredAt?: number;
  lastSuccessAt?: number;
  /** How many deliveries were given up since the last one that arrived (documented). */
  failureCount: number;
};

/** The table of webhooks. */
export const rendercadWebhooks = defineTable<RendercadWebhookRow>("rendercad webhooks");

/** Makes a webhook. */
export function insertWebhook(
  world: World,
  user: User,
  fields: { readonly url: string; readonly events: readonly WebhookEvent[] },
): RendercadWebhookRow {
  return world.account.insert(rendercadWebhooks, {
    id: nextNumber(world, rendercadWebhooks),
    userId: user.id,
    ...fields,
    secret: `whsec_${randomText(world.random, 32)}`,
    createdAt: world.clock.now(),
    failureCount: 0,
  });
}

/** The webhooks of a user. */
export function listWebhooks(world: World, userId: string): RendercadWebhookRow[] {
  return world.account.list(rendercadWebhooks).filter((row) => row.userId === userId);
}
