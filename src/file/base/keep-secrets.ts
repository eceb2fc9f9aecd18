import type { DesiredState, SpecValue } from "../../core/model/desired.ts";
import type { Inventory } from "../../core/model/inventory.ts";
import { isObject } from "../../core/base/json.ts";
import { Secret } from "../../core/base/secret.ts";
import type { Value } from "../../core/model/value.ts";
import { findSecrecy, makeSecrecy } from "./secrecy.ts";

/**
 * Keeps secret what was secret when the file was last applied to the end. An edit of `settings.publicKeys` or
 * `settings.secretKeys` would otherwise show a value in the very plan that is to be reviewed. So a new glob in
 * `publicKeys`, or one that is gone from `secretKeys`, counts from the next apply on. A file that had no `publicKeys`
 * counts as having none, which is the stricter reading.
 */
export function keepSecrets(state: DesiredState, { guards: noted, resources }: Inventory): DesiredState {
  if (noted === undefined && Object.keys(resources).length === 0) return state;
  const { guards: said = {} } = state.settings;
  const publicKeys = noted?.publicKeys ?? (noted === undefined ? (said.publicKeys ?? []) : []);
  const secrecy = makeSecrecy([...(said.secretKeys ?? []), ...(noted?.secretKeys ?? [])], publicKeys);
  const keep = (key: string, value: SpecValue): SpecValue =>
    isPublicLiteral(value) && findSecrecy(key, value.text, secrecy) !== undefined
      ? { from: "secret-literal", secret: new Secret(value.text) }
      : value;
  const keepField = (name: string, value: SpecValue): SpecValue => {
    if (!isObject(value) || value instanceof Secret || typeof value["from"] === "string")
      return keep(name, value);
    const entries = Object.entries(value as { readonly [entry: string]: SpecValue });
    return Object.fromEntries(entries.map(([entry, item]) => [entry, keep(entry, item)])) as SpecValue;
  };
  return {
    ...state,
    resources: state.resources.map((one) => ({
      ...one,
      spec: Object.fromEntries(
        Object.entries(one.spec).map(([name, value]) => [name, keepField(name, value)]),
      ),
    })),
  };
}

function isPublicLiteral(value: SpecValue): value is Extract<Value, { from: "literal" }> {
  return isObject(value) && value["from"] === "literal" && typeof value["text"] === "string";
}
