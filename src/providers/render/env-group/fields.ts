import { exclusiveField, secretFilesField, variablesField } from "../shared-fields.ts";
import type { FieldTable, Shape, Fault, Rule } from "../../../core/model/field.ts";
import { checkKeys } from "../variable-keys.ts";

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

/** Checks of an env group that its schema cannot make. */
export const envGroupRules: readonly Rule[] = [checkVariables, checkKeys];

/** Remarks on a group without `envVars`: Render's schema requires the key, but its documentation allows no variables, and real files leave it out. */
function checkVariables({ name, spec }: Parameters<Rule>[0]): readonly Fault[] {
  if (spec["envVars"] !== undefined || spec["secretFiles"] !== undefined) return [];
  return [
    {
      code: "null-list",
      severity: "warning",
      field: "name",
      message: `The env group ${name} has no \`envVars\`; it is taken as a group without variables.`,
      remedy: "Write `envVars: []` if that is meant.",
    },
  ];
}
