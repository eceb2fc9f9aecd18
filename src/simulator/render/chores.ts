import type { World } from "../base/world.ts";
import type { Chores } from "../server/upkeep.ts";
import { queueEndsAt, settleDeploys } from "./deploy/deploy.ts";
import {
  announce,
  forget,
  listDue,
  nextDeliveryAt,
  note,
  wrap,
  type HookDelivery,
} from "./event/delivery.ts";
import { nextEventAt, takeNews } from "./event/event-row.ts";
import { servicesWithQueue, type ServiceRow } from "./service/service-row.ts";

/** What Render does without being asked: a queued deploy begins, and webhooks are told what has happened. */
export const renderChores: Chores<HookDelivery> = {
  advance(world) {
    for (const service of listQueues(world)) settleDeploys(world, service);
    for (const event of takeNews(world)) announce(world, event);
  },
  nextChangeAt: (world) =>
    listQueues(world).reduce(
      (soonest, service) => Math.min(soonest, queueEndsAt(service)),
      nextEventAt(world),
    ),
  listDue,
  nextDeliveryAt,
  wrap,
  note,
  forget,
};

function listQueues(world: World): readonly ServiceRow[] {
  return world.account.lookup(servicesWithQueue, "waiting");
}
