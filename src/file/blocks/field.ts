import type { Field } from "../../core/model/field.ts";
import { keyItems } from "../../core/model/declared.ts";
import { isObject, type Json, type JsonObject } from "../../core/base/json.ts";
import { takeAddresses, type TakenAddresses } from "../base/address-members.ts";
import { placeOfValue, readEntries, tellDuplicate } from "./entries.ts";
import { inSentence, type BlockContext } from "../base/context.ts";
import type { DraftField, NamedResource, ValueSource } from "../base/draft.ts";
import { isNull, memberOf, textOf, toJson, type Entry, type MapNode, type Node } from "../base/node.ts";
import { referredKinds } from "../base/reference-forms.ts";
import { readsByHand, schemaOfField } from "../shape/shape-schema.ts";
import { spell } from "../shape/spelling.ts";
import type { Place } from "../base/source.ts";
import { readLiteral } from "./value-sources.ts";
import { readValueSource } from "./values.ts";

/** What reading one key of a block gave. `checked` is the part that the schema still has to check. */
export type FieldReading = {
  readonly drafts: readonly (readonly [string, DraftField])[];
  readonly places: readonly (readonly [string, Place])[];
  readonly named: readonly NamedResource[];
  readonly checked?: Node;
};

const nothing: FieldReading = { drafts: [], places: [], named: [] };

/** Reads one key of a block by its entry in the table of the kind. */
export function readField(entry: Entry, field: Field, shape: string, context: BlockContext): FieldReading {
  if (isNull(entry.value)) return readNull(entry, field, shape, context);
  if (readsByHand(field)) return readValues(entry, field, context);
  const { node: texts, taken } = takeAddresses(entry.key, entry.value, field, context);
  const node = spell(texts, schemaOfField(field, shape), { key: entry.key, loose: field.loose }, context);
  if (field.onChange === "none" && field.noApi !== undefined) {
    tellNoApi(entry, entry.key, context);
    return { ...nothing, checked: node };
  }
  if (field.entries && !field.entries.ordered)
    return readKeyedEntries(entry, field, { node, taken }, context);
  if (field.valueMembers) return readObjectWithValues(entry, field, node, context);
  const kept = dropMembers(node, field.noApiMembers ?? [], entry, context);
  // Nothing but members that no API has was said, so the field itself is left alone.
  if (kept.is === "map" && kept.entries.size === 0 && field.noApiMembers)
    return { ...nothing, checked: node };
  const credentials = credentialNames(kept);
  return {
    drafts: [[entry.key, withAddresses(collapseCredentials(toJson(kept)), field, taken)]],
    places: field.entries ? itemPlaces(entry.key, field.entries.key, kept) : memberPlaces(entry.key, kept),
    named: [...credentials, ...referredNames(field, kept)],
    checked: node,
  };
}

function withAddresses(value: Json, field: Field, taken: TakenAddresses["taken"]): DraftField {
  return taken.size === 0 || !Array.isArray(value)
    ? { is: "json", value }
    : { is: "items", items: value, addresses: { member: field.addressMember ?? "", of: taken } };
}

/** Reads `null`: it clears a text or an object that can be written in place, and is an empty list where a list is meant. */
function readNull(entry: Entry, field: Field, shape: string, context: BlockContext): FieldReading {
  if (field.entries) {
    context.tell({
      code: "null-list",
      severity: "warning",
      message: `\`${entry.key}\` of ${inSentence(context.subject)} is empty; it is taken as a list without entries.`,
      remedy: `Write \`${entry.key}: []\`, or remove it.`,
      place: entry.keyPlace,
    });
    return { ...nothing, drafts: emptyEntries(entry.key, field) };
  }
  const type = schemaOfField(field, shape)["type"];
  const clears =
    field.onChange === "update" && (type === "object" || (type === "string" && !field.schema["enum"]));
  if (clears && !field.required?.includes(shape)) {
    return { ...nothing, drafts: [[entry.key, { is: "json", value: null }]] };
  }
  context.tell({
    code: "null-not-allowed",
    severity: "error",
    message: `\`${entry.key}\` of ${inSentence(context.subject)} has no value.`,
    remedy:
      type === "array"
        ? `Write \`${entry.key}: []\` if an empty list is meant, or remove the key.`
        : "Give it a value, or remove the key: what is absent stays as it is.",
    place: entry.keyPlace,
  });
  return nothing;
}

function emptyEntries(key: string, field: Field): readonly (readonly [string, DraftField])[] {
  if (field.entries?.ordered) return [[key, { is: "json", value: [] }]];
  return [[key, field.value ? { is: "values", entries: new Map() } : { is: "entries", entries: new Map() }]];
}

function readValues(entry: Entry, field: Field, context: BlockContext): FieldReading {
  if (!field.entries) {
    const source = readValueSource(entry.value, entry.key, context);
    return source ? { ...nothing, drafts: [[entry.key, { is: "value", source }]] } : nothing;
  }
  const read = readEntries(entry, field.entries.key[0] === "name" ? "name" : "key", context);
  const { links } = context;
  const groups: readonly (readonly [string, DraftField])[] =
    links === undefined || read.groups.size === 0 ? [] : [[links, { is: "groups", groups: read.groups }]];
  return {
    drafts: [[entry.key, { is: "values", entries: read.values }], ...groups],
    places: read.places,
    named: [],
  };
}

/** Reads a list whose entries are owned one by one: the spec holds a map by key, in which the last of equal keys wins. */
function readKeyedEntries(
  entry: Entry,
  field: Field,
  { node, taken }: TakenAddresses,
  context: BlockContext,
): FieldReading {
  if (node.is !== "list") return { ...nothing, checked: node };
  const members = field.entries?.key ?? [];
  const places: [string, Place][] = [];
  const values = new Map<string, ValueSource>();
  const plain = new Map<string, Json>();
  for (const [index, item] of node.items.entries()) {
    const key =
      members.length === 0
        ? textOf(item)
        : members.map((member) => textOf(memberOf(item, member)) ?? "").join(" ");
    if (key === undefined) continue;
    if (values.has(key) || plain.has(key)) tellDuplicate(entry.key, key, item.place, context);
    const valueNode = memberOf(item, "value");
    places.push([`${entry.key}.${key}`, placeOfValue(item.place, valueNode?.place)]);
    const address = taken.get(index);
    if (!field.value) plain.set(key, true);
    else if (address) values.set(key, address);
    else if (valueNode) {
      const value = readLiteral(key, textOf(valueNode) ?? "", valueNode, context);
      values.set(key, { form: "value", value, place: valueNode.place });
    }
  }
  const draft: DraftField = field.value
    ? { is: "values", entries: values }
    : { is: "entries", entries: plain };
  return { drafts: [[entry.key, draft]], places, named: [], checked: node };
}

function readObjectWithValues(entry: Entry, field: Field, node: Node, context: BlockContext): FieldReading {
  if (node.is !== "map") return { ...nothing, checked: node };
  const members = new Map<string, ValueSource>();
  for (const member of field.valueMembers ?? []) {
    const value = memberOf(node, member);
    if (!value) continue;
    const source = readValueSource(value, `${entry.key}.${member}`, context);
    if (source) members.set(member, source);
  }
  const value = toJson(without(node, field.valueMembers ?? [])) as JsonObject;
  return {
    drafts: [[entry.key, { is: "object", value, members }]],
    places: memberPlaces(entry.key, node),
    named: [],
    checked: node,
  };
}

function dropMembers(node: Node, members: readonly string[], entry: Entry, context: BlockContext): Node {
  if (node.is !== "map" || members.length === 0) return node;
  for (const member of members) {
    const dropped = node.entries.get(member);
    if (dropped) tellNoApi(dropped, `${entry.key}.${member}`, context);
  }
  return without(node, members);
}

function without(node: MapNode, members: readonly string[]): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !members.includes(key))) };
}

function tellNoApi(entry: Entry, path: string, context: BlockContext): void {
  context.tell({
    code: "no-api",
    severity: "warning",
    message: `\`${path}\` of ${inSentence(context.subject)} has no API; it is kept for Blueprints only.`,
    remedy: "Nothing to do: trueup reads it and changes nothing because of it.",
    place: entry.keyPlace,
    fold: path,
  });
}

/** Of a mapping its members (`scaling.maxInstances`), of a list its items (`ipAllowList.0`): each has a line of its own. */
function memberPlaces(key: string, node: Node): readonly (readonly [string, Place])[] {
  if (node.is === "list") return node.items.map((item, index) => [`${key}.${index}`, item.place] as const);
  if (node.is !== "map") return [];
  return [...node.entries.values()].map((member) => [`${key}.${member.key}`, member.value.place] as const);
}

/** Items of an ordered list by the keys that they are compared under: `routes.redirect /old`. */
function itemPlaces(
  key: string,
  members: readonly string[],
  node: Node,
): readonly (readonly [string, Place])[] {
  if (node.is !== "list") return [];
  const items = node.items.map((item) => toJson(item)).filter((item): item is JsonObject => isObject(item));
  if (items.length < node.items.length) return [];
  return keyItems(members, items).map(
    ([name], index) => [`${key}.${name}`, node.items[index]!.place] as const,
  );
}

/** The registry credentials that a field refers to, `{fromRegistryCreds: {name}}` anywhere in it. */
function credentialNames(node: Node): readonly NamedResource[] {
  if (node.is !== "map") return [];
  const name = memberOf(memberOf(node, "fromRegistryCreds"), "name");
  const text = textOf(name);
  const own =
    name && text !== undefined
      ? [{ kind: referredKinds.registryCredential, name: text, place: name.place }]
      : [];
  return [...own, ...[...node.entries.values()].flatMap((entry) => credentialNames(entry.value))];
}

/** A value with each registry credential as its bare name, as the spec holds it. */
function collapseCredentials(value: Json): Json {
  if (!isObject(value)) return value;
  const reference = value["fromRegistryCreds"];
  if (isObject(reference) && typeof reference["name"] === "string") return reference["name"];
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, collapseCredentials(member)]));
}

function referredNames(field: Field, node: Node): readonly NamedResource[] {
  const kind = field.refersTo;
  if (kind === undefined) return [];
  const items = node.is === "list" ? node.items : [node];
  return items.flatMap((item) => {
    const name = textOf(item);
    return name === undefined ? [] : [{ kind, name, place: item.place }];
  });
}
