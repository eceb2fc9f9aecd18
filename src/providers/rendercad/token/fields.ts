import type { FieldTable, Shape, Rule } from "../../../core/model/field.ts";
import { isObject } from "../../../core/base/json.ts";

/** How a RENDERCAD token stands in the file. */
export const tokenShapes: readonly Shape[] = [
  { name: "token", description: "RENDERCAD token", list: "rendercad.tokens", ours: true },
];

/** The fields of a RENDERCAD token. */
export const tokenFields = {
  scope: {
    description:
      "What the token may do. A change is a rotation: a new token, delivered, then the old one revoked.",
    schema: { type: "string", enum: ["read-only", "render-only", "full-access"], default: "full-access" },
    facet: "settings",
    onChange: "replace",
  },
  rotateEvery: {
    description: "Age at which a plan asks for a rotation, in days.",
    schema: { type: "string", pattern: "^[1-9][0-9]*d$", examples: ["90d"] },
    facet: "settings",
    onChange: "none",
    setting: true,
  },
  checks: {
    description: "What a rotation checks before it revokes the old token.",
    schema: {
      type: "object",
      properties: {
        render: { type: "boolean", default: false, description: "Whether a paid test render is made." },
      },
      additionalProperties: false,
    },
    facet: "settings",
    onChange: "none",
    setting: true,
  },
} as const satisfies FieldTable;

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
