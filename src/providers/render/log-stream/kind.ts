import { budgets } from "../budgets.ts";
import { at, type MappingsOf } from "../mapping.ts";
import { makeWorkspaceStream } from "../workspace-stream.ts";
import { logStreamFields, logStreamShapes } from "./fields.ts";

/** Where the logs of a workspace are sent. What a single resource does differently is a field of that resource. */
export const logStream = makeWorkspaceStream({
  name: "render/log-stream",
  noun: "log stream",
  shapes: logStreamShapes,
  fields: logStreamFields,
  path: "/logs/streams/owner",
  budgets: budgets.log,
  mappings: { preview: at("preview"), endpoint: at("endpoint") } satisfies MappingsOf<typeof logStreamFields>,
  target: "endpoint",
  defaults: { preview: "send" },
});
