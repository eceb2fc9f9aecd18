import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { region, text } from "../schemas.ts";

/** How a set of dedicated IP addresses stands in the file. */
export const dedicatedIpShapes: readonly Shape[] = [
  { name: "dedicated-ip", description: "dedicated IP set", list: "dedicatedIps", ours: true },
];

/** The fields of a set of dedicated IP addresses. */
export const dedicatedIpFields = {
  region: {
    description: "Region whose outgoing traffic uses the addresses. Only at creation.",
    schema: region,
    facet: "settings",
    onChange: "replace",
    required: ["dedicated-ip"],
  },
  description: {
    description: "A note for people.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
  },
  environments: {
    description:
      "Environments that use the addresses, as `project/environment`; empty is the whole workspace.",
    schema: { type: "array", items: { ...text, pattern: "^[^/]+/[^/]+$" }, default: [] },
    facet: "settings",
    onChange: "update",
    refersTo: "render/environment",
  },
} as const satisfies FieldTable;
