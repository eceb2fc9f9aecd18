import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { isObject } from "../../src/core/base/json.ts";
import { sharedFolder } from "./shared-folder.ts";

/** Where an answer and Render's description of its API part. `at` is a place in the body, or `path` or `status`. */
export type Deviation = { readonly at: string; readonly message: string };

export type Described = {
  /** `path` without the query. A body of `undefined` or `null` with a described content is a deviation. */
  check(answer: { method: string; path: string; status: number; body: unknown }): readonly Deviation[];
};

type JsonMap = { readonly [key: string]: unknown };

/** Reads Render's description once; schemas are compiled when they are first needed. */
export function readDescription(): Described {
  const document: unknown = JSON.parse(
    readFileSync(join(sharedFolder(), "reference", "render-openapi.json"), "utf8"),
  );
  if (!isObject(document) || !isObject(document["paths"]))
    throw new Error("render-openapi.json has no paths");
  const description: JsonMap = document;
  const paths = Object.keys(document["paths"]);
  // Not strict: the description has keywords of OpenAPI between those of JSON Schema.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  for (const format of ["password", "binary", "int64", "float"]) ajv.addFormat(format, true);
  ajv.addSchema(description, "render");
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(pointer: readonly string[]): ValidateFunction {
    const address = `render#/${pointer.map(encodeStep).join("/")}`;
    const validate = compiled.get(address) ?? ajv.getSchema(address);
    if (!validate) throw new Error(`the description has nothing at ${address}`);
    compiled.set(address, validate);
    return validate;
  }

  return {
    check({ method, path, status, body }) {
      const template = matchTemplate(paths, path);
      if (template === undefined) return [{ at: "path", message: "not described" }];
      const operation = ["paths", template, method.toLowerCase()];
      if (!isObject(find(description, operation)))
        return [{ at: "path", message: `${method} not described` }];
      const response = resolve(description, [...operation, "responses", String(status)]);
      if (!response) return [{ at: "status", message: `${status} not described` }];
      const content = resolve(description, [...response, "content", "application/json", "schema"]);
      if (!content)
        return body === undefined || body === null ? [] : [{ at: "body", message: "no body described" }];
      const validate = validatorOf(content);
      const errors = validate(body) ? [] : withoutAmbiguity(validate.errors ?? []);
      return [
        ...errors.map((error) => ({
          at: placeOf(error.instancePath),
          message: error.message ?? error.keyword,
        })),
        ...findUnknown(description, { schema: find(description, content), value: body, at: "body" }),
      ];
    },
  };
}

/**
 * Alternatives of the description overlap (details of workers and private services): a value that fits more than one is as
 * good as one that fits one. The errors of the alternatives that it does not fit then say nothing either.
 */
function withoutAmbiguity(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const ambiguous = errors.filter(
    (error) => error.keyword === "oneOf" && Array.isArray(error.params["passingSchemas"]),
  );
  return errors.filter(
    (error) => !ambiguous.some((outer) => error.instancePath.startsWith(outer.instancePath)),
  );
}

/** The path of the description that fits: one with a literal segment before one with a parameter. */
function matchTemplate(templates: readonly string[], path: string): string | undefined {
  const segments = path.split("/");
  return templates
    .filter((template) => {
      const parts = template.split("/");
      return (
        parts.length === segments.length &&
        parts.every((part, index) => part.startsWith("{") || part === segments[index])
      );
    })
    .sort((a, b) => a.split("{").length - b.split("{").length)[0];
}

function find(document: JsonMap, pointer: readonly string[]): unknown {
  let value: unknown = document;
  for (const step of pointer)
    value = Array.isArray(value) ? value[Number(step)] : isObject(value) ? value[step] : undefined;
  return value;
}

/** The pointer with every reference on the way followed; `undefined` when there is nothing. */
function resolve(document: JsonMap, pointer: readonly string[]): readonly string[] | undefined {
  let reached: readonly string[] = [];
  for (const step of pointer) {
    reached = [...reached, step];
    const value = find(document, reached);
    if (value === undefined) return undefined;
    if (isObject(value) && typeof value["$ref"] === "string") reached = pointerOf(value["$ref"]);
  }
  return reached;
}

function pointerOf(reference: string): readonly string[] {
  return reference
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function encodeStep(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function placeOf(instancePath: string): string {
  return `body${instancePath.replaceAll(/\/\d+(?=\/|$)/g, "[]").replaceAll("/", ".")}`;
}

type Spot = { readonly schema: unknown; readonly value: unknown; readonly at: string };

/** Fields that no schema of the place names. The description forbids none, so this is how a made-up one shows. */
function findUnknown(document: JsonMap, spot: Spot): readonly Deviation[] {
  const shapes = shapesOf(document, spot.schema);
  if (Array.isArray(spot.value)) {
    const schema = {
      anyOf: shapes.flatMap((shape) => (shape["items"] === undefined ? [] : [shape["items"]])),
    };
    return spot.value.flatMap((value: unknown) =>
      findUnknown(document, { schema, value, at: `${spot.at}[]` }),
    );
  }
  if (!isObject(spot.value)) return [];
  const isOpen = shapes.some(
    (shape) => shape["additionalProperties"] !== undefined || shape["properties"] === undefined,
  );
  return Object.entries(spot.value).flatMap(([field, value]) => {
    const at = `${spot.at}.${field}`;
    const known = shapes.flatMap((shape) => {
      const properties = shape["properties"];
      return isObject(properties) && field in properties ? [properties[field]] : [];
    });
    if (known.length === 0) return isOpen ? [] : [{ at, message: "unknown field" }];
    return findUnknown(document, { schema: { anyOf: known }, value, at });
  });
}

/** The object and array schemas that a schema may stand for, references and combinations resolved. */
function shapesOf(document: JsonMap, schema: unknown): readonly JsonMap[] {
  if (!isObject(schema)) return [];
  if (typeof schema["$ref"] === "string")
    return shapesOf(document, find(document, resolve(document, pointerOf(schema["$ref"])) ?? []));
  const parts = ["allOf", "oneOf", "anyOf"].flatMap((keyword) =>
    Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [],
  );
  return parts.length > 0 ? parts.flatMap((part) => shapesOf(document, part)) : [schema];
}
