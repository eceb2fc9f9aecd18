import type { Field } from "../../core/model/field.ts";
import type { JsonObject } from "../../core/base/json.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { FileCode } from "../base/codes.ts";
import type { BlockContext } from "../base/context.ts";
import type { Draft, DraftField } from "../base/draft.ts";
import { readField } from "./field.ts";
import { keyPlaceOf, memberOf, textOf, toJson, type Entry, type MapNode, type Node } from "../base/node.ts";
import { checkOf, fieldsOf, hasField, requiredFields } from "../shape/shape-schema.ts";
import { innerShapes, type KindShape } from "../shape/shape.ts";
import type { Place } from "../base/source.ts";
import { suggestKey } from "../base/suggest.ts";
import { describeShape } from "../../core/kind/shape.ts";

/** The parts of a draft that come from the keys of its block. */
export type BlockFields = Pick<Draft, "fields" | "places" | "named" | "unmanaged">;

/**
 * Reads the keys that the table of the kind has. Other keys are only checked for being known here; those who own them
 * read them.
 */
export function readFields(
  block: MapNode,
  name: string,
  kindShape: KindShape,
  context: BlockContext,
): BlockFields {
  const { kind, shape } = kindShape;
  const fields = new Map<string, DraftField>();
  const places = new Map<string, Place>();
  const named: Draft["named"][number][] = [];
  const checked = new Map<string, Entry>();
  for (const entry of block.entries.values()) {
    const field = Object.hasOwn(kind.fields, entry.key) ? kind.fields[entry.key] : undefined;
    if (!field || field.derived) {
      checkOtherKey(entry, kindShape, context);
      continue;
    }
    if (!hasField(field, shape.name)) {
      tellOtherShape(entry, kindShape, context);
      continue;
    }
    if (field.ours) context.tellOurs(entry.keyPlace, entry.key);
    const result = readField(entry, field, shape.name, context);
    places.set(entry.key, entry.keyPlace);
    for (const [key, place] of result.places) places.set(key, place);
    for (const [key, draft] of result.drafts) fields.set(key, draft);
    named.push(...result.named);
    if (result.checked)
      checked.set(entry.key, { key: entry.key, keyPlace: entry.keyPlace, value: result.checked });
  }
  const node: MapNode = { ...block, entries: checked };
  const json = toJson(node) as JsonObject;
  const said = withoutNulls(json);
  checkRequired(block, kindShape, context);
  // A rule may rely on the types of the fields that it looks at, so it is called once these are valid.
  if (checkFields(said, node, kindShape, context)) {
    if (kind.rules) applyRules(kindShape, name, { ...uncheckedJson(block, json), ...json }, block, context);
  }
  return { fields, places, named, unmanaged: unmanagedParts(block, kind) };
}

/**
 * Checks each key by its own schema. To compile a schema takes time, and a file uses few of the keys that its blocks
 * can have.
 */
function checkFields(
  said: JsonObject,
  node: MapNode,
  { kind, shape }: KindShape,
  context: BlockContext,
): boolean {
  const wrong = Object.keys(said).filter((key) => {
    const { id, makeSchema } = checkOf(key, { kind, shape });
    return !context.checker.check(id, makeSchema, said, node, context);
  });
  return wrong.length === 0;
}

/** The keys of a block that were not given to a schema. */
function uncheckedJson(block: MapNode, checked: JsonObject): JsonObject {
  const others = [...block.entries].filter(([key]) => !Object.hasOwn(checked, key));
  return toJson({ ...block, entries: new Map(others) }) as JsonObject;
}

function withoutNulls(json: JsonObject): JsonObject {
  if (!Object.values(json).includes(null)) return json;
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
}

function checkRequired(block: MapNode, { kind, shape }: KindShape, context: BlockContext): void {
  for (const [key, field] of requiredFields({ kind, shape })) {
    if (block.entries.has(key)) continue;
    context.tell({
      code: "missing-key",
      severity: "error",
      message: `${context.subject} lacks \`${key}\`.`,
      remedy: remedyForMissing(key, field),
      place: memberOf(block, "name")?.place ?? block.place,
    });
  }
}

function remedyForMissing(key: string, field: Field): string {
  const [example] = (field.schema["examples"] ?? []) as readonly unknown[];
  const allowed = field.schema["enum"] as readonly string[] | undefined;
  if (allowed) return `Add it: ${allowed.slice(0, 10).join(", ")}.`;
  if (example === undefined) return `Add \`${key}\`: ${field.description}`;
  return `Add it, as in \`${key}: ${JSON.stringify(example)}\`. ${field.description}`;
}

function checkOtherKey(entry: Entry, { kind, shape }: KindShape, context: BlockContext): void {
  if (entry.key === "lifecycle") context.tellOurs(entry.keyPlace, entry.key);
  if (entry.key === "name" || entry.key === "lifecycle") return;
  // `type` was checked when the shape was picked.
  if (entry.key === "type" && shape.when) return;
  if (shape.holds?.includes(entry.key)) return;
  const inside = innerShapes(context.kinds, kind.name).filter((inner) => inner.shape.list === entry.key);
  if (inside.length > 0) {
    if (!inside.some((inner) => inner.shape.insideShapes?.includes(shape.name) ?? true)) {
      tellOtherShape(entry, { kind, shape }, context);
    }
    return;
  }
  context.tell({
    code: "unknown-key",
    severity: "error",
    message: `${context.subject} has the unknown key \`${entry.key}\`.`,
    remedy: () => {
      const known = knownKeys({ kind, shape }, context);
      return (
        suggestKey(entry.key, known, shape.name) ??
        findElsewhere(entry.key, context) ??
        `Known keys: ${known.join(", ")}.`
      );
    },
    place: entry.keyPlace,
  });
}

/** A hint that the block stands in the wrong list, for a key that another kind has. */
function findElsewhere(key: string, context: BlockContext): string | undefined {
  const kind = context.kinds.find((candidate) => Object.hasOwn(candidate.fields, key));
  const shape = kind?.shapes.find(({ inside }) => inside === undefined);
  if (!shape) return undefined;
  const type = shape.when?.type?.[0];
  return `\`${key}\` belongs to ${describeShape(shape)}, in \`${shape.list}\`${type === undefined ? "" : ` with \`type: ${type}\``}.`;
}

function knownKeys(kindShape: KindShape, context: BlockContext): readonly string[] {
  return [
    "name",
    ...fieldsOf(kindShape).map(([key]) => key),
    ...innerShapes(context.kinds, kindShape.kind.name, kindShape.shape.name).map(({ shape }) => shape.list),
    ...(kindShape.shape.holds ?? []),
    "lifecycle",
  ];
}

/**
 * Warns of a key that only another shape has. Render keeps all services in one record, so it reads such a key and
 * ignores it.
 */
function tellOtherShape(entry: Entry, { shape }: KindShape, context: BlockContext): void {
  context.tell({
    code: "key-not-for-shape",
    severity: "warning",
    message: `${context.subject} has \`${entry.key}\`, which ${describeShape(shape)} does not have; it is ignored.`,
    remedy: "Remove it.",
    place: entry.keyPlace,
  });
}

function unmanagedParts(block: MapNode, kind: FileKind): Draft["unmanaged"] {
  const unmanaged: Draft["unmanaged"][number][] = [];
  for (const { key, keyPlace } of block.entries.values()) {
    const reason = Object.hasOwn(kind.fields, key) ? kind.fields[key]?.unmanages : undefined;
    if (reason !== undefined) unmanaged.push({ whole: true, reason, place: keyPlace });
  }
  return unmanaged;
}

function applyRules(
  { kind, shape }: KindShape,
  name: string,
  spec: JsonObject,
  block: MapNode,
  context: BlockContext,
): void {
  for (const rule of kind.rules ?? []) {
    for (const { field, entry, ...fault } of rule({ shape: shape.name, name, spec })) {
      const at = memberOf(block, field) ?? memberOf(block, "name") ?? block;
      const label = entry === undefined ? undefined : labelOf(memberOf(block, field), entry);
      // A fault of a mapping or list is shown at its key, that of a text at the text.
      const place = label?.place ?? (at.is === "scalar" ? at.place : keyPlaceOf(block, field));
      // A test compares the codes of all rules with `fileCodes`.
      context.tell({ ...fault, code: fault.code as FileCode, place });
    }
  }
}

/** Where the key of an entry stands: the last one of that name, which is the one that counts. */
function labelOf(list: Node | undefined, entry: string): Node | undefined {
  const labels = (list?.is === "list" ? list.items : []).map((item) => memberOf(item, "key"));
  return labels.findLast((label) => textOf(label) === entry);
}
