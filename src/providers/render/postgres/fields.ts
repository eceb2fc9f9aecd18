import type { FieldTable, JsonSchema, Shape } from "../../../core/model/field.ts";
import { normalPostgresPlan, postgresPlans } from "../plans.ts";
import { logStreamField, suspendedField } from "../shared-fields.ts";
import { ipAllowList, region, text } from "../schemas.ts";

const parameters: JsonSchema = {
  type: "object",
  additionalProperties: { type: "string" },
  examples: [{ work_mem: "8MB" }],
};

/** How a database stands in the file. */
export const postgresShapes: readonly Shape[] = [
  { name: "postgres", description: "Postgres database", list: "databases" },
];

/** The fields of a database. */
export const postgresFields = {
  plan: {
    description: "Size of the instance. Names of before 2024 (`starter` ...) can exist but not be created.",
    schema: { type: "string", enum: postgresPlans },
    loose: { retired: [] },
    facet: "settings",
    onChange: "update",
    normal: normalPostgresPlan,
  },
  // Render appends four characters to the name that was asked for, always (recorded: postgres).
  databaseName: {
    description: "Name of the database inside the instance; Render may add a suffix. Only at creation.",
    schema: text,
    facet: "settings",
    onChange: "replace",
  },
  user: {
    description: "Name of the database user. Only at creation.",
    schema: text,
    facet: "settings",
    onChange: "replace",
  },
  region: {
    description: "Where the database runs. Only at creation.",
    schema: region,
    facet: "settings",
    onChange: "replace",
  },
  postgresMajorVersion: {
    description: "Major version of PostgreSQL, quoted. Only at creation; the newest when absent.",
    schema: { type: "string", enum: ["10", "11", "12", "13", "14", "15", "16", "17", "18"] },
    facet: "settings",
    onChange: "replace",
  },
  diskSizeGB: {
    description: "Disk size in GB: 1 or a multiple of 5, or what the database has already. Grows only.",
    schema: { type: "integer", minimum: 1 },
    facet: "settings",
    onChange: "grow",
  },
  storageAutoscalingEnabled: {
    description: "Whether Render grows the disk when it fills up.",
    schema: { type: "boolean", default: false },
    facet: "settings",
    onChange: "update",
  },
  connectionPool: {
    description: "Connection pool in front of the database. Paid plans; a change restarts the database.",
    schema: { type: "string", enum: ["pgbouncer", "none"], default: "none" },
    facet: "settings",
    onChange: "update",
  },
  ipAllowList: {
    description:
      "Addresses that may connect from outside; with `[]` none may; absent: trueup leaves the list alone.",
    schema: ipAllowList,
    facet: "settings",
    onChange: "update",
  },
  highAvailability: {
    description: "Standby that takes over. Pro workspace, pro or accelerated plan, PostgreSQL 13 or newer.",
    schema: {
      type: "object",
      properties: {
        enabled: { type: "boolean", default: false, description: "Whether there is a standby." },
      },
      required: ["enabled"],
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "update",
  },
  readReplicas: {
    description:
      "Read replicas by name, at most 5. Absent keeps them; a replica that is not listed is destroyed.",
    schema: {
      type: "array",
      default: [],
      maxItems: 5,
      items: {
        type: "object",
        properties: {
          name: { ...text, description: "Name of the replica; `fromDatabase` can use it." },
          parameterOverrides: {
            ...parameters,
            description: "Parameters of this replica.",
          },
        },
        required: ["name"],
        additionalProperties: false,
      },
    },
    facet: "settings",
    onChange: "update",
    destroys: true,
  },
  parameterOverrides: {
    description: "PostgreSQL parameters, all as text; `{}` clears them.",
    schema: { ...parameters, default: {} },
    facet: "parameterOverrides",
    onChange: "update",
    ours: true,
  },
  users: {
    description: "Further database users, by name.",
    schema: { type: "array", items: text },
    facet: "users",
    onChange: "update",
    entries: { key: [], cameWith: "ownUsers" },
    ours: true,
  },
  suspended: suspendedField("database"),
  logStream: logStreamField("database"),
  previewPlan: {
    description: "Plan in preview environments. No API has it: read, and left to Blueprints.",
    schema: { type: "string", enum: postgresPlans },
    loose: { retired: [] },
    facet: "settings",
    onChange: "none",
    noApi: "previews of databases have no API",
  },
  previewDiskSizeGB: {
    description: "Disk size in preview environments. No API has it: read, and left to Blueprints.",
    schema: { type: "integer", minimum: 1 },
    facet: "settings",
    onChange: "none",
    noApi: "previews of databases have no API",
  },
} as const satisfies FieldTable;
