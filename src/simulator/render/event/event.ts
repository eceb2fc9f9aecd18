import { formatTime } from "../../base/clock.ts";
import { answerList, filterByValues, readQueryTime } from "../../base/list.ts";
import { answer, failNotFound, parameter, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { settleDeploys } from "../deploy/deploy.ts";
import { findService } from "../service/service-row.ts";
import { findEvent, listEventsOf, type EventRow } from "./event-row.ts";

/** Described, never recorded. A list has the events of one service; those of datastores are found by id, or by a webhook. */
export const eventRoutes: readonly Route[] = [
  { method: "GET", path: "/services/{id}/events", budget: "render/read", handle: listEvents },
  { method: "GET", path: "/events/{event}", budget: "render/read", handle: showEvent },
];

function listEvents(call: Call, world: World): Answer {
  const service = findService(call, world);
  settleDeploys(world, service);
  const from = readQueryTime(call, "startTime") ?? -Infinity;
  const until = readQueryTime(call, "endTime") ?? Infinity;
  const within = listEventsOf(world, service.id).filter(
    ({ timestamp }) => timestamp >= from && timestamp <= until,
  );
  const rows = filterByValues(call, within, { type: (event) => event.type });
  return answerList(call, world, { rows, thing: "event", view: viewEvent });
}

function showEvent(call: Call, world: World): Answer {
  const id = parameter(call, "event");
  const event = findEvent(world, id);
  const isReachable = event !== undefined && call.user.workspaceIds.includes(event.ownerId);
  return answer(200, isReachable ? viewEvent(event) : failNotFound(id));
}

/** `serviceId` is the id of a datastore where the event is of one. */
function viewEvent({ id, timestamp, resourceId, type, details }: EventRow) {
  return { id, timestamp: formatTime(timestamp), serviceId: resourceId, type, details };
}
