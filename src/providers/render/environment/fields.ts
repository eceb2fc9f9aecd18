import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { ipAllowList } from "../schemas.ts";

const enabled = { type: "string", enum: ["enabled", "disabled"], default: "disabled" };

/** How an environment stands in the file: in the block of its project. */
export const environmentShapes: readonly Shape[] = [
  {
    name: "environment",
    description: "environment of a project",
    list: "environments",
    inside: "render/project",
    holds: ["services", "databases", "envVarGroups"],
  },
];

/** The fields of an environment. */
export const environmentFields = {
  networking: {
    description: "Network of the environment.",
    schema: {
      type: "object",
      properties: {
        isolation: {
          ...enabled,
          description: "Whether private traffic from other environments is blocked. Pro workspace.",
        },
      },
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
  },
  permissions: {
    description: "Who may change the environment.",
    schema: {
      type: "object",
      properties: {
        protection: { ...enabled, description: "Whether only admins may make destructive changes." },
      },
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
  },
  ipAllowList: {
    description: "Addresses that may reach the environment's services.",
    schema: ipAllowList,
    facet: "settings",
    onChange: "update",
    ours: true,
  },
} as const satisfies FieldTable;
