import { nameOf, type Address } from "../../core/base/address.ts";
import { defaultLifecycle, type Desired } from "../../core/model/desired.ts";
import type { Field, JsonSchema, Shape } from "../../core/model/field.ts";
import { isObject, sameJson, type Json, type JsonObject } from "../../core/base/json.ts";
import { valueIn } from "../../core/model/declared.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import type { Value } from "../../core/model/value.ts";
import { referredKinds } from "../base/reference-forms.ts";
import { writeSource } from "./write-source.ts";

/** A block as it is written. Blocks that stand inside are added to it later. */
export type Block = { [key: string]: unknown };

/** What one block is written from. */
export type BlockInput = {
  readonly desired: Desired;
  readonly kind: FileKind;
  readonly shape: Shape;
  /** All resources that are written, for the names in references. */
  readonly all: ReadonlyMap<Address, Desired>;
  readonly kinds: readonly FileKind[];
};

/**
 * One block in the words of the format, its keys in the order of the table of its kind, its maps of entries as lists
 * again.
 */
export function writeBlock(input: BlockInput): Block {
  const { desired, kind, shape } = input;
  const block: Block = {};
  const type = shape.when?.type?.[0];
  if (type !== undefined) block["type"] = desired.spec["type"] ?? type;
  if (shape.single === undefined && shape.named === undefined) block["name"] = ownName(desired);
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.derived || (name === "type" && type !== undefined)) continue;
    const value = writeField(input, name, field);
    if (value !== undefined) block[name] = value;
  }
  // Blocks that stand inside come in this order, in whatever order they are written. A key that stays undefined is
  // not printed.
  for (const list of shape.holds ?? []) block[list] = undefined;
  const lifecycle = writeLifecycle(desired);
  if (lifecycle) block["lifecycle"] = lifecycle;
  return block;
}

/** The name in the block. An environment is called `project/environment`; its block has the last part. */
function ownName(desired: Desired): string {
  return desired.kind === referredKinds.environment
    ? desired.name.slice(desired.name.indexOf("/") + 1)
    : desired.name;
}

function writeField(input: BlockInput, name: string, field: Field): unknown {
  const { desired, shape } = input;
  const value = desired.spec[name];
  if (field.entries && !field.entries.ordered) {
    const links = name === input.kind.variables ? groupLinks(input) : [];
    if (value === undefined && links.length === 0) return undefined;
    return [...links, ...writeEntries(input, field, isObject(value) ? (value as Entries) : {})];
  }
  if (value === undefined) return undefined;
  if (field.value) return value === null ? null : writeBare(input, value as Value);
  if (field.addressMember !== undefined && Array.isArray(value))
    return (value as readonly JsonObject[]).map((item) => writeItem(input, field, item));
  if (field.valueMembers && isObject(value)) return writeMembers(input, field.valueMembers, value as Entries);
  return withReferences(value as Json, field.schemaOf?.[shape.name] ?? field.schema);
}

type Entries = { readonly [entry: string]: Json | Value };

function writeEntries(input: BlockInput, field: Field, entries: Entries): readonly unknown[] {
  const members = field.entries?.key ?? [];
  const [label] = members;
  return Object.entries(entries).flatMap(([entry, item]): readonly unknown[] => {
    if (label === undefined) return [entry];
    const value = item as Value;
    if (members.length === 1) return [{ [label]: entry, ...writeSource(value, input) }];
    // A header is a text or the address of a service, so one that looks secret is not written.
    if (value.from !== "literal" && value.from !== "output") return [];
    const written = value.from === "literal" ? value.text : writeSource(value, input);
    return [{ ...takeKeyApart(entry, members), value: written }];
  });
}

/** An item of a list; an address of another service in it is a reference again. */
function writeItem(input: BlockInput, field: Field, item: JsonObject): unknown {
  const value = valueIn({ field, value: item });
  return value ? { ...item, [field.addressMember ?? ""]: writeSource(value, input) } : item;
}

/** An entry key in its members. The last ones are one word each; the first has all the rest. */
function takeKeyApart(entry: string, members: readonly string[]): { readonly [member: string]: string } {
  const words = entry.split(" ");
  const first = words.splice(0, words.length - members.length + 1).join(" ");
  return Object.fromEntries(
    members.map((member, index) => [member, index === 0 ? first : (words[index - 1] ?? "")]),
  );
}

/** Links to groups, which stand among the variables of a block. The spec has them by address. */
function groupLinks({ desired, kind, all }: BlockInput): readonly unknown[] {
  const links = kind.links === undefined ? undefined : desired.spec[kind.links];
  if (!isObject(links)) return [];
  return (Object.keys(links) as Address[]).map((link) => ({
    fromGroup: all.get(link)?.name ?? nameOf(link),
  }));
}

/** An entry without a name of its own: a literal is a bare text. */
function writeBare(input: BlockInput, value: Value): unknown {
  return value.from === "literal" ? value.text : writeSource(value, input);
}

function writeMembers(input: BlockInput, values: readonly string[], members: Entries): unknown {
  const written = Object.entries(members).map(([name, member]) => [
    name,
    values.includes(name) ? writeBare(input, member as Value) : member,
  ]);
  return Object.fromEntries(written) as unknown;
}

/** A value with its registry credentials as references again: the spec has only their names. */
function withReferences(value: Json, schema: JsonSchema): unknown {
  const properties = schema["properties"] as { readonly [name: string]: JsonSchema } | undefined;
  if (properties?.["fromRegistryCreds"] && typeof value === "string")
    return { fromRegistryCreds: { name: value } };
  if (!isObject(value) || !properties) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withReferences(member, properties[name] ?? {})]),
  );
}

/** `lifecycle` of a block, as far as it differs from the default. */
function writeLifecycle({ lifecycle }: Desired): Block | undefined {
  const said = Object.entries(lifecycle).filter(
    ([key, value]) => !sameJson(value, (defaultLifecycle as { readonly [key: string]: unknown })[key]),
  );
  if (said.length === 0) return undefined;
  const block: Block = Object.fromEntries(said);
  const { job, timeout } = lifecycle.beforeDeploy ?? {};
  if (job !== undefined)
    block["beforeDeploy"] = { job, ...(timeout !== undefined && { timeout: `${timeout / 1_000}s` }) };
  return block;
}
