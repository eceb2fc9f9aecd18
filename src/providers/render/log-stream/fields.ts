import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { text } from "../schemas.ts";

/** How the log stream of the workspace stands in the file. */
export const logStreamShapes: readonly Shape[] = [
  {
    name: "log-stream",
    description: "log stream of the workspace",
    list: "logStream",
    ours: true,
    single: "workspace",
  },
];

/** The fields of the log stream of the workspace. */
export const logStreamFields = {
  preview: {
    description: "Whether previews send their logs as well.",
    schema: { type: "string", enum: ["send", "drop"], default: "send" },
    facet: "settings",
    onChange: "update",
  },
  endpoint: {
    description: "Host and port that receive the logs.",
    schema: text,
    facet: "settings",
    onChange: "update",
    required: ["log-stream"],
  },
  token: {
    description: "Token for the receiver, as a value source. No API ever shows it again.",
    schema: { $ref: "#/$defs/valueSource" },
    facet: "settings",
    onChange: "update",
    value: true,
  },
} as const satisfies FieldTable;
