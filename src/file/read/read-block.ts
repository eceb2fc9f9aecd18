import type { Node } from "../base/node.ts";
import { checkDepth, checkRoom, giveUp, readAlias, readAnchor, readFlow, type Reading } from "./read-flow.ts";
import {
  isBlank,
  isFlowScalar,
  readBlockScalar,
  readFlowScalar,
  valueOf,
  type FlowScalar,
} from "./read-scalar.ts";
import type { TokenStream } from "./tokens.ts";

/** The block around a node; `depth` is the depth of the node itself. */
type Around = { readonly is: "root" | "map" | "list"; readonly indent: number; readonly depth: number };

/** A node, and the offset where its last text ends. */
type Block = { readonly node: Node; readonly end: number };

/**
 * Reads one document from the tokens of the library, in one pass and without a tree of tokens. It reads what plain
 * files are made of, and gives up at everything else, valid or not: tags, keys that are not scalars, directives,
 * several documents. Where it does answer, it answers what the parser and composer of the library answer
 * (test/file/reader.test.ts). `undefined`: it gave up (`tokens.stopped`), or the tree failed.
 */
export function readDocument(reading: Reading): Node | undefined {
  const { tokens, tree } = reading;
  skipBlank(tokens);
  if (tokens.isAt("end") && tokens.stopped === undefined)
    return tree.closeMap(tree.openMap(), tree.place(0, 0));
  if (tokens.isAt("doc-mode")) tokens.advance();
  else tokens.stop();
  if (tokens.isAt("doc-start")) {
    tokens.advance();
    readLineEnd(tokens);
  }
  skipBlank(tokens);
  const { node } = readContent(reading, { is: "root", indent: -1, depth: 0 }, true, tokens.offset);
  skipBlank(tokens);
  if (!tokens.isAt("end")) tokens.stop();
  return tokens.stopped !== undefined || tree.failed ? undefined : node;
}

/** Reads the value behind a colon or a dash. Where there is none, that is null. */
function readNode(reading: Reading, around: Around): Block {
  const { tokens, tree } = reading;
  tokens.skipSpaces();
  const anchor = tokens.isAt("anchor") ? readAnchor(tokens) : undefined;
  if (anchor !== undefined) tree.openAnchor(anchor);
  tokens.skipSpaces();
  const nothingAt = tokens.offset;
  const isOnOwnLine = tokens.isAt("comment") || tokens.isAt("newline");
  if (isOnOwnLine) skipBlank(tokens);
  if (anchor !== undefined && tokens.isAt("alias")) tokens.stop();
  const block =
    tokens.isAt("end") || (isOnOwnLine && !isInside(tokens, around))
      ? { node: tree.nothing(tree.place(nothingAt, nothingAt)), end: nothingAt }
      : readContent(
          reading,
          around,
          isOnOwnLine || (around.is === "list" && anchor === undefined),
          nothingAt,
        );
  if (anchor !== undefined) tree.closeAnchor(anchor, block.node);
  return block;
}

/** Whether the next token belongs to the block around. A list may stand as far left as the key that it belongs to. */
function isInside({ kind, indent }: TokenStream, around: Around): boolean {
  return (
    indent > around.indent || (around.is === "map" && kind === "seq-item-ind" && indent === around.indent)
  );
}

/**
 * Reads a value, on its line or below. A block may begin on the line of a dash (`- - a`, `- a: b`) and not on that of
 * a key: `a: b: c` and `a: - b` are wrong.
 */
function readContent(reading: Reading, around: Around, canBeBlock: boolean, at: number): Block {
  const { tokens, tree } = reading;
  const canStart = canBeBlock && tokens.isFirst;
  if (isFlowScalar(tokens.kind)) return readScalarOrMap(reading, around.depth, canStart);
  if (tokens.isAt("seq-item-ind") && canStart) return readList(reading, around.depth);
  if (tokens.isAt("flow-map-start") || tokens.isAt("flow-seq-start")) {
    const node = readFlow(reading, around.depth);
    return { node, end: readLineEnd(tokens, node.place.end) };
  }
  if (tokens.isAt("alias")) {
    const { end } = tokens;
    return { node: readAlias(reading), end: readLineEnd(tokens, end) };
  }
  // The library has rules of its own for a block scalar that is the whole document: here reading gives up.
  const scalar =
    tokens.isAt("block-scalar-header") && around.is !== "root"
      ? readBlockScalar(tokens, around.indent)
      : undefined;
  if (!scalar) return { node: giveUp(reading, at), end: at };
  const place = tree.place(scalar.start, scalar.end);
  return { node: tree.scalar(scalar.text, scalar.text, place), end: scalar.end };
}

function readScalarOrMap(reading: Reading, depth: number, canBeKey: boolean): Block {
  const { tokens, tree } = reading;
  const { indent, offset } = tokens;
  const scalar = readFlowScalar(tokens);
  if (!scalar) return { node: giveUp(reading, offset), end: offset };
  tokens.skipSpaces();
  if (tokens.isAt("map-value-ind")) {
    if (!canBeKey) tokens.stop();
    return readMap(reading, scalar, indent, depth);
  }
  const node = tree.scalar(valueOf(scalar), scalar.text, tree.place(scalar.start, scalar.end));
  return { node, end: readLineEnd(tokens, scalar.end) };
}

/** Reads a mapping. Its first key is read already, and the colon of that is next. */
function readMap(reading: Reading, first: FlowScalar, indent: number, depth: number): Block {
  const { tokens, tree } = reading;
  checkDepth(tokens, depth);
  const around: Around = { is: "map", indent, depth: depth + 1 };
  const map = tree.openMap();
  let end = first.end;
  for (let key: FlowScalar | undefined = first; key; key = readNextKey(tokens, indent)) {
    if (!isPlainKey(key, tokens)) tokens.stop();
    checkRoom(reading);
    tokens.advance();
    const value = readNode(reading, around);
    const place = tree.place(key.start, key.end);
    tree.addEntry(
      map,
      { text: key.text, place, isMerge: key.kind === "scalar" && key.text === "<<" },
      value.node,
    );
    end = value.end;
  }
  return { node: tree.closeMap(map, tree.place(first.start, end)), end };
}

/** Reads the next key of a mapping, after which its colon is next; `undefined` where the mapping ends. */
function readNextKey(tokens: TokenStream, indent: number): FlowScalar | undefined {
  skipBlank(tokens);
  if (tokens.indent < indent || tokens.isAt("end")) return undefined;
  if (tokens.indent > indent || !tokens.isFirst || !isFlowScalar(tokens.kind)) {
    tokens.stop();
    return undefined;
  }
  const key = readFlowScalar(tokens);
  tokens.skipSpaces();
  if (tokens.isAt("map-value-ind")) return key;
  tokens.stop();
  return undefined;
}

/** Whether a scalar can be a key: YAML wants a key on one line and within 1024 characters. */
function isPlainKey(key: FlowScalar, { offset }: TokenStream): boolean {
  return offset - key.start <= 1024 && key.isOnOneLine;
}

function readList(reading: Reading, depth: number): Block {
  const { tokens, tree } = reading;
  const { indent, offset } = tokens;
  checkDepth(tokens, depth);
  const around: Around = { is: "list", indent, depth: depth + 1 };
  const items: Node[] = [];
  let end = offset;
  while (tokens.isAt("seq-item-ind") && tokens.indent === indent) {
    tokens.advance();
    checkRoom(reading);
    const item = readNode(reading, around);
    items.push(item.node);
    end = item.end;
    skipBlank(tokens);
  }
  if (tokens.indent > indent && !tokens.isAt("end")) tokens.stop();
  return { node: tree.list(items, tree.place(offset, end)), end };
}

/** Reads the rest of a line behind a value that ends at `end`: nothing may stand there but a comment. */
function readLineEnd(tokens: TokenStream, end = 0): number {
  tokens.skipSpaces();
  if (tokens.isAt("comment")) tokens.advance();
  if (tokens.isAt("newline")) tokens.advance();
  else if (!tokens.isAt("end")) tokens.stop();
  return end;
}

/** Skips spaces, comments and empty lines. */
function skipBlank(tokens: TokenStream): void {
  while (isBlank(tokens.kind)) {
    tokens.skipSpaces();
    if (tokens.isAt("comment") || tokens.isAt("newline")) tokens.advance();
  }
}
