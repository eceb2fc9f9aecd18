import type { Field, JsonSchema, Shape } from "../../core/model/field.ts";
import { isObject } from "../../core/base/json.ts";
import type { KindShape } from "./shape.ts";

/** The schema of a field in one shape. */
export function schemaOfField(field: Field, shape: string): JsonSchema {
  return field.schemaOf?.[shape] ?? field.schema;
}

/** Retired names are accepted, with a warning that the spelling gave. */
function withRetired(schema: JsonSchema, field: Field): JsonSchema {
  const allowed = schema["enum"];
  const retired = field.loose?.retired ?? [];
  return Array.isArray(allowed) && retired.length > 0
    ? { ...schema, enum: [...allowed, ...retired] }
    : schema;
}

export function hasField(field: Field, shape: string): boolean {
  return field.shapes === undefined || field.shapes.includes(shape);
}

export function isRequired(field: Field, shape: string): boolean {
  return field.required?.includes(shape) ?? false;
}

/** Keys of the file that a shape may have, those of its kind's table. */
export function fieldsOf({ kind, shape }: KindShape): readonly (readonly [string, Field])[] {
  return Object.entries(kind.fields).filter(([, field]) => !field.derived && hasField(field, shape.name));
}

const required = new WeakMap<Shape, ReturnType<typeof fieldsOf>>();

/** Keys that a block of this shape has to have. They follow from the kind's table, so that many blocks ask once. */
export function requiredFields(kindShape: KindShape): ReturnType<typeof fieldsOf> {
  const { shape } = kindShape;
  const known =
    required.get(shape) ?? fieldsOf(kindShape).filter(([, field]) => isRequired(field, shape.name));
  required.set(shape, known);
  return known;
}

/**
 * How one key of a block is checked: an object schema of that key alone, and a name for it, which shapes share unless one
 * of them allows something narrower. Values, entries with values and blocks inside are read by hand, because their messages
 * are about what is meant by them; inside the schema they pass.
 */
export function checkOf(
  key: string,
  { kind, shape }: KindShape,
): { readonly id: string; readonly makeSchema: () => JsonSchema } {
  const field = kind.fields[key];
  if (!field) throw new Error(`no field ${key} of ${kind.name}`);
  return {
    id: field.schemaOf?.[shape.name] ? `${shape.name} ${key}` : `${kind.name} ${key}`,
    makeSchema: () => ({
      type: "object",
      properties: { [key]: withoutReferences(withRetired(schemaOfField(field, shape.name), field)) },
    }),
  };
}

/** Content that the value reader takes apart; a schema would only say that none of its forms fits. */
export function readsByHand(field: Field): boolean {
  const items = field.schema["items"];
  return "$ref" in field.schema || (typeof items === "object" && items !== null && "$ref" in items);
}

/** Value sources inside an object are read by hand as well, however deep they stand. */
function withoutReferences(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, member]) => [key, isSchema(member) ? freeOf(member) : member]),
  );
}

function freeOf(schema: JsonSchema): JsonSchema {
  return "$ref" in schema ? {} : withoutReferences(schema);
}

function isSchema(value: unknown): value is JsonSchema {
  return isObject(value);
}
