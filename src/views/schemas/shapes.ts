import type { Json, JsonObject } from "../../core/base/json.ts";

/** A JSON Schema (draft 2020-12). */
export type Schema = JsonObject;
/** Members of an object. A name that ends with `?` may be absent: `{ "id?": text("...") }`. */
type Members = { readonly [name: string]: Schema };

/** A text. */
export function text(description?: string): Schema {
  return { type: "string", ...(description !== undefined && { description }) };
}

/** A moment, ISO 8601 in UTC. */
export function moment(description: string): Schema {
  return { type: "string", format: "date-time", description };
}

/** Milliseconds. */
export function millis(description: string): Schema {
  return { type: "number", description: `${description}, in milliseconds` };
}

/** A whole number, 0 or more. */
export function number(description?: string): Schema {
  return { type: "integer", minimum: 0, ...(description !== undefined && { description }) };
}

export function yesOrNo(description: string): Schema {
  return { type: "boolean", description };
}

/** One of these words. */
export function oneOfWords(words: readonly string[], description?: string): Schema {
  return { enum: [...words], ...(description !== undefined && { description }) };
}

export function listOf(items: Schema, description?: string): Schema {
  return { type: "array", items, ...(description !== undefined && { description }) };
}

/** An object whose names are not known beforehand. */
export function mapOf(values: Schema, description?: string): Schema {
  return {
    type: "object",
    additionalProperties: values,
    ...(description !== undefined && { description }),
  };
}

/** An object. A later version may add members, so others are allowed. */
export function object(description: string | undefined, members: Members): Schema {
  const named = Object.entries(members).map(([name, schema]) => [name.replace(/\?$/u, ""), schema] as const);
  const required = Object.keys(members).filter((name) => !name.endsWith("?"));
  return {
    type: "object",
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(named),
    ...(required.length > 0 && { required }),
  };
}

/** One of several shapes that a member tells apart. */
export function anyOf(shapes: readonly Schema[], description?: string): Schema {
  return { anyOf: [...shapes], ...(description !== undefined && { description }) };
}

export function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

/** Exactly this. */
export function exactly(value: Json): Schema {
  return { const: value };
}

/** Any JSON value. */
export function anything(description: string): Schema {
  return { description };
}

/** A shape that stands among the definitions of the document. */
export function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}
