import { whereIn, type Desired } from "../../core/model/desired.ts";
import type { Rule } from "../../core/model/field.ts";
import { isObject } from "../../core/base/json.ts";
import type { Refusal } from "../../core/kind/refusal.ts";

/** The keys that a variable may have: letters, digits, `_`, `-` and `.`, and no digit first (documented). */
const keyPattern = /^[-._a-z][-._a-z0-9]*$/iu;
const remedy = "Use letters, digits and underscores, and no digit first.";

/** Warns in a file of keys that Render refuses. Empty keys, and keys with spaces or `=`, are errors of the file format already. */
export const checkKeys: Rule = ({ name, spec }) => {
  const entries = Array.isArray(spec["envVars"]) ? spec["envVars"].filter(isObject) : [];
  const keys = entries.flatMap(({ key }) => (typeof key === "string" ? [key] : []));
  return keys
    .filter((key) => key !== "" && !/[\s=]/u.test(key) && !keyPattern.test(key))
    .map((key) => ({
      code: "name-not-allowed",
      severity: "warning",
      field: "envVars",
      entry: key,
      message: `${JSON.stringify(key.slice(0, 80))} of ${name} cannot be the key of a variable: Render refuses it.`,
      remedy,
    }));
};

/** Refuses a plan that would write a variable with a key that Render does not accept. */
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
