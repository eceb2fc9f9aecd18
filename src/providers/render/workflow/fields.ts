import type { FieldTable, Shape } from "../../../core/model/field.ts";
import { buildFilter, region, text } from "../schemas.ts";

/** How a workflow stands in the file. */
export const workflowShapes: readonly Shape[] = [
  { name: "workflow", description: "workflow", list: "services", when: { type: ["workflow"] } },
];

const command = { type: "string" };

/**
 * The fields of a workflow. They are known so that a file with workflows can be read; none has calls, because
 * workflows are not managed.
 */
export const workflowFields = {
  runtime: {
    description: "What runs the workflow.",
    schema: { type: "string", enum: ["node", "python"] },
    facet: "settings",
    onChange: "update",
    required: ["workflow"],
  },
  region: {
    description: "Where the workflow runs.",
    schema: region,
    facet: "settings",
    onChange: "replace",
    required: ["workflow"],
  },
  startCommand: {
    description: "Command that starts the workflow.",
    schema: command,
    facet: "settings",
    onChange: "update",
    required: ["workflow"],
  },
  buildCommand: {
    description: "Command that builds it.",
    schema: command,
    facet: "settings",
    onChange: "update",
  },
  repo: { description: "URL of the Git repository.", schema: text, facet: "settings", onChange: "update" },
  branch: { description: "Branch that is built.", schema: text, facet: "settings", onChange: "update" },
  rootDir: {
    description: "Folder that commands run in.",
    schema: command,
    facet: "settings",
    onChange: "update",
  },
  buildFilter: {
    description: "Globs that decide which changes start a build.",
    schema: buildFilter,
    facet: "settings",
    onChange: "update",
  },
  autoDeployTrigger: {
    description: "What starts a deploy.",
    schema: { type: "string", enum: ["commit", "checksPass", "off"] },
    facet: "settings",
    onChange: "update",
  },
  envVars: {
    description: "Environment variables and links to env groups.",
    schema: { type: "array", items: { $ref: "#/$defs/envVar" } },
    facet: "envVars",
    onChange: "update",
    entries: { key: ["key"] },
    value: true,
  },
} as const satisfies FieldTable;
