import type { FieldTable, JsonSchema } from "../../../../core/model/field.ts";
import { logStreamOverride, text } from "../../schemas.ts";

const ours: JsonSchema = { type: "boolean", default: false };

/** Lists that are owned entry by entry, and settings that stand beside the service in the API. */
export const serviceEntryFields = {
  envVars: {
    description: "Environment variables and links to environment groups.",
    schema: { type: "array", items: { $ref: "#/$defs/envVar" } },
    facet: "envVars",
    onChange: "update",
    entries: { key: ["key"] },
    value: true,
    deploys: true,
  },
  envVarsExclusive: {
    description: "Deletes variables that the file never declared.",
    schema: ours,
    facet: "envVars",
    onChange: "none",
    exclusiveOf: "envVars",
    ours: true,
  },
  groupLinks: {
    description: "Linked environment groups: the `fromGroup` entries of `envVars`.",
    schema: { type: "object" },
    facet: "groupLinks",
    onChange: "update",
    entries: { key: ["fromGroup"] },
    derived: true,
    deploys: true,
  },
  secretFiles: {
    description: "Files with secrets, placed under /etc/secrets.",
    schema: { type: "array", items: { $ref: "#/$defs/secretFile" } },
    facet: "secretFiles",
    onChange: "update",
    entries: { key: ["name"] },
    value: true,
    deploys: true,
    ours: true,
  },
  secretFilesExclusive: {
    description: "Deletes secret files that the file never declared.",
    schema: ours,
    facet: "secretFiles",
    onChange: "none",
    exclusiveOf: "secretFiles",
    ours: true,
  },
  headers: {
    description: "Response headers of a static site, by path glob and header name.",
    schema: {
      type: "array",
      items: {
        type: "object",
        properties: {
          path: { ...text, description: "Glob of paths.", examples: ["/*"] },
          name: { ...text, description: "Name of the header." },
          value: { type: "string", description: "Value of the header." },
        },
        required: ["path", "name", "value"],
        additionalProperties: false,
      },
    },
    facet: "headers",
    onChange: "update",
    shapes: ["static"],
    entries: { key: ["path", "name"] },
    value: true,
  },
  headersExclusive: {
    description: "Deletes headers that the file never declared.",
    schema: ours,
    facet: "headers",
    onChange: "none",
    shapes: ["static"],
    exclusiveOf: "headers",
    ours: true,
  },
  routes: {
    description: "Redirects (301) and rewrites of a static site, in the order they are tried.",
    schema: {
      type: "array",
      items: {
        type: "object",
        properties: {
          type: { type: "string", enum: ["redirect", "rewrite"], description: "What a match does." },
          source: { ...text, description: "Path pattern to match.", examples: ["/*"] },
          destination: { ...text, description: "Path or URL to go to.", examples: ["/index.html"] },
        },
        required: ["type", "source", "destination"],
        additionalProperties: false,
      },
    },
    facet: "routes",
    onChange: "update",
    shapes: ["static"],
    entries: { key: ["type", "source"], ordered: true },
  },
  routesExclusive: {
    description: "Deletes routes that the file never declared.",
    schema: ours,
    facet: "routes",
    onChange: "none",
    shapes: ["static"],
    exclusiveOf: "routes",
    ours: true,
  },
  domainsExclusive: {
    description: "Deletes custom domains that the file never declared.",
    schema: ours,
    facet: "domains",
    onChange: "none",
    shapes: ["web", "static"],
    exclusiveOf: "domains",
    ours: true,
  },
  notifications: {
    description: "Which of the service's events are sent, instead of the workspace's choice.",
    schema: {
      type: "object",
      properties: {
        send: {
          type: "string",
          enum: ["default", "all", "failure", "none"],
          default: "default",
          description: "Which deploy events are sent.",
        },
        previews: {
          enum: ["default", true, false],
          default: "default",
          description: "Whether previews send as well.",
        },
      },
      additionalProperties: false,
    },
    facet: "notifications",
    onChange: "update",
    ours: true,
  },
  logStream: {
    description: "Sends this service's logs elsewhere, or keeps them out of the workspace's stream.",
    schema: logStreamOverride,
    facet: "logStream",
    onChange: "update",
    valueMembers: ["token"],
    ours: true,
  },
} as const satisfies FieldTable;
