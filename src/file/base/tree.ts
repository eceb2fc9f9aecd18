import type { Entry, ListNode, MapNode, Node, ScalarNode } from "./node.ts";
import type { Tell } from "./remark.ts";
import type { OpenSource, Place } from "./source.ts";

/** The most nodes that aliases may add to those that are written. A file that needs more is made to exhaust its reader. */
const maxAliasWeight = 100_000;
/** The most levels of nesting. Nothing in the format needs so many. */
export const maxDepth = 64;

/**
 * The most values that a text of this length may hold: half a million, and no more than one in six characters once
 * there are many. A real file has one in fifteen; a file of commas alone would take more than a second for each
 * megabyte.
 */
function countValuesIn(length: number): number {
  return Math.max(50_000, Math.min(500_000, Math.floor(length / 6)));
}

/** A mapping that is still being read. Where it began after a fault, nothing is told about its keys. */
export type OpenMap = {
  readonly entries: Map<string, Entry>;
  readonly merged: MapNode[];
  readonly isSilent: boolean;
};

/** A key as it stands in the file. `isMerge`: it is a plain `<<`. */
export type Key = { readonly text: string; readonly place: Place; readonly isMerge: boolean };

/**
 * Makes the nodes of one document for either of the two readers: resolves anchors, merges `<<` and tells duplicate
 * keys. It is used for one document. Once it `failed`, its nodes serve only to read on to the end and find further
 * faults.
 */
export class Tree {
  readonly #source: OpenSource;
  readonly #tell: Tell;
  readonly #anchors = new Map<string, Node | "open">();
  #aliasWeight = 0;
  #failed = false;
  #values = 0;
  /** The most values that the document may hold. */
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

  /**
   * A scalar, with the value that YAML resolves its text to. `.inf` and `.nan` cannot stand in JSON and are not meant
   * as numbers, so they stay texts.
   */
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

  /** The mapping with all its entries: its own keys win over merged ones, and earlier merges over later ones. */
  closeMap({ entries, merged }: OpenMap, place: Place): MapNode {
    for (const map of merged)
      for (const entry of map.entries.values()) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    this.#values += 1;
    let weight = 1;
    for (const entry of entries.values()) weight += entry.value.weight;
    return { is: "map", entries, place, weight };
  }

  /**
   * Begins an anchor. Until `closeAnchor`, an alias of its name would stand inside of what it stands for, which is a
   * fault.
   */
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

/** A fault of the document that the YAML library does not find. */
export type TreeFault = {
  readonly code: "yaml-duplicate-key" | "yaml-merge" | "yaml-alias" | "yaml-key" | "yaml-too-deep";
  readonly message: string;
  readonly remedy: string;
  readonly place: Place;
};

/** The fault of a document that is nested too deep. */
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
