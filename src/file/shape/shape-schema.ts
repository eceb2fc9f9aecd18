import type { Field, JsonSchema, Shape } from "../../core/model/field.ts";
import { isObject } from "../../core/base/json.ts";
import type { KindShape } from "./shape.ts";

/** The schema of a field in one shape. */
export function schemaOfField(field: Field, shape: string): JsonSchema {
  return field.schemaOf?.[shape] ?? field.schema;
}

/** A schema that also takes retired words. The warning about them is given where the word is spelled (spelling.ts). */
function withRetired(schema: JsonSchema, field: Field): JsonSchema {
  const allowed = schema["enum"];
  const retired = field.loose?.retired ?? [];
  return Array.isArray(allowed) && retired.length > 0
    ? { ...schema, enum: [...allowed, ...retired] }
    : schema;
}

/**
 * The schema of a field as it is published: what is read by hand before the rest is checked stands in it too, the public address
 * of another service in place of a text.
 */
export function publishedSchema(field: Field, shape: string): JsonSchema {
  const schema = schemaOfField(field, shape);
  const { addressMember: member } = field;
  const { items } = schema as { readonly items?: JsonSchema };
  const properties = items?.["properties"] as JsonSchema | undefined;
  if (member === undefined || !properties) return schema;
  const { description = "", ...text } = properties[member] as JsonSchema;
  const either = { description, anyOf: [text, { $ref: "#/$defs/publicAddress" }] };
  return { ...schema, items: { ...items, properties: { ...properties, [member]: either } } };
}

/** Whether a shape has the field. */
export function hasField(field: Field, shape: string): boolean {
  return field.shapes === undefined || field.shapes.includes(shape);
}

/** Whether a block of the shape must have the field. */
export function isRequired(field: Field, shape: string): boolean {
  return field.required?.includes(shape) ?? false;
}

/** The keys that a block of this shape may have, from the table of its kind. */
export function fieldsOf({ kind, shape }: KindShape): readonly (readonly [string, Field])[] {
  return Object.entries(kind.fields).filter(([, field]) => !field.derived && hasField(field, shape.name));
}

const required = new WeakMap<Shape, ReturnType<typeof fieldsOf>>();

/**
 * The keys that a block of this shape must have. They follow from the table of its kind, so they are found once for
 * all blocks.
 */
export function requiredFields(kindShape: KindShape): ReturnType<typeof fieldsOf> {
  const { shape } = kindShape;
  const known =
    required.get(shape) ?? fieldsOf(kindShape).filter(([, field]) => isRequired(field, shape.name));
  required.set(shape, known);
  return known;
}

/**
 * How one key of a block is checked: the schema of an object with that key alone, and a name for it. Shapes share it,
 * unless one of them allows less. Values, entries with values and blocks inside are read by hand, because only so can
 * a message be about what was meant; the schema lets them pass.
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

/** Whether a field is read by hand: it holds values, of which a schema could only say that none of their forms fits. */
export function readsByHand(field: Field): boolean {
  const items = field.schema["items"];
  return "$ref" in field.schema || (typeof items === "object" && items !== null && "$ref" in items);
}

/** A schema that lets sources of values pass at any depth, since these are read by hand too. */
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
