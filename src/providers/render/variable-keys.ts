import { whereIn, type Desired } from "../../core/model/desired.ts";
import type { Rule } from "../../core/model/field.ts";
import { isObject } from "../../core/base/json.ts";
import type { Refusal } from "../../core/kind/refusal.ts";

/** Letters, digits, `_`, `-` and `.`, no digit first (documented). */
const keyPattern = /^[-._a-z][-._a-z0-9]*$/iu;
const remedy = "Use letters, digits and underscores, and no digit first.";

/** Keys that Render refuses, besides those that no file may have: with spaces or an equals sign. */
export const checkKeys: Rule = ({ name, spec }) => {
  const entries = Array.isArray(spec["envVars"]) ? spec["envVars"].filter(isObject) : [];
  const keys = entries.flatMap(({ key }) => (typeof key === "string" ? [key] : []));
  return keys
    .filter((key) => key !== "" && !/[\s=]/u.test(key) && !keyPattern.test(key))
    .map((key) => ({
      code: "name-not-allowed",
      severity: "warning",
      field: "envVars",
      message: `${JSON.stringify(key.slice(0, 80))} of ${name} cannot be the key of a variable: Render refuses it.`,
      remedy,
    }));
};

/** Keys of variables that Render refuses. */
export function refuseKeys(desired: Desired, keys: readonly string[]): readonly Refusal[] {
  return keys
    .filter((key) => !keyPattern.test(key))
    .map((key) => ({
      code: "variable-key",
      message: `${JSON.stringify(key.slice(0, 80))} of ${desired.address} cannot be the key of a variable.`,
      remedy,
      where: whereIn(desired, "envVars", key),
    }));
}
