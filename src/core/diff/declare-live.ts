import { entriesCameWith } from "../model/declared.ts";
import type { Spec, SpecValue } from "../model/desired.ts";
import type { Field, JsonSchema, Shape } from "../model/field.ts";
import { isObject, sameJson, type Json, type JsonObject } from "../base/json.ts";
import type { FileKind } from "../model/file-kind.ts";
import type { LiveSpec, LiveValue } from "../model/live.ts";
import { Secret } from "../base/secret.ts";
import { spellWords } from "../compare/words.ts";
import { isOfShape } from "../kind/shape.ts";
import type { Value } from "../model/value.ts";

/** What `declareLive` makes a block from. */
export type DeclareInput = {
  readonly kind: FileKind;
  /** The shape that the block is to have. */
  readonly shape: Shape;
  /** The live object, every facet read. */
  readonly live: LiveSpec;
  /** How the file is to say a live value; `undefined` leaves it out. */
  readonly valueOf: (
    place: { readonly field: string; readonly entry?: string },
    live: Secret,
  ) => Value | undefined;
  /** The address of another resource that a public text leads to; absent, or `undefined`: the text stays. */
  readonly addressOf?: (text: string) => Value | undefined;
  /** Is called for a word that the file format does not have, such as an old plan; the field is left out then. */
  readonly unknown: (field: string, word: string) => void;
};

/**
 * The spec of a block that asks for exactly this live object: how an export writes it. What a block need not say is left
 * out: the default of a schema, an empty text, a field that means nothing beside the rest. A value that no API shows, and
 * that a block must have, is asked for (`sync: false`).
 */
export function declareLive(input: DeclareInput): Spec {
  const { kind, shape, live } = input;
  const spec: [string, SpecValue][] = [];
  for (const [name, field] of Object.entries(kind.fields)) {
    if (!isDeclarable(field, shape) || !(field.applies?.(live as JsonObject) ?? true)) continue;
    const isRequired = field.required?.includes(shape.name) ?? false;
    const value = declareField(input, name, field, isRequired);
    if (value !== undefined) spec.push([name, value]);
  }
  return Object.fromEntries(spec);
}

/** Whether a block of the shape can hold the field, and an API shows or takes it. */
export function isDeclarable(field: Field, shape: Shape): boolean {
  return field.onChange !== "none" && isOfShape(field, shape);
}

function declareField(
  input: DeclareInput,
  name: string,
  field: Field,
  isRequired: boolean,
): SpecValue | undefined {
  const live = input.live[name];
  if (field.entries && !field.entries.ordered) return declareEntries(input, name, field, live);
  if (field.value) {
    if (live instanceof Secret) return input.valueOf({ field: name }, live);
    return isRequired ? { from: "asked" } : undefined;
  }
  if (live === undefined) return undefined;
  const told = field.exported ? field.exported(live as Json) : (live as Json);
  const schema = field.schemaOf?.[input.shape.name] ?? field.schema;
  const spelled = spellWords({ schema, retired: field.loose?.retired ?? [] }, told);
  const kept = withoutDefaults(spelled, isRequired ? withoutDefault(schema) : schema);
  if (typeof kept === "string" && !isKnown(kept, field, schema)) {
    input.unknown(name, kept);
    return undefined;
  }
  return field.entries && sameJson(kept, []) ? undefined : kept && withAddresses(input, field, kept);
}

function withAddresses({ addressOf }: DeclareInput, { addressMember: member }: Field, value: Json): Json {
  if (!addressOf || member === undefined || !Array.isArray(value)) return value;
  return value.map((item: Json): Json => {
    const text = isObject(item) ? item[member] : undefined;
    const address = typeof text === "string" ? addressOf(text) : undefined;
    return address ? ({ ...(item as JsonObject), [member]: address } as JsonObject) : item;
  });
}

/** The entries of a list, sorted by key, because their order means nothing. */
function declareEntries(
  input: DeclareInput,
  name: string,
  field: Field,
  live: LiveValue | undefined,
): SpecValue | undefined {
  const entries: { readonly [entry: string]: Json | Secret } = isObject(live) ? live : {};
  const cameWith = entriesCameWith(field, input.live);
  const declared = Object.keys(entries)
    .filter((entry) => !cameWith.includes(entry))
    .sort()
    .flatMap((entry): readonly (readonly [string, Json | Value])[] => {
      const item = entries[entry]!;
      if (!(item instanceof Secret)) return [[entry, item]];
      const value = field.value && input.valueOf({ field: name, entry }, item);
      return value ? [[entry, value]] : [];
    });
  return declared.length === 0 ? undefined : Object.fromEntries(declared);
}

function isKnown(word: string, field: Field, schema: JsonSchema): boolean {
  const words = schema["enum"];
  return !Array.isArray(words) || words.includes(word) || (field.loose?.retired.includes(word) ?? false);
}

function withoutDefault(schema: JsonSchema): JsonSchema {
  const { default: _default, ...rest } = schema;
  return rest;
}

/**
 * A value without what its schema takes for granted; `undefined` where nothing is left of it. A member that the schema
 * requires stays while anything of its object does.
 */
function withoutDefaults(value: Json, schema: JsonSchema): Json | undefined {
  if (value === null || value === "" || sameJson(value, schema["default"])) return undefined;
  const { properties, required } = schema as {
    readonly properties?: { readonly [name: string]: JsonSchema };
    readonly required?: readonly string[];
  };
  if (!isObject(value) || !properties) return value;
  const members = Object.entries(value).filter(([name]) => Object.hasOwn(properties, name));
  const telling = members.filter(
    ([name, member]) => withoutDefaults(member, properties[name]!) !== undefined,
  );
  if (telling.length === 0) return undefined;
  const kept = members.filter((member) => telling.includes(member) || required?.includes(member[0]));
  return Object.fromEntries(
    kept.map(([name, member]) => [name, withoutDefaults(member, properties[name]!) ?? member]),
  );
}
