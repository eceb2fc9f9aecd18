import type { Body } from "../../core/model/write.ts";
import type { Spec } from "../../core/model/desired.ts";
import type { FieldTable } from "../../core/model/field.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import type { LiveValue } from "../../core/model/live.ts";

/** A parsed object of Render's API. Its members have no types and are checked one by one; a missing one is `undefined`. */
export type ApiObject = { readonly [name: string]: unknown };
/** A body of a request that is an object. */
export type BodyObject = { readonly [name: string]: Body };

/** Where one field of the file stands in Render's objects: how it is read from an answer and written into a request. */
export type Mapping = {
  /** The field's value in an answer; `undefined` when the answer does not have it. */
  readonly read: (object: ApiObject) => LiveValue | undefined;
  /** The part of a body for a value of this field; the parts of all written fields are merged into one body. */
  readonly write: (value: Json, spec: Spec, live?: ApiObject) => BodyObject;
};
/** The mapping of each field, by the name of the field. */
export type Mappings = { readonly [field: string]: Mapping };

/**
 * The fields of a table that the calls of a facet carry by their mappings. Not those that no API has (`onChange: "none"`),
 * nor values: a kind writes these itself, as holes that are filled when the call is sent.
 *
 *   MappedFieldOf<typeof diskFields>   "name" | "mountPath" | "sizeGB"
 */
type MappedFieldOf<Table extends FieldTable, Facet extends string> = {
  [Name in keyof Table]: Table[Name] extends { readonly facet: Facet }
    ? Table[Name] extends { readonly onChange: "none" } | { readonly value: true }
      ? never
      : Name
    : never;
}[keyof Table];

/**
 * What the mappings of a table have to be: one for each field that needs one, and none for what is no field. A kind says
 * `satisfies MappingsOf<typeof diskFields>`, so that a field whose mapping was forgotten does not compile: no call would
 * send it, and each plan would want it again. A table whose type forgot its names (`: FieldTable` in place of
 * `as const satisfies FieldTable`) is satisfied by nothing.
 */
export type MappingsOf<
  Table extends FieldTable,
  Facet extends string = "settings",
> = string extends keyof Table
  ? never
  : { readonly [Name in MappedFieldOf<Table, Facet>]: Mapping } & {
      readonly [Name in keyof Table]?: Mapping;
    };

type AtOptions = {
  /** The path in answers, when it is not the path in requests. */
  readonly readAt?: string;
  readonly decode?: (value: Json) => Json | undefined;
  readonly encode?: (value: Json) => Json;
};

/** The mapping of a field that is one member at a dotted path: `at("serviceDetails.plan")`. */
export function at(path: string, options: AtOptions = {}): Mapping {
  const { readAt = path, decode = (value) => value, encode = (value) => value } = options;
  return {
    read: (object) => {
      const value = pick(object, readAt);
      return value === undefined ? undefined : decode(value as Json);
    },
    write: (value) => nest(path, encode(value)),
  };
}

/** The value at a dotted path in an object; `undefined` when any part of the path is missing. */
export function pick(object: ApiObject, path: string): unknown {
  let value: unknown = object;
  for (const step of path.split(".")) {
    if (!isObject(value)) return undefined;
    value = value[step];
  }
  return value;
}

/** A text, number or boolean as a text; the empty text for anything else. */
export function wordOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** An object with a value at a dotted path: `nest("a.b", 1)` is `{ a: { b: 1 } }`. */
export function nest(path: string, value: Body): BodyObject {
  return path.split(".").reduceRight<Body>((inner, step) => ({ [step]: inner }), value) as BodyObject;
}

/** One body from several parts: objects are merged member by member, and of any other values the last one counts. */
export function merge(...fragments: readonly BodyObject[]): BodyObject {
  const merged: { [name: string]: Body } = {};
  for (const fragment of fragments) {
    for (const [name, value] of Object.entries(fragment)) {
      const before = merged[name];
      merged[name] = isPlain(before) && isPlain(value) ? merge(before, value) : value;
    }
  }
  return merged;
}

function isPlain(value: Body | undefined): value is BodyObject {
  return isObject(value) && !("hole" in value);
}

/** All fields that an answer has. */
export function readFields(mappings: Mappings, object: ApiObject): { [field: string]: LiveValue } {
  const spec: { [field: string]: LiveValue } = {};
  for (const [field, mapping] of Object.entries(mappings)) {
    const value = mapping.read(object);
    if (value !== undefined) spec[field] = value;
  }
  return spec;
}

/** The body that writes the given fields of a block; fields without a mapping or a value are left out. */
export function writeFields(
  mappings: Mappings,
  spec: Spec,
  fields: Iterable<string>,
  live?: ApiObject,
): BodyObject {
  const fragments: BodyObject[] = [];
  for (const field of fields) {
    const mapping = mappings[field];
    const value = spec[field];
    if (mapping && value !== undefined) fragments.push(mapping.write(value as Json, spec, live));
  }
  return merge(...fragments);
}

/**
 * A plan as the API spells it: in lower case, with `_` for spaces and hyphens. Ids that name CPU and memory (`0.5c-512mb`) stay as
 * they are (Render's newer descriptions list them so). Any value that is no text stays too.
 */
export function planToApi(plan: Json): Json {
  if (typeof plan !== "string") return plan;
  return /^[\d.]+c-\d+[mg]b?$/u.test(plan) ? plan : plan.toLowerCase().replaceAll(/[ -]/gu, "_");
}

/** A plan as Blueprints spell it, from the API's spelling: `pro_plus` is `pro plus` for services, `basic_256mb` is `basic-256mb` for databases. */
export function planFromApi(separator: " " | "-"): (plan: Json) => Json {
  return (plan) => (typeof plan === "string" ? plan.replaceAll("_", separator) : plan);
}

/** An allow list as the API wants it: Blueprints say `source` and the API `cidrBlock`, and the description is required (Render's description). */
export function allowListToApi(list: Json): Json {
  if (!Array.isArray(list)) return list;
  return list.map((entry: { readonly source: string; readonly description?: string }) => ({
    cidrBlock: entry.source,
    description: entry.description ?? "",
  }));
}

/** An allow list as Blueprints have it, from the API's. An entry that is no object stays as it is, and so equals no entry of a file. */
export function allowListFromApi(list: Json): Json {
  if (!Array.isArray(list)) return [];
  return list.map((entry: Json) =>
    isObject(entry) ? { source: entry["cidrBlock"] ?? null, description: entry["description"] ?? "" } : entry,
  );
}

/** An allow list in one spelling, for comparison: each entry has a description, if only an empty one. */
export function normalAllowList(list: Json): Json {
  if (!Array.isArray(list)) return list;
  return list.map((entry: Json) =>
    isObject(entry) ? { source: entry["source"] ?? null, description: entry["description"] ?? "" } : entry,
  );
}
