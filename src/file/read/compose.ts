import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node as YamlNode,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Node } from "../base/node.ts";
import type { Tell } from "../base/remark.ts";
import type { OpenSource, Place } from "../base/source.ts";
import { describeSyntaxErrors } from "./syntax-errors.ts";
import { maxDepth, tooDeep, Tree, type Key } from "../base/tree.ts";

const maxSyntaxErrors = 20;
/**
 * A row of brackets that only a file meant to exhaust its reader has: the time of the library grows faster than their
 * number.
 */
const manyBrackets = /(?:[[{]\s*){200}/u;

/**
 * Reads a document with the parser and composer of the YAML library. They take all of YAML and name every error by a
 * code, for about twenty times the time and memory that the tokens alone need. `undefined`: something in the document
 * is wrong, and that was told.
 */
export function composeSource(source: OpenSource, tell: Tell): Node | undefined {
  const document = composeDocument(source, tell);
  if (!document) return undefined;
  for (const remark of describeSyntaxErrors(document.errors, source).slice(0, maxSyntaxErrors)) tell(remark);
  if (document.errors.length > 0) return undefined;
  const { directives, contents } = document;
  const tree = new Tree(source, tell);
  if (directives.yaml.explicit && directives.yaml.version !== "1.2") {
    tell({
      code: "yaml-version",
      severity: "error",
      message: `The file asks for YAML ${directives.yaml.version}; Blueprints are YAML 1.2.`,
      remedy: "Remove the %YAML line.",
      place: tree.place(0, 0),
    });
    return undefined;
  }
  if (!contents) return tree.closeMap(tree.openMap(), tree.place(0, 0));
  const node = convert(contents, tree, 0, 0);
  return tree.failed ? undefined : node;
}

function composeDocument(source: OpenSource, tell: Tell): Document.Parsed | undefined {
  const brackets = manyBrackets.exec(source.text);
  if (brackets) {
    tell({ severity: "error", ...tooDeep({ source, start: brackets.index, end: brackets.index }) });
    return undefined;
  }
  try {
    // `uniqueKeys` would compare every key with every other; `Tree` finds duplicates with a map.
    return parseDocument(source.text, {
      version: "1.2",
      schema: "core",
      uniqueKeys: false,
      prettyErrors: false,
      // At the level "silent" the library would not report that there are several documents. It prints nothing at
      // this level.
      logLevel: "error",
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    tell({ severity: "error", ...tooDeep({ source, start: 0, end: 0 }) });
    return undefined;
  }
}

function convert(yaml: YamlNode | null, tree: Tree, depth: number, fallback: number): Node {
  const place = placeOf(yaml, tree, fallback);
  if (!tree.failed && depth > maxDepth) tree.fail(tooDeep(place));
  if (tree.failed || yaml === null) return tree.nothing(place);
  if (isAlias(yaml)) return tree.alias(yaml.source, place);
  const anchor = isScalar(yaml) || isMap(yaml) || isSeq(yaml) ? yaml.anchor : undefined;
  if (anchor !== undefined) tree.openAnchor(anchor);
  const node = convertContent(yaml, tree, place, depth);
  if (anchor !== undefined) tree.closeAnchor(anchor, node);
  return node;
}

function convertContent(yaml: YamlNode, tree: Tree, place: Place, depth: number): Node {
  if (isScalar(yaml)) return tree.scalar(yaml.value, yaml.source ?? "", place);
  if (isSeq(yaml)) return convertList(yaml, tree, place, depth);
  if (isMap(yaml)) return convertMap(yaml, tree, place, depth);
  throw new Error(`unexpected node in ${place.source.name}`);
}

function convertList(yaml: YAMLSeq, tree: Tree, place: Place, depth: number): Node {
  const items = yaml.items.map((item) => convert(item as YamlNode | null, tree, depth + 1, place.start));
  return tree.list(items, place);
}

function convertMap(yaml: YAMLMap, tree: Tree, place: Place, depth: number): Node {
  const map = tree.openMap();
  for (const pair of yaml.items as readonly Pair<YamlNode, YamlNode | null>[]) {
    const key = readKey(pair.key, tree, placeOf(pair.key, tree, place.start));
    if (key !== undefined) tree.addEntry(map, key, convert(pair.value, tree, depth + 1, key.place.end));
  }
  return tree.closeMap(map, place);
}

function readKey(key: YamlNode, tree: Tree, place: Place): Key | undefined {
  if (isScalar(key) && !(key.value === null && key.source === "")) {
    const text = key.source ?? String(key.value);
    return { text, place, isMerge: text === "<<" && key.type === "PLAIN" };
  }
  tree.fail({
    code: "yaml-key",
    message: "A key must be a plain word.",
    remedy: "Write the key as text; quote it if it holds special characters.",
    place,
  });
  return undefined;
}

function placeOf(yaml: YamlNode | null, tree: Tree, fallback: number): Place {
  return tree.place(yaml?.range?.[0] ?? fallback, yaml === null ? fallback : endOf(yaml, fallback));
}

/** Where the last text of a block ends. The range that the library gives also holds comments and empty lines behind it. */
function endOf(yaml: YamlNode, fallback: number): number {
  const end = yaml.range?.[1] ?? fallback;
  if (isSeq(yaml) && !yaml.flow) return lastEnd(yaml.items.at(-1), end);
  if (!isMap(yaml) || yaml.flow) return end;
  const last: Pair | undefined = yaml.items.at(-1);
  return lastEnd(last?.value ?? last?.key, end);
}

function lastEnd(yaml: unknown, fallback: number): number {
  return isScalar(yaml) || isAlias(yaml) || isMap(yaml) || isSeq(yaml) ? endOf(yaml, fallback) : fallback;
}
