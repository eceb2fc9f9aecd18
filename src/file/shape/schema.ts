import type { Field, JsonSchema } from "../../core/model/field.ts";
import type { Json } from "../../core/base/json.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { consentKeys } from "./consents-schema.ts";
import { legacyOf, rootLegacy } from "./legacy.ts";
import { lifecycleSchema } from "./lifecycle.ts";
import { rendercadSelf, rootKeys } from "./settings-schema.ts";
import { hasField, isRequired, publishedSchema } from "./shape-schema.ts";
import { innerShapes, shapesOf, type KindShape } from "./shape.ts";
import { valueDefinitions } from "./value-schema.ts";
import { asStart } from "../../core/base/text.ts";
import { describeShape } from "../../core/kind/shape.ts";

const ungroupedLists = ["services", "databases", "envVarGroups", "buildSources"];

/**
 * Makes the published JSON Schema (draft 2020-12), for editors and other tools. Every file that loads without an
 * error is valid by it. It is composed from the kinds, so that a new field is in it at once. It is looser than the
 * loader, which also checks what fits together.
 */
export function makeFileSchema(kinds: readonly FileKind[]): JsonSchema {
  const lists = [...new Set(kinds.flatMap((kind) => kind.shapes.filter(isRootList).map(({ list }) => list)))];
  const legacy = Object.fromEntries(
    rootLegacy.map((rule) => [rule.old, { ...rule.schema, deprecated: true }]),
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "trueup.yaml",
    description:
      "Desired state of a Render workspace and a RENDERCAD account. Every render.yaml is such a file.",
    type: "object",
    properties: {
      ...Object.fromEntries(lists.map((list) => [list, listReference(list)])),
      ungrouped: {
        type: "object",
        description: "Resources that are taken out of their environment.",
        properties: Object.fromEntries(ungroupedLists.map((list) => [list, listReference(list)])),
        additionalProperties: false,
      },
      rendercad: rendercadSchema(kinds),
      ...Object.fromEntries(
        Object.entries(rootKeys).map(([key, { schema, ours }]) => [key, ours ? known(schema) : schema]),
      ),
      ...Object.fromEntries(Object.entries(consentKeys).map(([key, schema]) => [key, known(schema)])),
      ...legacy,
    },
    patternProperties: { "^x-": { description: "Yours: a place for anchors. Nothing of it is read." } },
    additionalProperties: false,
    $defs: {
      ...valueDefinitions,
      lifecycle: lifecycleSchema,
      ...listDefinitions(lists, kinds),
      ...shapeDefinitions(kinds),
    },
  };
}

function isRootList(shape: { readonly inside?: string; readonly list: string }): boolean {
  return shape.inside === undefined && !shape.list.includes(".");
}

function known(schema: JsonSchema): JsonSchema {
  return { ...schema, description: `${textOf(schema["description"])} Known to trueup only.`.trim() };
}

function rendercadSchema(kinds: readonly FileKind[]): JsonSchema {
  const lists = kinds.flatMap((kind) => kind.shapes.filter(({ list }) => list.startsWith("rendercad.")));
  return {
    type: "object",
    description: "Tokens and webhooks of a RENDERCAD account. Known to trueup only.",
    properties: {
      ...Object.fromEntries(
        lists.map(({ list }) => [list.replace("rendercad.", ""), listSchema(list, kinds)]),
      ),
      self: rendercadSelf,
    },
    additionalProperties: false,
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

const listDescriptions: { readonly [list: string]: string } = {
  services: "Services, cron jobs, static sites and Key Value instances.",
  databases: "Postgres databases.",
  envVarGroups: "Env groups.",
  projects: "Projects with their environments.",
  buildSources: "Shared builds. Recognised, not managed.",
};

/** The definitions of lists. The same list can stand at the root, in an environment and under `ungrouped`. */
function listDefinitions(lists: readonly string[], kinds: readonly FileKind[]): JsonSchema {
  return Object.fromEntries(lists.map((list) => [`${list}List`, listSchema(list, kinds)]));
}

function listReference(list: string): JsonSchema {
  return { $ref: `#/$defs/${list}List` };
}

/**
 * The schema of a list. An entry is checked against the shape that its type and runtime name, so that an editor talks
 * about that shape alone.
 */
function listSchema(list: string, kinds: readonly FileKind[]): JsonSchema {
  const candidates = shapesOf(kinds, list);
  const [first] = candidates;
  const description =
    listDescriptions[list] ??
    `${first?.shape.description ?? list}${first?.shape.ours ? ". Known to trueup only." : "."}`;
  if (first?.shape.single !== undefined) return { description, $ref: definition(first) };
  if (first && first.shape.when === undefined) {
    return { type: ["array", "null"], description, items: { $ref: definition(first) } };
  }
  return {
    type: ["array", "null"],
    description,
    items: {
      type: "object",
      properties: { type: { enum: typesOf(candidates), description: "What kind of service this is." } },
      required: ["type"],
      allOf: candidates.map((candidate) => ({
        if: conditionOf(candidate),
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is a keyword of JSON Schema in plain data
        then: { $ref: definition(candidate) },
      })),
    },
  };
}

function typesOf(candidates: readonly KindShape[]): readonly string[] {
  return [...new Set(candidates.flatMap(({ shape }) => spellings(shape.when?.type ?? [])))];
}

/** Types with their old names, which mean the same. */
function spellings(types: readonly string[]): readonly string[] {
  return types.includes("keyvalue") ? [...types, "redis"] : types;
}

/** The condition under which an entry has this shape. It looks at `env` as well, the old name of `runtime`. */
function conditionOf({ shape }: KindShape): JsonSchema {
  const type = { properties: { type: { enum: spellings(shape.when?.type ?? []) } }, required: ["type"] };
  const runtime = shape.when?.runtime;
  if (runtime === undefined) return type;
  const wanted = "not" in runtime ? runtime.not : runtime;
  const said = {
    anyOf: ["runtime", "env"].map((key) => ({ properties: { [key]: { enum: wanted } }, required: [key] })),
  };
  return { allOf: [type, "not" in runtime ? { not: said } : said] };
}

function definition({ shape }: KindShape): string {
  return `#/$defs/${definitionName(shape.name)}`;
}

function definitionName(shape: string): string {
  return `${shape}Block`;
}

function shapeDefinitions(kinds: readonly FileKind[]): { readonly [name: string]: JsonSchema } {
  return Object.fromEntries(
    kinds.flatMap((kind) =>
      kind.shapes.map((shape) => [definitionName(shape.name), blockSchema({ kind, shape }, kinds)] as const),
    ),
  );
}

function blockSchema(kindShape: KindShape, kinds: readonly FileKind[]): JsonSchema {
  const { kind, shape } = kindShape;
  if (shape.named === "itself")
    return { type: "string", minLength: 1, description: `Name of ${describeShape(shape)}.` };
  const fields = Object.entries(kind.fields).filter(([, field]) => !field.derived);
  const required = fields.filter(([, field]) => isRequired(field, shape.name)).map(([key]) => key);
  const named = shape.single === undefined && shape.named === undefined;
  // A required key may stand under its old name.
  const older = legacyOf(kind.name, shape.name).find(({ becomes }) => required.includes(becomes));
  return {
    type: "object",
    description: `${asStart(describeShape(shape))}.`,
    properties: {
      ...(shape.when && {
        type: { enum: spellings(shape.when.type ?? []), description: "What kind of service this is." },
      }),
      ...(named && {
        name: {
          type: ["string", "number"],
          description: `Name of the ${shape.description}: what it is known by.`,
        },
      }),
      ...Object.fromEntries(fields.map(([key, field]) => [key, fieldSchema(field, shape.name)])),
      ...innerSchemas(kindShape, kinds),
      ...Object.fromEntries((shape.holds ?? []).map((list) => [list, listReference(list)])),
      ...legacySchemas(kindShape),
      lifecycle: { $ref: "#/$defs/lifecycle" },
    },
    required: [...(named ? ["name"] : []), ...required.filter((key) => key !== older?.becomes)],
    ...(older && { anyOf: [{ required: [older.becomes] }, { required: [older.old] }] }),
    additionalProperties: false,
  };
}

/**
 * The schema of a field in one shape. A key that only another shape has is loaded and ignored; it is marked as
 * deprecated, so that an editor strikes it through.
 */
function fieldSchema(field: Field, shape: string): JsonSchema {
  const schema = hasField(field, shape) ? nullable(publishedSchema(field, shape), field) : {};
  const description = `${field.description}${field.ours ? " Known to trueup only." : ""}`;
  if (hasField(field, shape)) return { ...schema, description };
  return { description: `Ignored here. ${description}`, deprecated: true };
}

/** A schema that also takes null, which clears a text or an object and is an empty list of entries. */
function nullable(schema: JsonSchema, field: Field): JsonSchema {
  const type = schema["type"];
  const clears =
    field.onChange === "update" &&
    !field.required &&
    (type === "object" || (type === "string" && !schema["enum"]));
  return (clears || field.entries) && typeof type === "string" ? { ...schema, type: [type, "null"] } : schema;
}

function innerSchemas({ kind, shape }: KindShape, kinds: readonly FileKind[]): JsonSchema {
  const entries = innerShapes(kinds, kind.name).map((inner): [string, JsonSchema] => {
    const fits = inner.shape.insideShapes?.includes(shape.name) ?? true;
    const text = asStart(inner.shape.description);
    if (!fits) return [inner.shape.list, { description: `Ignored here. ${text}.`, deprecated: true }];
    if (inner.shape.named === "host") {
      return [
        inner.shape.list,
        { description: `${text}.`, anyOf: [{ $ref: definition(inner) }, { type: "null" }] },
      ];
    }
    return [
      inner.shape.list,
      { type: ["array", "null"], description: `${text}: a list.`, items: { $ref: definition(inner) } },
    ];
  });
  return Object.fromEntries(entries);
}

function legacySchemas({ kind, shape }: KindShape): JsonSchema {
  const rules = legacyOf(kind.name, shape.name);
  return Object.fromEntries(rules.map((rule) => [rule.old, { ...rule.schema, deprecated: true }]));
}
