import type { JsonObject } from "../../../core/base/json.ts";
import { defineIndex, defineTable } from "../../base/account.ts";
import type { Microseconds } from "../../base/clock.ts";
import type { OwnedRow } from "../../base/owned.ts";
import type { Call } from "../../base/route.ts";
import type { World } from "../../base/world.ts";

/** Something that happened to a service or datastore, or, with a time that has not come, that will. */
export type EventRow = OwnedRow & {
  readonly resourceId: string;
  /** One of `eventTypes`. */
  readonly type: string;
  readonly timestamp: Microseconds;
  readonly details: JsonObject;
  /** How it ended, where it is the end of something (documented: `succeeded`, `failed`, `canceled`). */
  readonly status?: string;
  /** The deploy, job or run that it is about. */
  readonly cause?: string;
  /** Webhooks have been told. */
  isAnnounced: boolean;
};

const events = defineTable<EventRow>("events");
const eventsByResource = defineIndex(events, "resource", (event) => [event.resourceId]);
const eventsByCause = defineIndex(events, "cause", ({ cause }) => (cause === undefined ? [] : [cause]));
const eventsToAnnounce = defineIndex(events, "announcement", ({ isAnnounced }) =>
  isAnnounced ? [] : ["new"],
);

type News = Pick<EventRow, "type" | "details" | "status" | "cause"> & {
  /** When it happens; default: now. */
  readonly at?: Microseconds;
};

/** Notes that something happens to a resource, now or at a time to come. */
export function recordEvent(
  world: World,
  { id, ownerId }: { readonly id: string; readonly ownerId: string },
  { at, type, details, status, cause }: Partial<News> & Pick<News, "type">,
): void {
  world.account.insert(events, {
    id: world.makeId("evt"),
    ownerId,
    resourceId: id,
    type,
    timestamp: at ?? world.now(),
    details: details ?? {},
    ...(status !== undefined && { status }),
    ...(cause !== undefined && { cause }),
    isAnnounced: false,
  });
}

/** What was to happen by this cause does not: it was canceled. */
export function dropEventsToCome(world: World, cause: string): void {
  for (const event of world.account.lookup(eventsByCause, cause))
    if (event.timestamp > world.now()) world.account.remove(events, event.id);
}

/** What has happened to a resource, the newest first. */
export function listEventsOf(world: World, resourceId: string): EventRow[] {
  const happened = world.account
    .lookup(eventsByResource, resourceId)
    .filter((event) => event.timestamp <= world.now());
  return happened.sort((a, b) => b.timestamp - a.timestamp || (a.id < b.id ? 1 : -1));
}

/** An event that has happened; `undefined` for every other id. */
export function findEvent(world: World, id: string): EventRow | undefined {
  const event = world.account.find(events, id);
  return event && event.timestamp <= world.now() ? event : undefined;
}

/** Events that have happened and of which no webhook was told, the oldest first; they count as told from now on. */
export function takeNews(world: World): EventRow[] {
  const news = world.account
    .lookup(eventsToAnnounce, "new")
    .filter((event) => event.timestamp <= world.now())
    .sort((a, b) => a.timestamp - b.timestamp);
  for (const event of news) {
    event.isAnnounced = true;
    world.account.reindex(events, event);
  }
  return news;
}

/** When the next event happens, in milliseconds; infinity when none is to come. */
export function nextEventAt(world: World): number {
  return world.account
    .lookup(eventsToAnnounce, "new")
    .reduce((soonest, { timestamp }) => Math.min(soonest, Math.ceil(timestamp / 1000)), Infinity);
}

/** Who did it, as the details of many events show it (described). */
export function userOf({ actor }: Call): { user: { id: string; email: string } } {
  return { user: { id: actor.id, email: actor.email } };
}

/** That somebody did it, and not Render by itself (described). */
export function byHand(call: Call) {
  return { manual: true, system: false, ...userOf(call) };
}
