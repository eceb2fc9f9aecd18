import type { Entry, ListNode, MapNode, Node, ScalarNode } from "./node.ts";
import type { Tell } from "./remark.ts";
import type { OpenSource, Place } from "./source.ts";

/** Nodes that aliases may add to what is written; a file that needs more is not meant to be read. */
const maxAliasWeight = 100_000;
/** Nothing in the format needs more levels than this. */
export const maxDepth = 64;

/**
 * Far above any real file: at most half a million values, and no more than one in six characters once there are many. A real
 * file has one in fifteen; one of nothing but commas would take more than a second for each megabyte.
 */
function countValuesIn(length: number): number {
  return Math.max(50_000, Math.min(500_000, Math.floor(length / 6)));
}

/** A mapping that is still being read. One that began after a fault says nothing about its own keys. */
export type OpenMap = {
  readonly entries: Map<string, Entry>;
  readonly merged: MapNode[];
  readonly isSilent: boolean;
};

/** A key as it stands in the file; `isMerge`: a plain `<<`. */
export type Key = { readonly text: string; readonly place: Place; readonly isMerge: boolean };

/**
 * Makes the nodes of one document, whoever reads it: resolves anchors, merges `<<` and tells duplicate keys. It lives as long
 * as the document is read. Once it `failed`, what it makes is good for nothing but going on to the end.
 */
export class Tree {
  readonly #source: OpenSource;
  readonly #tell: Tell;
  readonly #anchors = new Map<string, Node | "open">();
  #aliasWeight = 0;
  #failed = false;
  #values = 0;
  /** More values than anybody means. */
  readonly mostValues: number;

  constructor(source: OpenSource, tell: Tell) {
    this.#source = source;
    this.mostValues = countValuesIn(source.text.length);
    this.#tell = tell;
  }

  get failed(): boolean {
    return this.#failed;
  }

  get isFull(): boolean {
    return this.#values > this.mostValues;
  }

  place(start: number, end: number): Place {
    return { source: this.#source, start, end: Math.max(start, end) };
  }

  /** `value` as YAML resolves the text. `.inf` and `.nan` are no JSON; nobody means them, so they stay the text that was written. */
  scalar(value: unknown, text: string, place: Place): ScalarNode {
    this.#values += 1;
    if (value === null || value === undefined) return { is: "scalar", value: null, text, place, weight: 1 };
    if (typeof value === "string") return { is: "scalar", value, text: value, place, weight: 1 };
    const isJson = typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
    return { is: "scalar", value: isJson ? value : text, text, place, weight: 1 };
  }

  nothing(place: Place): ScalarNode {
    this.#values += 1;
    return { is: "scalar", value: null, text: "", place, weight: 1 };
  }

  list(items: readonly Node[], place: Place): ListNode {
    this.#values += 1;
    let weight = 1;
    for (const item of items) weight += item.weight;
    return { is: "list", items, place, weight };
  }

  openMap(): OpenMap {
    return { entries: new Map(), merged: [], isSilent: this.#failed };
  }

  addEntry(map: OpenMap, key: Key, value: Node): void {
    if (map.isSilent) return;
    if (key.isMerge) map.merged.push(...this.#readMerge(value));
    else if (map.entries.has(key.text)) {
      this.fail({
        code: "yaml-duplicate-key",
        message: `The key ${key.text} is here twice in one mapping.`,
        remedy: "Keep one of the two.",
        place: key.place,
      });
    } else map.entries.set(key.text, { key: key.text, keyPlace: key.place, value });
  }

  /** Earlier merges win over later ones, the map's own keys over all. */
  closeMap({ entries, merged }: OpenMap, place: Place): MapNode {
    for (const map of merged)
      for (const entry of map.entries.values()) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    this.#values += 1;
    let weight = 1;
    for (const entry of entries.values()) weight += entry.value.weight;
    return { is: "map", entries, place, weight };
  }

  /** From here to `closeAnchor`, an alias of this name would stand inside its own anchor. */
  openAnchor(name: string): void {
    this.#anchors.set(name, "open");
  }

  closeAnchor(name: string, node: Node): void {
    this.#anchors.set(name, node);
  }

  alias(name: string, place: Place): Node {
    this.#values += 1;
    if (this.#failed) return this.nothing(place);
    const target = this.#anchors.get(name);
    if (target !== undefined && target !== "open") {
      this.#aliasWeight += target.weight;
      if (this.#aliasWeight <= maxAliasWeight) return target;
    }
    this.fail({ ...aliasFault(name, target), place });
    return this.nothing(place);
  }

  fail(fault: TreeFault): void {
    this.#failed = true;
    this.#tell({ severity: "error", ...fault });
  }

  #readMerge(value: Node): readonly MapNode[] {
    const maps = value.is === "list" ? value.items : [value];
    const usable = maps.filter((map) => map.is === "map");
    if (usable.length < maps.length) {
      this.fail({
        code: "yaml-merge",
        message: "`<<` merges mappings, and this is not one.",
        remedy: "Point it at an anchor of a mapping, as in `<<: *defaults`.",
        place: value.place,
      });
    }
    return usable;
  }
}

export type TreeFault = {
  readonly code: "yaml-duplicate-key" | "yaml-merge" | "yaml-alias" | "yaml-key" | "yaml-too-deep";
  readonly message: string;
  readonly remedy: string;
  readonly place: Place;
};

export function tooDeep(place: Place): TreeFault {
  return {
    code: "yaml-too-deep",
    message: `The file is nested more than ${maxDepth} levels deep.`,
    remedy: "Nothing in this format needs that; remove the nesting.",
    place,
  };
}

function aliasFault(name: string, target: Node | "open" | undefined): Omit<TreeFault, "place"> {
  if (target === undefined) {
    return {
      code: "yaml-alias",
      message: `There is no anchor &${name} before this alias.`,
      remedy: "Define the anchor first, or correct its name.",
    };
  }
  if (target === "open") {
    return {
      code: "yaml-alias",
      message: `The alias *${name} stands inside its own anchor.`,
      remedy: "Move the alias out of it.",
    };
  }
  return {
    code: "yaml-alias",
    message: "Aliases repeat so much here that the file cannot be meant.",
    remedy: "Write the content out, or use fewer aliases.",
  };
}
