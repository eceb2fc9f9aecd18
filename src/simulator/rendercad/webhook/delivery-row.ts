import { createHmac } from "node:crypto";
import type { JsonObject } from "../../../core/base/json.ts";
import { defineTable, type Row } from "../../base/account.ts";
import type { World } from "../../base/world.ts";
import { nextNumber } from "../account/number.ts";
import { formatSeconds } from "../account/time.ts";
import type { Shipment } from "../../server/upkeep.ts";
import { listWebhooks, rendercadWebhooks, type WebhookEvent } from "./webhook-row.ts";

/**
 * One event for one webhook. The row is removed when the event arrived or was given up. Times are milliseconds since
 * 1970.
 */
export type DeliveryRow = Row & {
  readonly webhookId: string;
  readonly event: WebhookEvent;
  /** The body, the same at every attempt, byte for byte: the signature is made of it (documented). */
  readonly body: string;
  attempts: number;
  nextAttemptAt: number;
};

const deliveries = defineTable<DeliveryRow>("rendercad deliveries");

const minute = 60_000;
/**
 * Milliseconds from each failed attempt to the next one (documented; that each delay begins at the attempt before it
 * is how we read it).
 */
const retryDelays = [minute, 5 * minute, 15 * minute];

/** Queues an event for every webhook of the user that asked for it. */
export function announce(
  world: World,
  news: {
    readonly userId: string;
    readonly event: WebhookEvent;
    readonly at: number;
    readonly fields: JsonObject;
  },
): void {
  for (const webhook of listWebhooks(world, news.userId)) {
    if (!webhook.events.includes(news.event)) continue;
    const id = nextNumber(world, deliveries);
    world.account.insert(deliveries, {
      id,
      webhookId: webhook.id,
      event: news.event,
      body: JSON.stringify({
        event_type: news.event,
        delivery_id: id,
        timestamp: formatSeconds(news.at),
        ...news.fields,
      }),
      attempts: 0,
      nextAttemptAt: news.at,
    });
  }
}

/** The deliveries whose next attempt is due. */
export function listDueDeliveries(world: World): DeliveryRow[] {
  const now = world.clock.now();
  return world.account.list(deliveries).filter((row) => row.nextAttemptAt <= now);
}

/** When the next attempt of any delivery is due; infinity when there is no delivery. */
export function nextDeliveryAt(world: World): number {
  return Math.min(...world.account.list(deliveries).map((row) => row.nextAttemptAt));
}

/** Puts a delivery into a request; `undefined` when its webhook was deleted meanwhile. */
export function wrapDelivery(world: World, delivery: DeliveryRow): Shipment | undefined {
  const webhook = world.account.find(rendercadWebhooks, delivery.webhookId);
  if (!webhook) return undefined;
  const signature = createHmac("sha256", webhook.secret).update(delivery.body).digest("hex");
  return {
    url: webhook.url,
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "RENDERCAD-Webhooks/1.0",
      "X-Webhook-Signature": `sha256=${signature}`,
      "X-Webhook-Event": delivery.event,
      "X-Webhook-Delivery": delivery.id,
    },
    body: delivery.body,
  };
}

/** Notes how an attempt ended: the event arrived, it will be tried again, or it is given up after the last retry. */
export function noteAttempt(
  world: World,
  delivery: DeliveryRow,
  attempt: { readonly at: number; readonly arrived: boolean },
): void {
  const webhook = world.account.find(rendercadWebhooks, delivery.webhookId);
  if (!webhook) return forgetDelivery(world, delivery);
  webhook.lastTriggeredAt = attempt.at;
  if (attempt.arrived) {
    webhook.lastSuccessAt = attempt.at;
    webhook.failureCount = 0;
    return forgetDelivery(world, delivery);
  }
  const delay = retryDelays[delivery.attempts];
  delivery.attempts += 1;
  if (delay !== undefined) {
    delivery.nextAttemptAt = attempt.at + delay;
    return;
  }
  webhook.failureCount += 1;
  forgetDelivery(world, delivery);
}

/** Removes a delivery. */
export function forgetDelivery(world: World, delivery: DeliveryRow): void {
  world.account.remove(deliveries, delivery.id);
}
