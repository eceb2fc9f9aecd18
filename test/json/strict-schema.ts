import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isObject, type JsonObject } from "../../src/core/base/json.ts";

/** A schema that allows no member which it does not name: published ones do, since later versions may add some. */
export function compileStrictly(schema: JsonObject): ValidateFunction {
  const ajv = new Ajv2020.default({ strict: true, allErrors: true, strictTypes: false });
  addFormats.default(ajv);
  return ajv.compile(closed(schema, true) as JsonObject);
}

/** As `compileStrictly`, for the documents of one kind alone: its errors are about that and not about all others. */
export function compileKind(schema: JsonObject, kind: string): ValidateFunction {
  const { oneOf: _kinds, required: _required, ...rest } = schema;
  return compileStrictly({ ...rest, $ref: `#/$defs/${kind}` });
}

function closed(value: unknown, isRoot = false): unknown {
  if (Array.isArray(value)) return value.map((item) => closed(item));
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]));
  return isObject(value["properties"]) && !isRoot ? { ...inner, additionalProperties: false } : inner;
}
