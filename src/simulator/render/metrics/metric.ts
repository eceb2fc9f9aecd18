import type { Json } from "../../../core/base/json.ts";
import { formatTime, type Microseconds } from "../../base/clock.ts";
import { readQueryTime } from "../../base/list.ts";
import { answer, fail, type Answer, type Call, type Route } from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { findMeasured, type Measured } from "./measured.ts";

/** A metric: a value for each instance, or one for the whole resource. `undefined`: the resource has no such metric. */
type Metric = {
  readonly unit: string;
  readonly each: "instance" | "resource";
  readonly value: (resource: Measured) => number | undefined;
};

/** The metrics by name. Units are as Render's own MCP server expects them; the unit of bandwidth is described. */
const metrics: { readonly [name: string]: Metric } = {
  cpu: { unit: "cpu", each: "instance", value: ({ cpuLimit }) => cpuLimit / 100 },
  "cpu-limit": { unit: "cpu", each: "instance", value: ({ cpuLimit }) => cpuLimit },
  "cpu-target": { unit: "cpu", each: "instance", value: (resource) => targetOf(resource, "cpu") },
  memory: { unit: "bytes", each: "instance", value: ({ memoryLimit }) => memoryLimit / 8 },
  "memory-limit": { unit: "bytes", each: "instance", value: ({ memoryLimit }) => memoryLimit },
  "memory-target": { unit: "bytes", each: "instance", value: (resource) => targetOf(resource, "memory") },
  "instance-count": {
    unit: "instances",
    each: "resource",
    value: ({ sort, instances }) => (sort === "service" ? instances.length : undefined),
  },
  "http-requests": { unit: "unitless", each: "resource", value: quietIf(({ hosts }) => hosts.length > 0) },
  // Without requests there is no latency.
  "http-latency": { unit: "ms", each: "resource", value: () => undefined },
  bandwidth: { unit: "GB", each: "resource", value: quietIf(({ sort }) => sort === "service") },
  "disk-usage": {
    unit: "bytes",
    each: "resource",
    value: quietIf(({ diskBytes }) => diskBytes !== undefined),
  },
  "disk-capacity": { unit: "bytes", each: "resource", value: ({ diskBytes }) => diskBytes },
  "active-connections": {
    unit: "connections",
    each: "resource",
    value: quietIf(({ sort }) => sort !== "service"),
  },
  "replication-lag": { unit: "seconds", each: "resource", value: quietIf(({ sort }) => sort === "replica") },
};

function quietIf(has: (resource: Measured) => boolean): Metric["value"] {
  return (resource) => (has(resource) ? 0 : undefined);
}

/** The use of its limit at which a service gets another instance; `undefined` while autoscaling by that criterion is off. */
function targetOf(resource: Measured, criterion: "cpu" | "memory"): number | undefined {
  const target = resource.autoscaling?.criteria[criterion];
  const limit = criterion === "cpu" ? resource.cpuLimit : resource.memoryLimit;
  return target?.enabled ? (limit * target.percentage) / 100 : undefined;
}

/** The routes of metrics. */
export const metricRoutes: readonly Route[] = [
  ...Object.entries(metrics).map(([name, metric]): Route => ({
    method: "GET",
    path: `/metrics/${name}`,
    budget: "render/read",
    handle: (call, world) => answer(200, viewMetric(call, world, metric)),
  })),
  { method: "GET", path: "/metrics/bandwidth-sources", budget: "render/read", handle: showSources },
  { method: "GET", path: "/metrics/filters/application", budget: "render/read", handle: showInstances },
  { method: "GET", path: "/metrics/filters/http", budget: "render/read", handle: showHosts },
  { method: "GET", path: "/metrics/filters/path", budget: "render/read", handle: showPaths },
];

function viewMetric(call: Call, world: World, { unit, each, value }: Metric): Json {
  const times = readTimes(call, world);
  const wanted = call.query.get("instance");
  return findMeasured(call, world).flatMap((resource) => {
    const measured = value(resource);
    const values = times.map((time) => ({ timestamp: formatTime(time), value: measured ?? 0 }));
    if (measured === undefined) return [];
    const own = { field: "resource", value: resource.id };
    if (each === "resource") return [{ labels: [own], unit, values }];
    return resource.instances
      .filter((instance) => wanted === null || wanted === instance)
      .map((instance) => ({ labels: [own, { field: "instance", value: instance }], unit, values }));
  });
}

const minute = 60;
const most = 1500;

/**
 * The times that a query asks for, in steps of `resolutionSeconds`: from `startTime` (by default an hour ago) to
 * `endTime` (by default now). Both defaults are described.
 */
export function readTimes(call: Call, world: World): Microseconds[] {
  const end = readQueryTime(call, "endTime") ?? world.now();
  const start = readQueryTime(call, "startTime") ?? end - 3_600_000_000;
  const seconds = Number(call.query.get("resolutionSeconds") ?? minute);
  if (!(seconds > 0)) fail(400, "resolutionSeconds must be a number of seconds");
  const step = seconds * 1_000_000;
  const first = Math.ceil(start / step) * step;
  const count = Math.max(0, Math.floor((end - first) / step) + 1);
  if (count > most) fail(400, `the range has ${count} steps of ${seconds} seconds: ${most} are the most`);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

function showSources(call: Call, world: World): Answer {
  const times = readTimes(call, world);
  const data = findMeasured(call, world).flatMap(({ id, sort }) =>
    sort === "service"
      ? ["total", "http", "websocket", "nat", "privatelink"].map((trafficSource) => ({
          labels: { resource: id, trafficSource },
          values: times.map((time) => ({ timestamp: Math.floor(time / 1_000_000), value: 0 })),
        }))
      : [],
  );
  return answer(200, { data });
}

function showInstances(call: Call, world: World): Answer {
  const values = findMeasured(call, world).flatMap(({ instances }) => instances);
  return answer(200, [{ filter: "instance", values }]);
}

function showHosts(call: Call, world: World): Answer {
  const values = findMeasured(call, world).flatMap(({ hosts }) => hosts);
  return answer(200, [
    { filter: "host", values },
    { filter: "statusCode", values: [] },
  ]);
}

/** Answers the paths that were asked for: none. */
function showPaths(call: Call, world: World): Answer {
  findMeasured(call, world);
  return answer(200, []);
}
