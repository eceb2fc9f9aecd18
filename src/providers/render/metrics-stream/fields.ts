import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { text } from "../schemas.ts";

/** How the metrics stream of the workspace stands in the file. */
export const metricsStreamShapes: readonly Shape[] = [
  {
    name: "metrics-stream",
    description: "metrics stream of the workspace",
    list: "metricsStream",
    ours: true,
    single: "workspace",
  },
];

/** The fields of the metrics stream of the workspace. */
export const metricsStreamFields = {
  provider: {
    description: "Who receives the metrics.",
    schema: {
      type: "string",
      enum: [
        "BETTER_STACK",
        "GRAFANA",
        "DATADOG",
        "NEW_RELIC",
        "HONEYCOMB",
        "SIGNOZ",
        "GROUNDCOVER",
        "LOGFIRE",
        "CUSTOM",
      ],
    },
    loose: { retired: [] },
    facet: "settings",
    onChange: "update",
    required: ["metrics-stream"],
  },
  url: {
    description: "Where metrics are sent; needed by providers without a fixed address.",
    schema: text,
    facet: "settings",
    onChange: "update",
  },
  token: {
    description: "Token for the provider, as a value source. No API ever shows it again.",
    schema: { $ref: "#/$defs/valueSource" },
    facet: "settings",
    onChange: "update",
    value: true,
  },
} as const satisfies FieldTable;
