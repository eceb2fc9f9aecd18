import type { Desired } from "../../../core/model/desired.ts";
import { isObject } from "../../../core/base/json.ts";
import { defineTable, type Row } from "../../base/account.ts";
import { readBody, readText, requireChoice } from "../../base/body.ts";
import { answerList, filterByValues } from "../../base/list.ts";
import { textOf, type Loader, type Loading } from "../../server/loader.ts";
import { findReachable, findWorkspace, listReachable, type OwnedRow } from "../../base/owned.ts";
import {
  answer,
  fail,
  failNotFound,
  noContent,
  parameter,
  type Answer,
  type Call,
  type Route,
} from "../../base/route.ts";
import type { World } from "../../base/world.ts";
import { keyValues } from "../datastore/key-value-row.ts";
import { findPostgres } from "../datastore/postgres-row.ts";
import { services } from "../service/service-row.ts";

/** The log stream of a workspace; its id is that of the workspace. The token can be written and not read (recorded). */
type LogStream = Row & { preview: "send" | "drop"; endpoint: string; token: string };
const logStreams = defineTable<LogStream>("logStreams");

/** The log stream of a single resource, which may be a replica (recorded); its id is that of the resource. */
type LogStreamOverride = OwnedRow & { setting: "send" | "drop"; endpoint: string; token: string };
const logStreamOverrides = defineTable<LogStreamOverride>("logStreamOverrides");

const ofWorkspace = "/logs/streams/owner/{ownerId}";
const ofResource = "/logs/streams/resource/{resourceId}";

/** The routes of log streams. */
export const logStreamRoutes: readonly Route[] = [
  { method: "GET", path: ofWorkspace, budget: "render/log-stream", handle: showStream },
  { method: "PUT", path: ofWorkspace, budget: "render/log-stream", handle: putStream },
  { method: "DELETE", path: ofWorkspace, budget: "render/log-stream", handle: deleteStream },
  { method: "GET", path: "/logs/streams/resource", budget: "render/read", handle: listOverrides },
  { method: "GET", path: ofResource, budget: "render/read", handle: showOverride },
  { method: "PUT", path: ofResource, budget: "render/write", handle: putOverride },
  { method: "DELETE", path: ofResource, budget: "render/write", handle: deleteOverride },
];

/** Shows the stream of a workspace. It answers 404 while there is none: recorded for single resources, assumed here. */
function showStream(call: Call, world: World): Answer {
  const { id } = findWorkspace(call, world, parameter(call, "ownerId"));
  return answer(200, viewStream(world.account.find(logStreams, id) ?? failNotFound(id)));
}

function putStream(call: Call, world: World): Answer {
  const { id } = findWorkspace(call, world, parameter(call, "ownerId"));
  const body = readBody(call);
  const preview = requireChoice(body, "preview", ["send", "drop"]);
  const row = world.account.put(logStreams, {
    id,
    preview,
    endpoint: readText(body, "endpoint") ?? "",
    token: readText(body, "token") ?? "",
  });
  return answer(200, viewStream(row));
}

function deleteStream(call: Call, world: World): Answer {
  world.account.remove(logStreams, findWorkspace(call, world, parameter(call, "ownerId")).id);
  return noContent;
}

function viewStream({ id, preview, endpoint }: LogStream) {
  return { ownerId: id, preview, endpoint };
}

/** Lists the streams of single resources as a plain array without cursors (described). */
function listOverrides(call: Call, world: World): Answer {
  const rows = filterByValues(call, listReachable(call, world, logStreamOverrides), {
    resourceId: (row) => row.id,
    setting: (row) => row.setting,
  });
  return answerList(call, world, { rows, view: viewOverride });
}

function showOverride(call: Call, world: World): Answer {
  const { id } = findResource(call, world);
  return answer(200, viewOverride(world.account.find(logStreamOverrides, id) ?? failNotFound(id)));
}

/** Sets the stream of a resource. `send` needs an endpoint, `drop` forbids one (described). */
function putOverride(call: Call, world: World): Answer {
  const { id, ownerId } = findResource(call, world);
  const body = readBody(call);
  const setting = requireChoice(body, "setting", ["send", "drop"]);
  const endpoint = readText(body, "endpoint") ?? "";
  if (setting === "send" && endpoint === "") fail(400, "endpoint is required to send logs");
  if (setting === "drop" && endpoint !== "") fail(400, "endpoint is not allowed when logs are dropped");
  const row = world.account.put(logStreamOverrides, {
    id,
    ownerId,
    setting,
    endpoint,
    token: readText(body, "token") ?? "",
  });
  return answer(200, viewOverride(row));
}

function deleteOverride(call: Call, world: World): Answer {
  removeLogStreamOverride(world, findResource(call, world).id);
  return noContent;
}

/** Removes the stream of a resource, also with the resource itself. */
export function removeLogStreamOverride(world: World, resourceId: string): void {
  world.account.remove(logStreamOverrides, resourceId);
}

function viewOverride({ id, setting, endpoint }: LogStreamOverride) {
  return { resourceId: id, setting, endpoint };
}

/** The resource that the path names. Services, databases with their replicas, and Key Value instances have streams. */
function findResource(call: Call, world: World): { readonly id: string; readonly ownerId: string } {
  const id = parameter(call, "resourceId");
  if (id.startsWith("dpg-")) return { id, ownerId: findPostgres(call, world, id).ownerId };
  return id.startsWith("red-")
    ? findReachable(call, world, keyValues, id)
    : findReachable(call, world, services, id);
}

/** Loads the log stream of the workspace from a file. */
export const logStreamLoader: Loader = {
  kind: "render/log-stream",
  load(desired, loading) {
    loading.ids.set(desired.address, loading.workspace.id);
  },
  wire({ spec }, loading) {
    loading.world.account.put(logStreams, {
      id: loading.workspace.id,
      preview: spec["preview"] === "drop" ? "drop" : "send",
      endpoint: textOf(spec["endpoint"], loading),
      token: textOf(spec["token"], loading),
    });
  },
};

/** Loads the `logStream` of a resource from a file; `null` and absent are none. */
export function loadLogStreamOverride(desired: Desired, resourceId: string, loading: Loading): void {
  const block: unknown = desired.spec["logStream"];
  if (!isObject(block)) return;
  loading.world.account.put(logStreamOverrides, {
    id: resourceId,
    ownerId: loading.workspace.id,
    setting: block["setting"] === "drop" ? "drop" : "send",
    endpoint: textOf(block["endpoint"], loading),
    token: textOf(block["token"], loading),
  });
}
