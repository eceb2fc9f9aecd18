import type { Json, JsonObject } from "../../core/base/json.ts";
import type { Place } from "./source.ts";

/**
 * The parsed file, every part with its place. Aliases share one node and merge keys are already merged, so readers see
 * plain maps, lists and scalars. `weight` is the number of nodes below and including this one, shared ones counted as
 * often as they are used.
 */
export type Node = ScalarNode | ListNode | MapNode;

export type ScalarNode = {
  readonly is: "scalar";
  readonly value: null | boolean | number | string;
  /** What was written, quotes and folding undone: `True`, `3.10` and `08` are texts here whatever `value` became. */
  readonly text: string;
  readonly place: Place;
  readonly weight: 1;
};

export type ListNode = {
  readonly is: "list";
  readonly items: readonly Node[];
  readonly place: Place;
  readonly weight: number;
};

export type MapNode = {
  readonly is: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
  readonly weight: number;
};

export type Entry = { readonly key: string; readonly keyPlace: Place; readonly value: Node };

export function memberOf(node: Node | undefined, key: string): Node | undefined {
  return node?.is === "map" ? node.entries.get(key)?.value : undefined;
}

export function keyPlaceOf(node: Node, key: string): Place {
  return (node.is === "map" ? node.entries.get(key)?.keyPlace : undefined) ?? node.place;
}

export function isNull(node: Node | undefined): boolean {
  return node?.is === "scalar" && node.value === null;
}

/** Text of a scalar that is not null. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.is === "scalar" && node.value !== null ? node.text : undefined;
}

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
    // An assignment would set the prototype.
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

/** The node at a JSON pointer's segments, or the last one on the way that exists. */
export function nodeAt(node: Node, segments: readonly string[]): Node {
  let here = node;
  for (const segment of segments) {
    const next = here.is === "list" ? here.items[Number(segment)] : memberOf(here, segment);
    if (!next) return here;
    here = next;
  }
  return here;
}

export function describeNode(node: Node): string {
  if (node.is === "list") return "a list";
  if (node.is === "map") return "a mapping";
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? "text" : `the ${typeof node.value} ${node.text}`;
}
