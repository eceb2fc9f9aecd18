import type { Rule } from "../../../core/model/field.ts";
import { isObject } from "../../../core/base/json.ts";

/** The longest name of a token ("max 100 chars", documented). */
const longestName = 100;

const limitName: Rule = ({ name }) =>
  name.length <= longestName
    ? []
    : [
        {
          code: "name-too-long",
          severity: "error",
          field: "name",
          message: `The name of a RENDERCAD token has ${name.length} characters; it can have ${longestName}.`,
          remedy: "Choose a shorter name.",
        },
      ];

/**
 * Checks that a token which is proven by a test render has the scope for it: the render is submitted with the new
 * token itself, which takes render-only or full-access (documented).
 */
const limitChecks: Rule = ({ spec }) => {
  const { checks, scope } = spec;
  if (scope !== "read-only" || !isObject(checks) || checks["render"] !== true) return [];
  return [
    {
      code: "check-needs-scope",
      severity: "error",
      field: "checks",
      message: "checks.render renders with the token itself, which a read-only one may not.",
      remedy: "Give it scope: render-only, or leave checks.render out: that it is known is checked anyway.",
    },
  ];
};

/** Checks of a token that its schema cannot make. */
export const tokenRules: readonly Rule[] = [limitName, limitChecks];
