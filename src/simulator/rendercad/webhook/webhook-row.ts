import { defineTable, type Row, type User } from "../../base/account.ts";
import { randomText } from "../../base/random.ts";
import type { World } from "../../base/world.ts";
import { nextNumber } from "../account/number.ts";

export const webhookEvents = [
  "render.completed",
  "render.failed",
  "video.completed",
  "video.failed",
  "credits.exhausted",
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Row ids are texts; at the API they are numbers. Times are milliseconds since 1970. */
export type RendercadWebhookRow = Row & {
  readonly userId: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly secret: string;
  readonly createdAt: number;
  lastTriggeredAt?: number;
  lastSuccessAt?: number;
  /** Deliveries given up since the last one that arrived (documented). */
  failureCount: number;
};

export const rendercadWebhooks = defineTable<RendercadWebhookRow>("rendercad webhooks");

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

export function listWebhooks(world: World, userId: string): RendercadWebhookRow[] {
  return world.account.list(rendercadWebhooks).filter((row) => row.userId === userId);
}
