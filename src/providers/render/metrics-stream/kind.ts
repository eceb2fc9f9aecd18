import { budgets } from "../budgets.ts";
import { at, type MappingsOf } from "../mapping.ts";
import { makeWorkspaceStream } from "../workspace-stream.ts";
import { metricsStreamFields, metricsStreamShapes } from "./fields.ts";

/** Where the metrics of a workspace are sent. */
export const metricsStream = makeWorkspaceStream({
  name: "render/metrics-stream",
  noun: "metrics stream",
  shapes: metricsStreamShapes,
  fields: metricsStreamFields,
  path: "/metrics-stream",
  budgets: budgets.write,
  mappings: { provider: at("provider"), url: at("url") } satisfies MappingsOf<typeof metricsStreamFields>,
  target: "provider",
  defaults: { url: "" },
});
