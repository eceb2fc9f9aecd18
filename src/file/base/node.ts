import type { Json, JsonObject } from "../../core/base/json.ts";
import type { Place } from "./source.ts";

/**
 * A part of the parsed file, with its place. Aliases share one node and merge keys are merged already, so that
 * readers see plain mappings, lists and scalars. `weight`: the number of nodes in it, itself included; a shared one
 * counts as often as it is used.
 */
export type Node = ScalarNode | ListNode | MapNode;

/** A text, number, boolean or null. */
export type ScalarNode = {
  readonly is: "scalar";
  readonly value: null | boolean | number | string;
  /**
   * The text as it was written, without quotes and folds: `True`, `3.10` and `08` are texts here, whatever `value`
   * became.
   */
  readonly text: string;
  readonly place: Place;
  readonly weight: 1;
};

/** A list of nodes. */
export type ListNode = {
  readonly is: "list";
  readonly items: readonly Node[];
  readonly place: Place;
  readonly weight: number;
};

/** A mapping; its entries are in the order of the file. */
export type MapNode = {
  readonly is: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
  readonly weight: number;
};

/** One entry of a mapping. */
export type Entry = { readonly key: string; readonly keyPlace: Place; readonly value: Node };

/** The value of a key; `undefined` where the node has no such key, or is no mapping. */
export function memberOf(node: Node | undefined, key: string): Node | undefined {
  return node?.is === "map" ? node.entries.get(key)?.value : undefined;
}

/** The place of a key; of the node itself where it has no such key. */
export function keyPlaceOf(node: Node, key: string): Place {
  return (node.is === "map" ? node.entries.get(key)?.keyPlace : undefined) ?? node.place;
}

/** Whether a node is there and holds null. */
export function isNull(node: Node | undefined): boolean {
  return node?.is === "scalar" && node.value === null;
}

/** The text of a scalar that is not null; `undefined` for all else. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.is === "scalar" && node.value !== null ? node.text : undefined;
}

/** The node as JSON. */
export function toJson(node: Node): Json {
  switch (node.is) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map((item) => toJson(item));
    case "map":
      return mapToJson(node);
    default:
      return node satisfies never;
  }
}

function mapToJson({ entries }: MapNode): JsonObject {
  const object: { [key: string]: Json } = {};
  for (const { key, value } of entries.values()) {
    // `defineProperty` and not an assignment, which would set the prototype for the key `__proto__`.
    const json = toJson(value);
    if (key === "__proto__")
      Object.defineProperty(object, key, {
        value: json,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else object[key] = json;
  }
  return object;
}

/** The node that the segments of a JSON Pointer lead to. Where the way ends early, the last node on it. */
export function nodeAt(node: Node, segments: readonly string[]): Node {
  let here = node;
  for (const segment of segments) {
    const next = here.is === "list" ? here.items[Number(segment)] : memberOf(here, segment);
    if (!next) return here;
    here = next;
  }
  return here;
}

/** The sort of a node for a message: "a list", "text", "the number 5". */
export function describeNode(node: Node): string {
  if (node.is === "list") return "a list";
  if (node.is === "map") return "a mapping";
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? "text" : `the ${typeof node.value} ${node.text}`;
}
