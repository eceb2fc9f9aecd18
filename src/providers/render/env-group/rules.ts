import type { Fault, Rule } from "../../../core/model/field.ts";
import { checkKeys } from "../variable-keys.ts";

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
