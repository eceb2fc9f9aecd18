import { exclusiveField, secretFilesField, variablesField } from "../shared-fields.ts";
import type { FieldTable, Shape } from "../../../core/model/field.ts";

/** How an env group stands in the file. */
export const envGroupShapes: readonly Shape[] = [
  { name: "env-group", description: "env group", list: "envVarGroups" },
];

/** The fields of an env group. */
export const envGroupFields = {
  envVars: variablesField(
    "groupEnvVar",
    "Variables of the group. References to other resources are not possible here.",
  ),
  envVarsExclusive: exclusiveField("envVars", "variables"),
  secretFiles: secretFilesField("Secret files of the group."),
  secretFilesExclusive: exclusiveField("secretFiles", "secret files"),
} as const satisfies FieldTable;
