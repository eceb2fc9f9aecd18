import { createHmac } from "node:crypto";
import { defineTable, type Row } from "../../base/account.ts";
import { formatTime } from "../../base/clock.ts";
import type { World } from "../../base/world.ts";
import type { Attempt, Shipment } from "../../server/upkeep.ts";
import { findPostgresInstance } from "../datastore/postgres-row.ts";
import { keyValues } from "../datastore/key-value-row.ts";
import { services } from "../service/service-row.ts";
import { webhooks, type Webhook } from "../workspace/webhook-row.ts";
import type { EventRow } from "./event-row.ts";

/** One event for one webhook, kept when it is done: `GET /webhooks/{id}/events` has them. Times are milliseconds since 1970. */
export type HookDelivery = Row & {
  readonly webhookId: string;
  readonly eventId: string;
  readonly eventType: string;
  /** The same at every attempt; what is signed with it is the time of the attempt. */
  readonly body: string;
  attempts: number;
  /** Absent when it arrived or was given up. */
  nextAttemptAt?: number;
  sentAt?: number;
  statusCode?: number;
  responseBody?: string;
  error?: string;
};

const deliveries = defineTable<HookDelivery>("webhook events");

const minute = 60_000;
const hour = 60 * minute;
/** From each failed attempt to the next one: the schedule that Standard Webhooks recommends. Render's own is not documented. */
const retryDelays = [5_000, 5 * minute, 30 * minute, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour)];

/** Queues an event for every webhook of its workspace that is enabled and asked for it; no filter asks for all (recorded). */
export function announce(world: World, event: EventRow): void {
  const asked = world.account.filter(
    webhooks,
    ({ ownerId, enabled, eventFilter }) =>
      ownerId === event.ownerId && enabled && (!eventFilter?.length || eventFilter.includes(event.type)),
  );
  for (const { id } of asked) {
    world.account.insert(deliveries, {
      id: world.makeId("whe"),
      webhookId: id,
      eventId: event.id,
      eventType: event.type,
      body: JSON.stringify(payloadOf(world, event)),
      attempts: 0,
      nextAttemptAt: Math.floor(event.timestamp / 1000),
    });
  }
}

/** Type, time and data, as Standard Webhooks recommends; an end says how it ended (documented). */
function payloadOf(world: World, { id, type, timestamp, resourceId, status }: EventRow) {
  const serviceName = nameOf(world, resourceId);
  return {
    type,
    timestamp: formatTime(timestamp),
    data: { id, serviceId: resourceId, serviceName, ...(status !== undefined && { status }) },
  };
}

function nameOf(world: World, id: string): string {
  const { account } = world;
  const row = account.find(services, id) ?? findPostgresInstance(world, id) ?? account.find(keyValues, id);
  return row?.name ?? "";
}

/** Everything that was sent, or will be, for one webhook. */
export function listDeliveriesOf(world: World, webhookId: string): HookDelivery[] {
  return world.account.filter(deliveries, (row) => row.webhookId === webhookId);
}

export function listDue(world: World): HookDelivery[] {
  const now = world.clock.now();
  return world.account.filter(deliveries, ({ nextAttemptAt = Infinity }) => nextAttemptAt <= now);
}

export function nextDeliveryAt(world: World): number {
  return world.account
    .list(deliveries)
    .reduce((soonest, { nextAttemptAt = Infinity }) => Math.min(soonest, nextAttemptAt), Infinity);
}

/** The delivery as Standard Webhooks signs it; `undefined` when its webhook was deleted or turned off meanwhile. */
export function wrap(world: World, { id, webhookId, body }: HookDelivery, at: number): Shipment | undefined {
  const webhook = world.account.find(webhooks, webhookId);
  if (!webhook?.enabled) return undefined;
  const timestamp = String(Math.floor(at / 1000));
  return {
    url: webhook.url,
    headers: {
      "Content-Type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${sign(webhook, `${id}.${timestamp}.${body}`)}`,
    },
    body,
  };
}

/** Under the bytes that follow `whsec_` in base64. */
function sign({ secret }: Webhook, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/u, ""), "base64");
  return createHmac("sha256", key).update(text).digest("base64");
}

/** Notes how an attempt ended: it arrived, it will be tried again, or it is given up. */
export function note(_world: World, delivery: HookDelivery, attempt: Attempt): void {
  const delay = attempt.arrived ? undefined : retryDelays[delivery.attempts];
  delivery.attempts += 1;
  delivery.sentAt = attempt.at;
  for (const field of ["statusCode", "responseBody", "error", "nextAttemptAt"] as const)
    delete delivery[field];
  Object.assign(delivery, {
    ...(attempt.status !== undefined && { statusCode: attempt.status }),
    ...(attempt.text !== undefined && { responseBody: attempt.text }),
    ...(attempt.error !== undefined && { error: attempt.error }),
    ...(delay !== undefined && { nextAttemptAt: attempt.at + delay }),
  });
}

export function forget(world: World, { id }: HookDelivery): void {
  world.account.remove(deliveries, id);
}
