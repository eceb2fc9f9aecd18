import type { FieldTable } from "../../../../core/model/field.ts";
import { suspendedField } from "../../shared-fields.ts";
import { count, ipAllowList, text } from "../../schemas.ts";

const server = ["web", "pserv", "worker"];
const published = ["web", "static"];

/** Fields that say how the built service runs and who can reach it. */
export const serviceRunFields = {
  schedule: {
    description: "Cron expression with five fields, in UTC.",
    schema: { type: "string", minLength: 1, examples: ["0 3 * * *"] },
    facet: "settings",
    onChange: "update",
    shapes: ["cron"],
    required: ["cron"],
  },
  healthCheckPath: {
    description: "Path that must answer before a deploy goes live; starts with a slash. Web services only.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    shapes: ["web"],
    deploys: true,
  },
  maxShutdownDelaySeconds: {
    description: "Seconds between SIGTERM and SIGKILL; 30 when absent.",
    schema: { type: "integer", minimum: 1, maximum: 300, default: 30 },
    facet: "settings",
    onChange: "update",
    shapes: server,
    deploys: true,
  },
  maintenanceMode: {
    description: "Answers every request with a maintenance page. Paid web services only.",
    schema: {
      type: "object",
      properties: {
        enabled: {
          type: "boolean",
          default: false,
          description: "Whether visitors see the maintenance page.",
        },
        uri: { type: "string", format: "uri", description: "Absolute URL of a page of your own." },
      },
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
    shapes: ["web"],
  },
  renderSubdomainPolicy: {
    description: "`disabled` closes the onrender.com address; needs a custom domain.",
    schema: { type: "string", enum: ["enabled", "disabled"], default: "enabled" },
    facet: "settings",
    onChange: "update",
    shapes: published,
  },
  ipAllowList: {
    description:
      "Addresses that may reach the service; with `[]` none may; absent: trueup leaves the list alone. Scale or Enterprise workspaces.",
    // The list of a service that was never given one (recorded: web service).
    schema: { ...ipAllowList, default: [{ source: "0.0.0.0/0", description: "everywhere" }] },
    facet: "settings",
    onChange: "update",
    shapes: published,
  },
  cache: {
    description: "Edge cache of a web service.",
    schema: {
      type: "object",
      properties: {
        profile: {
          type: "string",
          enum: ["no-cache", "origin-controlled", "origin-controlled-all"],
          description: "What the edge cache may keep.",
        },
      },
      required: ["profile"],
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
    shapes: ["web"],
    ours: true,
  },
  previews: {
    description:
      "Service previews of pull requests. Only `generation` has an API; the rest is left to Blueprints.",
    schema: {
      type: "object",
      properties: {
        generation: {
          type: "string",
          enum: ["automatic", "manual", "off"],
          default: "off",
          description: "When a preview of this service is made.",
        },
        plan: { ...text, description: "Plan of a preview instance. No API has it." },
        numInstances: { ...count, description: "Instances of a preview. No API has it." },
      },
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
    shapes: [...server, "static"],
    noApiMembers: ["plan", "numInstances"],
  },
  staticPublishPath: {
    description: "Folder, from the repository's root, that a static site publishes.",
    schema: { type: "string" },
    facet: "settings",
    onChange: "update",
    shapes: ["static"],
    deploys: true,
  },
  numInstances: {
    description: "Number of instances; ignored while `scaling` is set.",
    schema: { ...count, maximum: 100, default: 1 },
    facet: "scale",
    onChange: "update",
    shapes: server,
  },
  scaling: {
    description: "Autoscaling. Needs a Pro workspace, at least one target, and no disk; null turns it off.",
    schema: {
      type: "object",
      properties: {
        minInstances: { ...count, description: "Fewest instances." },
        maxInstances: { ...count, description: "Most instances." },
        targetCPUPercent: { ...count, maximum: 90, description: "CPU use to keep, in percent." },
        targetMemoryPercent: { ...count, maximum: 90, description: "Memory use to keep, in percent." },
      },
      additionalProperties: false,
    },
    facet: "autoscaling",
    onChange: "update",
    shapes: server,
  },
  suspended: suspendedField("service"),
} as const satisfies FieldTable;
