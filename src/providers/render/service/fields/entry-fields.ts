import type { FieldTable } from "../../../../core/model/field.ts";
import { exclusiveField, logStreamField, secretFilesField, variablesField } from "../../shared-fields.ts";
import { text } from "../../schemas.ts";

/** Fields that are lists whose entries are owned one by one, and settings that the API keeps beside the service. */
export const serviceEntryFields = {
  envVars: variablesField("envVar", "Environment variables and links to env groups."),
  envVarsExclusive: exclusiveField("envVars", "variables"),
  groupLinks: {
    description: "Linked env groups: the `fromGroup` entries of `envVars`.",
    schema: { type: "object" },
    facet: "groupLinks",
    onChange: "update",
    entries: { key: ["fromGroup"] },
    derived: true,
    deploys: true,
  },
  secretFiles: secretFilesField("Files with secrets, placed under /etc/secrets."),
  secretFilesExclusive: exclusiveField("secretFiles", "secret files"),
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
    addressMember: "value",
  },
  headersExclusive: { ...exclusiveField("headers", "headers"), shapes: ["static"] },
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
    addressMember: "destination",
  },
  routesExclusive: { ...exclusiveField("routes", "routes"), shapes: ["static"] },
  domainsExclusive: { ...exclusiveField("domains", "custom domains"), shapes: ["web", "static"] },
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
  logStream: logStreamField("service"),
} as const satisfies FieldTable;
