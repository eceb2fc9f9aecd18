import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { webhookEvents } from "./events.ts";

/** How a webhook stands in the file. */
export const webhookShapes: readonly Shape[] = [
  { name: "webhook", description: "webhook", list: "webhooks", ours: true },
];

/** The fields of a webhook. */
export const webhookFields = {
  url: {
    description: "Where events are sent.",
    schema: { type: "string", format: "uri", pattern: "^https?://" },
    facet: "settings",
    onChange: "update",
    required: ["webhook"],
  },
  enabled: {
    description: "Whether events are sent.",
    schema: { type: "boolean", default: true },
    facet: "settings",
    onChange: "update",
  },
  events: {
    description: "Types of events to send; an empty list sends all.",
    schema: {
      type: "array",
      items: { type: "string", enum: webhookEvents },
      default: [],
    },
    facet: "settings",
    onChange: "update",
  },
} as const satisfies FieldTable;
