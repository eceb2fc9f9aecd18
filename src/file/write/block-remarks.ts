import { isMap, isPair, isScalar, isSeq, type Document, type Node, type YAMLMap } from "yaml";
import { isObject } from "../../core/base/json.ts";

/** Puts comments into blocks of a document that was made from `root`, behind the name of each. */
export function addRemarks(
  document: Document,
  root: object,
  remarksOf: (block: object) => readonly string[] | undefined,
): void {
  walk(document.contents, root, (node, block) => {
    const lines = remarksOf(block);
    if (!lines || lines.length === 0) return;
    const text = lines.join("\n");
    const next = node.items.find((pair) => isPair(pair) && isScalar(pair.key) && !isName(pair.key.value));
    if (next && isScalar(next.key)) next.key.commentBefore = text;
    else node.comment = text;
  });
}

function isName(key: unknown): boolean {
  return key === "name" || key === "type";
}

/** Goes through the mappings of a document beside the data that it was made from, which has keys more: those without a value. */
function walk(node: Node | null, data: unknown, visit: (node: YAMLMap, data: object) => void): void {
  if (isSeq(node) && Array.isArray(data)) {
    for (const [index, item] of node.items.entries()) walk(item as Node, data[index], visit);
    return;
  }
  if (!isMap(node) || !isObject(data)) return;
  visit(node, data);
  for (const { key, value } of node.items)
    if (isScalar(key)) walk(value as Node | null, data[String(key.value)], visit);
}
