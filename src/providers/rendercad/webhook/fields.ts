import type { FieldTable, Shape } from "../../../core/model/field.ts";

/** How a RENDERCAD webhook stands in the file. */
export const rendercadWebhookShapes: readonly Shape[] = [
  { name: "rendercad-webhook", description: "RENDERCAD webhook", list: "rendercad.webhooks", ours: true },
];

/** The fields of a RENDERCAD webhook. The API cannot change one, so each difference is a replacement with a new secret (documented). */
export const rendercadWebhookFields = {
  url: {
    description: "Where events are sent; https only.",
    schema: { type: "string", format: "uri", pattern: "^https://" },
    facet: "settings",
    onChange: "replace",
    required: ["rendercad-webhook"],
  },
  events: {
    description: "Events to send.",
    schema: {
      type: "array",
      minItems: 1,
      items: {
        type: "string",
        enum: ["render.completed", "render.failed", "video.completed", "video.failed", "credits.exhausted"],
      },
    },
    facet: "settings",
    onChange: "replace",
    required: ["rendercad-webhook"],
  },
} as const satisfies FieldTable;
