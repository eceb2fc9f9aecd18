import jsonpatch, { type Operation } from "fast-json-patch";
import { canonical } from "../core/json.ts";
import {
  memberOf,
  textOf,
  toJson,
  type Entry,
  type ListNode,
  type MapNode,
  type Node,
  type ScalarNode,
} from "./node.ts";
import type { Tell } from "./remark.ts";
import type { Place } from "./source.ts";

/**
 * RFC 6902 on a file whose every part knows its place. The library walks plain values, so mappings and lists go through it
 * as they are and each scalar as the number of a node in a table: a text, which can be copied and cannot be walked into.
 */
export function applyJsonPatch(base: Node, patch: ListNode, tell: Tell): Node | undefined {
  const parts: Parts = { scalars: [], origins: new WeakMap() };
  let document = encode(base, parts);
  for (const [index, item] of patch.items.entries()) {
    const fault = describeShape(item);
    const done = fault === undefined ? applyOne(document, item, parts) : { fault };
    if ("fault" in done) {
      tellFault(item, index, done.fault, tell);
      return undefined;
    }
    document = done.document;
  }
  return decode(document, parts, base.place);
}

type Encoded = string | Encoded[] | { [key: string]: Encoded };
type Done = { readonly document: Encoded } | { readonly fault: string };

/** The document after one operation, or why it cannot be done. The document given is used up. */
function applyOne(document: Encoded, item: Node, parts: Parts): Done {
  const operation = encodeOperation(item, parts);
  try {
    if (operation.op === "test") {
      const found = jsonpatch.getValueByPointer(document, operation.path) as Encoded | undefined;
      const isHere = found !== undefined && isSame(found, operation.value as Encoded, parts, item.place);
      return isHere ? { document } : { fault: "the value there is another one" };
    }
    // Checks the operation and the way to its target; names that reach a prototype are refused.
    const { newDocument } = jsonpatch.applyOperation(document as object, operation, true, true, true);
    return newDocument === null
      ? { fault: "it takes the whole file away" }
      : { document: newDocument as Encoded };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    return { fault: reasons[name] ?? "there is nothing at its path" };
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

/** Scalars by number, and the nodes that mappings and lists were made from. */
type Parts = { readonly scalars: ScalarNode[]; readonly origins: WeakMap<object, Node> };

function encode(node: Node, parts: Parts): Encoded {
  if (node.is === "scalar") return String(parts.scalars.push(node) - 1);
  const encoded = node.is === "list" ? node.items.map((item) => encode(item, parts)) : encodeMap(node, parts);
  parts.origins.set(encoded, node);
  return encoded;
}

/** Without a prototype, so that a key called `__proto__` is a key. */
function encodeMap(node: MapNode, parts: Parts): { [key: string]: Encoded } {
  const encoded = Object.create(null) as { [key: string]: Encoded };
  for (const { key, value } of node.entries.values()) encoded[key] = encode(value, parts);
  return encoded;
}

/** A mapping or list that was copied has lost its origin: it is shown where the one around it stands. */
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
    // What an operation set is shown where the operation says so, its key as well.
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

function isSame(a: Encoded, b: Encoded, parts: Parts, around: Place): boolean {
  return canonical(toJson(decode(a, parts, around))) === canonical(toJson(decode(b, parts, around)));
}

function weigh(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.weight, 1);
}
