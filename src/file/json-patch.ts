import jsonpatch, { type Operation } from "fast-json-patch";
import { canonical } from "../core/json.ts";
import { memberOf, textOf, toJson, type Entry, type ListNode, type Node, type ScalarNode } from "./node.ts";
import type { Tell } from "./remark.ts";
import type { Place } from "./source.ts";

/**
 * RFC 6902 on a file whose every part knows its place. The library walks plain values, so mappings and lists go through it
 * as they are and each scalar as the number of a node in a table: a text, which can be copied and cannot be walked into.
 */
export function applyJsonPatch(base: Node, patch: ListNode, tell: Tell): Node | undefined {
  const nodes = new NodeTable();
  let document = nodes.encode(base);
  for (const [index, item] of patch.items.entries()) {
    const fault = describeShape(item);
    const operation = fault === undefined ? encodeOperation(item, nodes) : undefined;
    const done = operation && applyOne(document, operation, index, nodes);
    const why = fault ?? (typeof done === "string" ? done : undefined);
    if (why !== undefined || !done || typeof done === "string") {
      tellFault(item, index, why ?? "", tell);
      return undefined;
    }
    document = done.document;
  }
  return nodes.decode(document, patch.place);
}

type Encoded = string | Encoded[] | { [key: string]: Encoded };

/** The document after one operation, or why it cannot be done. */
function applyOne(document: Encoded, operation: Operation, index: number, nodes: NodeTable): { readonly document: Encoded } | string {
  try {
    if (operation.op === "test") {
      const found = jsonpatch.getValueByPointer(document, operation.path) as Encoded | undefined;
      const isSame = found !== undefined && nodes.isSame(found, operation.value as Encoded);
      return isSame ? { document } : "the value there is another one";
    }
    // Checks the operation and the way to its target; the names that reach a prototype are refused.
    return { document: jsonpatch.applyOperation(document, operation, true, false, true, index).newDocument };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    return reasons[name] ?? "there is nothing at its path";
  }
}

/** By the names of the library's errors. */
const reasons: { readonly [name: string]: string } = {
  OPERATION_FROM_UNRESOLVABLE: "there is nothing at `from`",
  OPERATION_PATH_INVALID: "its path is no JSON Pointer: it must begin with a slash, as in `/services/0/plan`",
  OPERATION_PATH_ILLEGAL_ARRAY_INDEX: "a list is entered by a number, or by `-` for its end",
  OPERATION_VALUE_OUT_OF_BOUNDS: "the list is shorter than that",
};

const operations = ["add", "remove", "replace", "move", "copy", "test"];

function describeShape(item: Node): string | undefined {
  const op = textOf(memberOf(item, "op"));
  if (item.is !== "map" || op === undefined) return "it lacks `op`";
  if (!operations.includes(op)) return `\`op\` must be one of ${operations.join(", ")}`;
  if (memberOf(item, "path")?.is !== "scalar") return "it lacks `path`";
  if ((op === "move" || op === "copy") && memberOf(item, "from")?.is !== "scalar") return "it lacks `from`";
  if (["add", "replace", "test"].includes(op) && !memberOf(item, "value")) return "it lacks `value`";
  return undefined;
}

function encodeOperation(item: Node, nodes: NodeTable): Operation {
  const text = (member: string): string => textOf(memberOf(item, member)) ?? "";
  const value = memberOf(item, "value");
  const operation = { op: text("op"), path: text("path"), from: text("from"), ...(value && { value: nodes.encode(value) }) };
  return operation as Operation;
}

function tellFault(item: Node, index: number, why: string, tell: Tell): void {
  tell({
    code: "overlay-patch",
    severity: "error",
    message: `Operation ${index + 1} of the overlay cannot be done: ${why}.`,
    remedy: "Paths are JSON Pointers into the file with the operations before this one done; lists count from 0.",
    place: memberOf(item, "path")?.place ?? item.place,
  });
}

/** Nodes of one patch, while it is applied. */
class NodeTable {
  readonly #scalars: ScalarNode[] = [];
  readonly #origins = new WeakMap<object, Node>();

  encode(node: Node): Encoded {
    if (node.is === "scalar") return String(this.#scalars.push(node) - 1);
    const encoded: Exclude<Encoded, string> = node.is === "list" ? node.items.map((item) => this.encode(item)) : (Object.create(null) as { [key: string]: Encoded });
    if (node.is === "map" && !Array.isArray(encoded)) for (const { key, value } of node.entries.values()) encoded[key] = this.encode(value);
    this.#origins.set(encoded, node);
    return encoded;
  }

  /** What was copied has lost its origin and stands where the copy was asked for. */
  decode(encoded: Encoded, fallback: Place): Node {
    if (typeof encoded === "string") return this.#scalars[Number(encoded)]!;
    const origin = this.#origins.get(encoded);
    const place = origin?.place ?? fallback;
    if (Array.isArray(encoded)) {
      const items = encoded.map((item) => this.decode(item, place));
      return { is: "list", items, place, weight: weigh(items) };
    }
    const entries = Object.entries(encoded).map(([key, member]): [string, Entry] => {
      const value = this.decode(member, place);
      return [key, { key, keyPlace: keyPlaceIn(origin, key) ?? value.place, value }];
    });
    return { is: "map", entries: new Map(entries), place, weight: weigh(entries.map(([, { value }]) => value)) };
  }

  isSame(a: Encoded, b: Encoded): boolean {
    const nowhere: Place = { source: { name: "", text: "", lineStarts: [0] }, start: 0, end: 0 };
    return canonical(toJson(this.decode(a, nowhere))) === canonical(toJson(this.decode(b, nowhere)));
  }
}

function keyPlaceIn(origin: Node | undefined, key: string): Place | undefined {
  return origin?.is === "map" ? origin.entries.get(key)?.keyPlace : undefined;
}

function weigh(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.weight, 1);
}
