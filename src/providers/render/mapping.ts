import type { Body } from "../../core/model/body.ts";
import type { Spec } from "../../core/model/desired.ts";
import type { FieldTable } from "../../core/model/field.ts";
import { isObject, type Json } from "../../core/base/json.ts";
import type { LiveValue } from "../../core/model/live.ts";

/** A parsed object of Render's. Members are looked at one by one; what is not there is `undefined`. */
export type ApiObject = { readonly [name: string]: unknown };
export type BodyObject = { readonly [name: string]: Body };

/** How one field of the file stands in Render's objects: where it is read, and what is written for it. */
export type Mapping = {
  readonly read: (object: ApiObject) => LiveValue | undefined;
  /** Merged with the other fields' fragments into one body. */
  readonly write: (value: Json, spec: Spec, live?: ApiObject) => BodyObject;
};
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
  /** Where the answer has it, when not where the request has it. */
  readonly readAt?: string;
  readonly decode?: (value: Json) => Json | undefined;
  readonly encode?: (value: Json) => Json;
};

/** A field that is one member, at a dotted path, of requests and answers alike. */
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

export function pick(object: ApiObject, path: string): unknown {
  let value: unknown = object;
  for (const step of path.split(".")) {
    if (!isObject(value)) return undefined;
    value = value[step];
  }
  return value;
}

/** A text, number or truth value as it is written; nothing for anything else. */
export function wordOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

export function nest(path: string, value: Body): BodyObject {
  return path.split(".").reduceRight<Body>((inner, step) => ({ [step]: inner }), value) as BodyObject;
}

/** One body from many fragments; objects are merged, everything else is set. */
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

export function readFields(mappings: Mappings, object: ApiObject): { [field: string]: LiveValue } {
  const spec: { [field: string]: LiveValue } = {};
  for (const [field, mapping] of Object.entries(mappings)) {
    const value = mapping.read(object);
    if (value !== undefined) spec[field] = value;
  }
  return spec;
}

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
 * Blueprint to API: lower case, spaces and hyphens become `_`; ids that name CPU and memory (`0.5c-512mb`) go as they are,
 * as the newer descriptions list them.
 */
export function planToApi(plan: Json): Json {
  if (typeof plan !== "string") return plan;
  return /^[\d.]+c-\d+[mg]b?$/u.test(plan) ? plan : plan.toLowerCase().replaceAll(/[ -]/gu, "_");
}

/** The API's older names back into Blueprint's: `pro_plus` is `pro plus` for services, `basic_256mb` is `basic-256mb`. */
export function planFromApi(separator: " " | "-"): (plan: Json) => Json {
  return (plan) => (typeof plan === "string" ? plan.replaceAll("_", separator) : plan);
}

/** Blueprint says `source`, the API `cidrBlock`, and it wants a description (Render's description). */
export function allowListToApi(list: Json): Json {
  if (!Array.isArray(list)) return list;
  return list.map((entry: { readonly source: string; readonly description?: string }) => ({
    cidrBlock: entry.source,
    description: entry.description ?? "",
  }));
}

/** What is no entry stays as it is, and is like none of the file. */
export function allowListFromApi(list: Json): Json {
  if (!Array.isArray(list)) return [];
  return list.map((entry: Json) =>
    isObject(entry) ? { source: entry["cidrBlock"] ?? null, description: entry["description"] ?? "" } : entry,
  );
}

/** One spelling of an access list: a description is always there. */
export function normalAllowList(list: Json): Json {
  if (!Array.isArray(list)) return list;
  return list.map((entry: Json) =>
    isObject(entry) ? { source: entry["source"] ?? null, description: entry["description"] ?? "" } : entry,
  );
}
