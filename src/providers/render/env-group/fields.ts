import type { FieldTable, Shape } from "../../../core/model/field.ts";

export const envGroupShapes: readonly Shape[] = [
  { name: "env-group", description: "environment group", list: "envVarGroups" },
];

export const envGroupFields = {
  envVars: {
    description: "Variables of the group. References to other resources are not possible here.",
    schema: { type: "array", items: { $ref: "#/$defs/groupEnvVar" } },
    facet: "envVars",
    onChange: "update",
    entries: { key: ["key"] },
    value: true,
    deploys: true,
  },
  envVarsExclusive: {
    description: "Deletes variables that the file never declared.",
    schema: { type: "boolean", default: false },
    facet: "envVars",
    onChange: "none",
    exclusiveOf: "envVars",
    ours: true,
  },
  secretFiles: {
    description: "Secret files of the group.",
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
    schema: { type: "boolean", default: false },
    facet: "secretFiles",
    onChange: "none",
    exclusiveOf: "secretFiles",
    ours: true,
  },
} as const satisfies FieldTable;
