import jsonpatch, { type Operation } from "fast-json-patch";
import {
  memberOf,
  textOf,
  type Entry,
  type ListNode,
  type MapNode,
  type Node,
  type ScalarNode,
} from "../base/node.ts";
import type { Tell } from "../base/remark.ts";
import type { Place } from "../base/source.ts";
import { maxDepth, tooDeep } from "../base/tree.ts";

/** The most parts that `copy` operations may make. A patch that copies its own copies doubles the document with each. */
const maxCopied = 100_000;

/**
 * Applies a JSON Patch (RFC 6902) to a file, all of whose parts keep their places. The library works on plain values:
 * mappings and lists are handed to it as such, and each scalar as a text with its number in a table, which can be
 * copied and not walked into.
 * `before`: how many operations of the overlay came before these.
 */
export function applyJsonPatch(base: Node, patch: ListNode, tell: Tell, before = 0): Node | undefined {
  const parts: Parts = { scalars: [], origins: new WeakMap(), copied: 0 };
  let document = encode(base, parts);
  for (const [index, item] of patch.items.entries()) {
    const fault = describeShape(item);
    const done = fault === undefined ? applyOne(document, item, parts) : { fault };
    if ("fault" in done) {
      tellFault(item, before + index, done.fault, tell);
      return undefined;
    }
    document = done.document;
  }
  if (!isTooDeep(document, 0)) return decode(document, parts, base.place);
  tell({ severity: "error", ...tooDeep(patch.place) });
  return undefined;
}

type Encoded = string | Encoded[] | { [key: string]: Encoded };
type Done = { readonly document: Encoded } | { readonly fault: string };

/**
 * The document after one operation, or the reason why it cannot be done. The document that was handed in is changed
 * and must not be used again.
 */
function applyOne(document: Encoded, item: Node, parts: Parts): Done {
  const operation = encodeOperation(item, parts);
  const { path } = operation;
  if (operation.op === "test") {
    const isHere = isSame(find(document, path), operation.value as Encoded, parts);
    return isHere ? { document } : { fault: "the value there is another one" };
  }
  if (operation.op !== "move" && operation.op !== "copy") return change(document, operation);
  const value = find(document, operation.from);
  if (value === undefined) return { fault: "there is nothing at `from`" };
  if (operation.op === "move") {
    const rest = change(document, { op: "remove", path: operation.from });
    return "fault" in rest ? rest : change(rest.document, { op: "add", path, value });
  }
  const copy = copyOf(value, parts, 0);
  if (parts.copied > maxCopied) return { fault: "its copies are so many that it cannot be meant" };
  return change(document, { op: "add", path, value: copy });
}

/**
 * Does one operation with the library, which checks the operation and the way to its target. Names that reach a
 * prototype are refused. For `move` and `copy` the library would copy the whole document, so these two are composed
 * of other operations.
 */
function change(document: Encoded, operation: Operation): Done {
  try {
    const { newDocument } = jsonpatch.applyOperation(document as object, operation, true, true, true);
    return newDocument === null
      ? { fault: "it takes the whole file away" }
      : { document: newDocument as Encoded };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    return { fault: reasons[name] ?? "there is nothing at its path" };
  }
}

function find(document: Encoded, pointer: string): Encoded | undefined {
  if (pointer !== "" && !pointer.startsWith("/")) return undefined;
  try {
    return jsonpatch.getValueByPointer(document, pointer) as Encoded | undefined;
  } catch {
    // The document has no such place.
    return undefined;
  }
}

/** By the name of the library's error, what is wrong with an operation. */
const reasons: { readonly [name: string]: string } = {
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

function encodeOperation(item: Node, parts: Parts): Operation {
  const text = (member: string): string => textOf(memberOf(item, member)) ?? "";
  const value = memberOf(item, "value");
  const operation = {
    op: text("op"),
    path: text("path"),
    from: text("from"),
    ...(value && { value: encode(value, parts) }),
  };
  return operation as Operation;
}

function tellFault(item: Node, index: number, why: string, tell: Tell): void {
  tell({
    code: "overlay-patch",
    severity: "error",
    message: `Operation ${index + 1} of the overlay cannot be done: ${why}.`,
    remedy:
      "Paths are JSON Pointers into the file with the operations before this one done; lists count from 0.",
    place: memberOf(item, "path")?.place ?? item.place,
  });
}

/**
 * What stands outside of the encoded document: scalars by number, the nodes that mappings and lists were made from,
 * and how many parts were copied.
 */
type Parts = { readonly scalars: ScalarNode[]; readonly origins: WeakMap<object, Node>; copied: number };

function encode(node: Node, parts: Parts): Encoded {
  if (node.is === "scalar") return String(parts.scalars.push(node) - 1);
  const encoded = node.is === "list" ? node.items.map((item) => encode(item, parts)) : encodeMap(node, parts);
  parts.origins.set(encoded, node);
  return encoded;
}

/** A mapping as an object without a prototype, so that `__proto__` is a key like any other. */
function encodeMap(node: MapNode, parts: Parts): { [key: string]: Encoded } {
  const encoded = Object.create(null) as { [key: string]: Encoded };
  for (const { key, value } of node.entries.values()) encoded[key] = encode(value, parts);
  return encoded;
}

/**
 * The node of an encoded part. A mapping or list that was copied has no place of its own and gets that of the part
 * around it.
 */
function decode(encoded: Encoded, parts: Parts, around: Place): Node {
  if (typeof encoded === "string") return parts.scalars[Number(encoded)]!;
  const origin = parts.origins.get(encoded);
  const place = origin?.place ?? around;
  if (Array.isArray(encoded)) {
    const items = encoded.map((item) => decode(item, parts, place));
    return { is: "list", items, place, weight: weigh(items) };
  }
  const entries = Object.entries(encoded).map(([key, member]): [string, Entry] => {
    const value = decode(member, parts, place);
    const before = origin?.is === "map" ? origin.entries.get(key) : undefined;
    // A value that an operation set, and its key, have their place in the patch.
    const isMoved = before?.value.place.source !== value.place.source;
    return [key, { key, keyPlace: before && !isMoved ? before.keyPlace : value.place, value }];
  });
  return {
    is: "map",
    entries: new Map(entries),
    place,
    weight: weigh(entries.map(([, { value }]) => value)),
  };
}

/** A copy of a mapping or list, without the node that it was made from: its place will be that of the part around it. */
function copyOf(encoded: Encoded, parts: Parts, depth: number): Encoded {
  parts.copied += depth > maxDepth ? maxCopied : 1;
  if (parts.copied > maxCopied || typeof encoded === "string") return encoded;
  if (Array.isArray(encoded)) return encoded.map((item) => copyOf(item, parts, depth + 1));
  const copy = Object.create(null) as { [key: string]: Encoded };
  for (const [key, member] of Object.entries(encoded)) copy[key] = copyOf(member, parts, depth + 1);
  return copy;
}

function isSame(a: Encoded | undefined, b: Encoded | undefined, parts: Parts): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === "string" || typeof b === "string") {
    const value = (part: Encoded) => (typeof part === "string" ? parts.scalars[Number(part)]?.value : part);
    return value(a) === value(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSame(item, b[index], parts));
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key], b[key], parts));
}

function isTooDeep(encoded: Encoded, depth: number): boolean {
  if (typeof encoded === "string") return false;
  if (depth >= maxDepth) return true;
  return Object.values(encoded).some((member) => isTooDeep(member, depth + 1));
}

function weigh(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.weight, 1);
}
