import type { JsonObject } from "../../../core/base/json.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { queryValues, readQueryTime } from "../../base/list.ts";
import { findWorkspace } from "../../base/owned.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { services } from "../service/service-row.ts";
import { linesOf, type LogLine } from "./log-line.ts";

/**
 * The routes of logs. They have the lines of deploys and one-off jobs and no others, since no program runs here. Logs
 * are described and were never recorded.
 */
export const logRoutes: readonly Route[] = [
  { method: "GET", path: "/logs", budget: "render/log", handle: listLogs },
  { method: "GET", path: "/logs/values", budget: "render/log", handle: listValues },
  { method: "GET", path: "/logs/subscribe", budget: "render/log", produces: null, handle: subscribe },
];

type Range = { readonly start: Microseconds; readonly end: Microseconds };

const hour = 3_600_000_000;

function listLogs(call: Call, world: World): Answer {
  const { start, end } = readRange(call, world);
  const backward = readDirection(call) === "backward";
  const limit = readLimit(call);
  const lines = findLines(call, world, { start, end });
  const page = (backward ? lines.toReversed() : lines).slice(0, limit);
  const last = page.at(-1)?.at;
  // The next page begins beside the last line, since both bounds of a page are included.
  return answer(200, {
    hasMore: lines.length > limit,
    nextStartTime: formatTime(backward || last === undefined ? start : last + 1),
    nextEndTime: formatTime(backward && last !== undefined ? last - 1 : end),
    logs: page.map(viewLine),
  });
}

const valued = ["instance", "host", "statusCode", "method", "level", "type"] as const;

/** The values that one label has among the lines; those of requests and instances have none here. */
function listValues(call: Call, world: World): Answer {
  const label = call.query.get("label");
  if (!valued.some((name) => name === label)) fail(400, `label must be one of ${valued.join(", ")}`);
  const lines = findLines(call, world, readRange(call, world));
  const values = lines.flatMap(({ level, type }) =>
    label === "level" ? [level] : label === "type" ? [type] : [],
  );
  return answer(200, [...new Set(values)]);
}

/** A websocket: each line as a text of its own, from now or from `startTime` on. */
function subscribe(call: Call, world: World): Answer {
  let start = readQueryTime(call, "startTime") ?? world.now();
  const end = readQueryTime(call, "endTime") ?? Infinity;
  // What is wrong with the call is said before it becomes a websocket.
  findLines(call, world, { start, end: start });
  return {
    status: 101,
    feed: {
      protocol: "websocket",
      next() {
        const until = Math.min(world.now(), end);
        const lines = findLines(call, world, { start, end: until });
        start = until + 1;
        return { texts: lines.map((line) => JSON.stringify(viewLine(line))), isLast: until >= end };
      },
    },
  };
}

function readRange(call: Call, world: World): Range {
  return {
    start: readQueryTime(call, "startTime") ?? world.now() - hour,
    end: readQueryTime(call, "endTime") ?? world.now(),
  };
}

/** The oldest first. */
function findLines(call: Call, world: World, { start, end }: Range): LogLine[] {
  const { id: ownerId } = findWorkspace(call, world, call.query.get("ownerId") ?? "");
  const resources = queryValues(call, "resource") ?? fail(400, "resource is required");
  return world.account
    .filter(services, (service) => service.ownerId === ownerId)
    .flatMap((service) => linesOf(world, service, resources))
    .filter((line) => line.at >= start && line.at <= end && isWanted(call, line))
    .sort((a, b) => a.at - b.at);
}

function readDirection(call: Call): "backward" | "forward" {
  const text = call.query.get("direction") ?? "backward";
  return text === "backward" || text === "forward"
    ? text
    : fail(400, "direction must be backward or forward");
}

function readLimit(call: Call): number {
  const limit = Number(call.query.get("limit") ?? 20);
  return Number.isInteger(limit) && limit >= 1 && limit <= 100
    ? limit
    : fail(400, "limit must be between 1 and 100");
}

function isWanted(call: Call, line: LogLine): boolean {
  const fits = (name: string, text: string): boolean => queryValues(call, name)?.includes(text) ?? true;
  // A text may stand anywhere in a line. The real API also takes wildcards and expressions, which are not done here.
  const texts = queryValues(call, "text");
  return (
    fits("type", line.type) &&
    fits("level", line.level) &&
    (texts?.some((text) => line.message.includes(text)) ?? true)
  );
}

function viewLine({ id, resource, at, type, level, message }: LogLine): JsonObject {
  return {
    id,
    message,
    timestamp: formatTime(at),
    labels: [
      { name: "resource", value: resource },
      { name: "level", value: level },
      { name: "type", value: type },
    ],
  };
}
