import type { Field, JsonSchema } from "../core/field.ts";
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

/**
 * The closed object that one shape of block is. Values, entries with values and blocks inside are read by hand, because
 * their messages are about what is meant by them; here they pass.
 */
export function shapeSchema(kindShape: KindShape): JsonSchema {
  const properties = fieldsOf(kindShape)
    .filter(([, field]) => !readsByHand(field))
    .map(
      ([key, field]) =>
        [key, withoutReferences(withRetired(schemaOfField(field, kindShape.shape.name), field))] as const,
    );
  return { type: "object", properties: Object.fromEntries(properties) };
}

/** Content that the value reader takes apart; a schema would only say that none of its forms fits. */
export function readsByHand(field: Field): boolean {
  const items = field.schema["items"];
  return "$ref" in field.schema || (typeof items === "object" && items !== null && "$ref" in items);
}

/** A member that is a value source inside an object is read by hand as well. */
function withoutReferences(schema: JsonSchema): JsonSchema {
  const properties = schema["properties"];
  if (typeof properties !== "object" || properties === null) return schema;
  const free = Object.entries(properties).map(
    ([key, member]) => [key, isReference(member) ? {} : member] as const,
  );
  return { ...schema, properties: Object.fromEntries(free) };
}

function isReference(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "$ref" in schema;
}
