import { Document, isMap, isScalar, isSeq, visit } from "yaml";
import { addRemarks } from "./block-remarks.ts";
import { makeAddress, type Address, type KindName } from "../../core/base/address.ts";
import type { Desired } from "../../core/model/desired.ts";
import type { Shape } from "../../core/model/field.ts";
import type { FileKind } from "../../core/model/file-kind.ts";
import { shapeOf } from "../../core/kind/shape.ts";
import { referredKinds } from "../base/reference-forms.ts";
import { writeBlock, type Block } from "./write-block.ts";

/** What a file is written with, besides its resources. */
export type WriteOptions = {
  readonly kinds: readonly FileKind[];
  /** Name or id of the workspace, for `workspace:`. */
  readonly workspace?: string;
  /** Lines of the comment at the top, without `#`. */
  readonly comment?: readonly string[];
  /** Lines of comments inside a block, without `#`: what it would say and cannot. */
  readonly remarks?: ReadonlyMap<Address, readonly string[]>;
};

/** A written file, with the blocks in it: each is the mapping of `root` that the resource became. */
export type Written = {
  readonly text: string;
  readonly root: { readonly [key: string]: unknown };
  readonly blocks: ReadonlyMap<object, Desired>;
};

type Placed = {
  readonly desired: Desired;
  readonly kind: FileKind;
  readonly shape: Shape;
  readonly block: Block;
};
/** A mapping that holds lists of blocks: the root, an environment, `ungrouped`. */
type Holder = { [list: string]: unknown };

/**
 * The file that declares these resources: reading it gives them again. Blocks stand in the order in which they come,
 * grouped by list. No secret is ever written: a literal that looks like one becomes `sync: false`.
 */
export function writeDesired(resources: readonly Desired[], options: WriteOptions): string {
  return writeBlocks(resources, options).text;
}

/** The same, with the blocks of the file, so that a problem of a line can be led back to a resource. */
export function writeBlocks(resources: readonly Desired[], options: WriteOptions): Written {
  const byAddress = new Map(resources.map((desired) => [desired.address, desired]));
  const placed = resources.flatMap((desired) => place(desired, byAddress, options.kinds));
  const holders = new Map(placed.map((one) => [one.desired.address, one.block]));
  const root: Holder = options.workspace === undefined ? {} : { workspace: options.workspace };
  for (const key of rootKeys(options.kinds)) root[key] = undefined;
  for (const one of placed) putInto(holderOf(one, holders, root), one);
  const blocks = new Map(placed.map(({ block, desired }) => [block as object, desired]));
  return { text: printYaml(root, blocks, options), root, blocks };
}

function place(
  desired: Desired,
  all: ReadonlyMap<Address, Desired>,
  kinds: readonly FileKind[],
): readonly Placed[] {
  const kind = kinds.find(({ name }) => name === desired.kind);
  const shape = kind && shapeOf(kind, desired.spec);
  return kind && shape
    ? [{ desired, kind, shape, block: writeBlock({ desired, kind, shape, all, kinds }) }]
    : [];
}

/** The keys of the root in the order of the published schema: projects come before what stands outside of them. */
function rootKeys(kinds: readonly FileKind[]): readonly string[] {
  const lists = kinds.flatMap(({ shapes }) =>
    shapes.filter(({ inside }) => inside === undefined).map(({ list }) => list.split(".")[0]!),
  );
  return [...new Set(["projects", "ungrouped", ...lists])];
}

/** The mapping that a block is written into. */
function holderOf(one: Placed, holders: ReadonlyMap<Address, Block>, root: Holder): Holder {
  const { desired, shape } = one;
  if (shape.inside !== undefined)
    return blockOf(makeAddress(shape.inside as KindName, hostIn(desired, shape)), desired, holders);
  if (desired.environment === null) return (root["ungrouped"] ??= {}) as Holder;
  if (desired.environment !== undefined) return blockOf(desired.environment, desired, holders);
  return shape.list.startsWith("rendercad.") ? ((root["rendercad"] ??= {}) as Holder) : root;
}

function blockOf(address: Address, inner: Desired, holders: ReadonlyMap<Address, Block>): Block {
  const block = holders.get(address);
  if (!block) throw new Error(`${inner.address} stands inside ${address}, which is not written`);
  return block;
}

/** The name of the block that this one stands in: the service of a disk or a domain, the project of an environment. */
export function hostIn(desired: Desired, shape: Shape): string {
  if (shape.named === "host") return desired.name;
  if (shape.inside === referredKinds.project) return desired.name.split("/")[0] ?? "";
  const { service } = desired.spec;
  return typeof service === "string" ? service : "";
}

/** The shape that a resource has in a file. */
export function shapeIn(desired: Desired, kinds: readonly FileKind[]): Shape | undefined {
  const kind = kinds.find(({ name }) => name === desired.kind);
  return kind && shapeOf(kind, desired.spec);
}

function putInto(holder: Holder, { desired, shape, block }: Placed): void {
  const key = shape.list.split(".").at(-1)!;
  if (shape.single !== undefined || shape.named === "host") holder[key] = block;
  else ((holder[key] ??= []) as unknown[]).push(shape.named === "itself" ? desired.name : block);
}

/**
 * The file as YAML that readers of versions 1.2 and 1.1 take alike: `off` and `no` are in quotes. Empty lines stand
 * between the keys of the root and between blocks.
 */
function printYaml(
  root: Holder,
  blocks: Written["blocks"],
  { comment = [], remarks = new Map() }: WriteOptions,
): string {
  const document = new Document(root, { version: "1.2", compat: "yaml-1.1", aliasDuplicateObjects: false });
  document.commentBefore = comment.map(asComment).join("\n") || null;
  visit(document, {
    Scalar(_index, scalar) {
      if (typeof scalar.value === "string" && misleads(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
    Pair(index, { key, value }, path) {
      if (path.length === 2 && index !== 0 && isScalar(key)) key.spaceBefore = true;
      // A list of blocks that have a name.
      if (
        !isSeq(value) ||
        !value.items.every((item) => isMap(item) && item.has("name") && item.items.length > 1)
      )
        return;
      for (const item of value.items.slice(1)) if (isMap(item)) item.spaceBefore = true;
    },
  });
  if (remarks.size > 0) {
    addRemarks(document, root, (block) => {
      const address = blocks.get(block)?.address;
      return address && remarks.get(address)?.map(asComment);
    });
  }
  return spellHidden(document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity }));
}

/** A line of a comment: a text of an account stays on it. */
function asComment(line: string): string {
  return line === "" ? "" : ` ${spellHidden(line.replaceAll(/\s*[\r\n]+\s*/gu, " "))}`;
}

/**
 * Characters that are escaped in a file. Names and values of an account are data that anybody may have typed. In the
 * file, on a terminal, or in the log of a CI job, they must not hide, turn the reading order round or be taken for a
 * command of the runner (`::error::`, `##[error]`). A text with such characters stands in double quotes, on one line,
 * with escapes in place of them.
 */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const everyHidden = new RegExp(hidden.source, "gu");
const runnerCommand = /^\s*::|##\[/mu;

function misleads(text: string): boolean {
  return hidden.test(text) || runnerCommand.test(text);
}

/**
 * A printed file with hidden characters escaped. Outside of comments they stand only in double quotes, where the
 * escape is the same character.
 */
function spellHidden(text: string): string {
  return text
    .replaceAll(everyHidden, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code > 0xffff
        ? `\\U${code.toString(16).padStart(8, "0")}`
        : `\\u${code.toString(16).padStart(4, "0")}`;
    })
    .replaceAll("##[", "#\\x23[");
}
