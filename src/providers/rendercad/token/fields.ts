import type { FieldTable, Shape } from "../../../core/model/field.ts";

/** How a RENDERCAD token stands in the file. */
export const tokenShapes: readonly Shape[] = [
  { name: "token", description: "RENDERCAD token", list: "rendercad.tokens", ours: true },
];

/** The fields of a RENDERCAD token. */
export const tokenFields = {
  scope: {
    description:
      "What the token may do. A change is a rotation: a new token, delivered, then the old one revoked.",
    schema: { type: "string", enum: ["read-only", "render-only", "full-access"], default: "full-access" },
    facet: "settings",
    onChange: "replace",
  },
  rotateEvery: {
    description: "Age at which a plan asks for a rotation, in days.",
    schema: { type: "string", pattern: "^[1-9][0-9]*d$", examples: ["90d"] },
    facet: "settings",
    onChange: "none",
    setting: true,
  },
  checks: {
    description: "What a rotation checks before it revokes the old token.",
    schema: {
      type: "object",
      properties: {
        render: { type: "boolean", default: false, description: "Whether a paid test render is made." },
      },
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "none",
    setting: true,
  },
} as const satisfies FieldTable;
