import type { Node } from "../base/node.ts";
import { isBlank, isFlowScalar, readFlowScalar, valueOf } from "./read-scalar.ts";
import type { TokenStream } from "./tokens.ts";
import { maxDepth, type Tree } from "../base/tree.ts";

/** What one text is read with: its tokens, and the tree that makes nodes of them. */
export type Reading = { readonly tokens: TokenStream; readonly tree: Tree };

/** Reads `[a, b]` or `{a: b}`, whose bracket is next, at this depth. It gives up at what is wrong, and at pairs in lists. */
export function readFlow(reading: Reading, depth: number): Node {
  checkDepth(reading.tokens, depth);
  return reading.tokens.isAt("flow-map-start") ? readFlowMap(reading, depth) : readFlowList(reading, depth);
}

/** Gives up where a mapping or list would begin below the deepest level. */
export function checkDepth(tokens: TokenStream, depth: number): void {
  if (depth >= maxDepth) tokens.stop("too-deep");
}

function readFlowList({ tokens, tree }: Reading, depth: number): Node {
  const start = tokens.offset;
  const items: Node[] = [];
  tokens.advance();
  for (skipBlank(tokens); !tokens.isAt("flow-seq-end"); readComma(tokens, "flow-seq-end")) {
    if (tokens.isAt("end")) {
      tokens.stop();
      break;
    }
    checkRoom({ tokens, tree });
    items.push(readFlowNode({ tokens, tree }, depth + 1, tokens.offset));
  }
  const { end } = tokens;
  tokens.advance();
  return tree.list(items, tree.place(start, end));
}

function readFlowMap({ tokens, tree }: Reading, depth: number): Node {
  const start = tokens.offset;
  const map = tree.openMap();
  tokens.advance();
  for (skipBlank(tokens); !tokens.isAt("flow-map-end"); readComma(tokens, "flow-map-end")) {
    if (!isFlowScalar(tokens.kind)) tokens.stop();
    const key = tokens.isAt("end") ? undefined : readFlowScalar(tokens);
    if (!key) break;
    checkRoom({ tokens, tree });
    const place = tree.place(key.start, key.end);
    const value = readFlowValue({ tokens, tree }, depth + 1, key.end);
    tree.addEntry(map, { text: key.text, place, isMerge: key.kind === "scalar" && key.text === "<<" }, value);
  }
  const { end } = tokens;
  tokens.advance();
  return tree.closeMap(map, tree.place(start, end));
}

/** Reads what follows a key that ends at `keyEnd`: a colon and a value, or nothing, which is null. */
function readFlowValue({ tokens, tree }: Reading, depth: number, keyEnd: number): Node {
  skipBlank(tokens);
  if (!tokens.isAt("map-value-ind")) return tree.nothing(tree.place(keyEnd, keyEnd));
  tokens.advance();
  tokens.skipSpaces();
  const nothingAt = tokens.offset;
  skipBlank(tokens);
  if (tokens.isAt("comma") || tokens.isAt("flow-map-end"))
    return tree.nothing(tree.place(nothingAt, nothingAt));
  return readFlowNode({ tokens, tree }, depth, nothingAt);
}

function readFlowNode(reading: Reading, depth: number, at: number): Node {
  const { tokens, tree } = reading;
  const anchor = tokens.isAt("anchor") ? readAnchor(tokens) : undefined;
  if (anchor === undefined) return readFlowContent(reading, depth, at);
  skipBlank(tokens);
  tree.openAnchor(anchor);
  const node = tokens.isAt("alias") ? giveUp(reading, at) : readFlowContent(reading, depth, at);
  tree.closeAnchor(anchor, node);
  return node;
}

function readFlowContent(reading: Reading, depth: number, at: number): Node {
  const { tokens, tree } = reading;
  if (tokens.isAt("alias")) return readAlias(reading);
  if (tokens.isAt("flow-map-start") || tokens.isAt("flow-seq-start")) return readFlow(reading, depth);
  const scalar = isFlowScalar(tokens.kind) ? readFlowScalar(tokens) : undefined;
  if (!scalar) return giveUp(reading, at);
  return tree.scalar(valueOf(scalar), scalar.text, tree.place(scalar.start, scalar.end));
}

/** Reads the comma between two items. One more may stand before the closing bracket. */
function readComma(tokens: TokenStream, close: "flow-seq-end" | "flow-map-end"): void {
  skipBlank(tokens);
  if (tokens.isAt("comma")) {
    tokens.advance();
    skipBlank(tokens);
  } else if (!tokens.isAt(close)) tokens.stop();
}

/** Gives up where the document holds too many values. */
export function checkRoom({ tokens, tree }: Reading): void {
  if (tree.isFull) tokens.stop("too-much");
}

/** Reads the name of an anchor. It gives up where the library would warn of the name. */
export function readAnchor(tokens: TokenStream): string {
  const name = tokens.source.slice(1);
  tokens.advance();
  const isApart = tokens.isAt("space") || tokens.isAt("newline");
  if (name === "" || name.endsWith(":") || !isApart) tokens.stop();
  return name;
}

/** Reads an alias: the node that it stands for. */
export function readAlias({ tokens, tree }: Reading): Node {
  const name = tokens.source.slice(1);
  const place = tree.place(tokens.offset, tokens.end);
  if (name === "" || name.endsWith(":")) tokens.stop();
  tokens.advance();
  return tree.alias(name, place);
}

/** Gives up reading and answers with an empty node, which is not used. */
export function giveUp({ tokens, tree }: Reading, at: number): Node {
  tokens.stop();
  return tree.nothing(tree.place(at, at));
}

function skipBlank(tokens: TokenStream): void {
  while (isBlank(tokens.kind)) tokens.advance();
}
