import { defineTable, type Row } from "../../base/account.ts";
import { recordChange } from "../../server/audit.ts";
import { readBody, readChoice, readText, requireChoice } from "../../base/body.ts";
import { textOf, type Loader } from "../../server/loader.ts";
import { findWorkspace } from "../../base/owned.ts";
import {
  answer,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";

const providers = [
  "BETTER_STACK",
  "GRAFANA",
  "DATADOG",
  "NEW_RELIC",
  "HONEYCOMB",
  "SIGNOZ",
  "GROUNDCOVER",
  "LOGFIRE",
  "CUSTOM",
] as const;

/** The metrics stream of a workspace; its id is that of the workspace. The token can be written and not read (recorded). */
type MetricsStream = Row & { provider: (typeof providers)[number]; url: string; token: string };
const metricsStreams = defineTable<MetricsStream>("metricsStreams");

const path = "/metrics-stream/{ownerId}";

/** The routes of the metrics stream. */
export const metricsStreamRoutes: readonly Route[] = [
  { method: "GET", path, budget: "render/read", handle: showStream },
  { method: "PUT", path, budget: "render/write", handle: putStream },
  { method: "DELETE", path, budget: "render/write", handle: deleteStream },
];

/** Shows the stream. It answers 404 while there is none (assumed: described, not recorded). */
function showStream(call: Call, world: World): Answer {
  const { id } = findWorkspace(call, world, parameter(call, "ownerId"));
  return answer(200, viewStream(world.account.find(metricsStreams, id) ?? failNotFound(id)));
}

function putStream(call: Call, world: World): Answer {
  const { id } = findWorkspace(call, world, parameter(call, "ownerId"));
  const body = readBody(call);
  const isNew = !world.account.find(metricsStreams, id);
  const row = world.account.put(metricsStreams, {
    id,
    provider: requireChoice(body, "provider", providers),
    url: readText(body, "url") ?? "",
    token: readText(body, "token") ?? "",
  });
  const event = isNew ? "CreateOtelIntegrationEvent" : "UpdateOtelIntegrationEvent";
  recordChange(call, world, event, { kind: "metricsStream", id, ownerId: id });
  return answer(200, viewStream(row));
}

function deleteStream(call: Call, world: World): Answer {
  const { id } = findWorkspace(call, world, parameter(call, "ownerId"));
  world.account.remove(metricsStreams, id);
  recordChange(call, world, "DeleteOtelIntegrationEvent", { kind: "metricsStream", id, ownerId: id });
  return noContent;
}

function viewStream({ id, provider, url }: MetricsStream) {
  return { ownerId: id, provider, url };
}

/** Loads the metrics stream of the workspace from a file. */
export const metricsStreamLoader: Loader = {
  kind: "render/metrics-stream",
  load(desired, loading) {
    loading.ids.set(desired.address, loading.workspace.id);
  },
  wire({ spec }, loading) {
    loading.world.account.put(metricsStreams, {
      id: loading.workspace.id,
      provider: readChoice(spec, "provider", providers) ?? "CUSTOM",
      url: textOf(spec["url"], loading),
      token: textOf(spec["token"], loading),
    });
  },
};
